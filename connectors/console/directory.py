"""Made-up community services."""

from connectors.console.settings import Settings
from connectors.shapes import CommunityService, Directory

SERVICES = tuple(
    CommunityService(f"demo-{number}", f"Demonstration {name}", about, "demonstration data, not a real service")
    for number, (name, about) in enumerate(
        (
            ("lunch club", "A warm meal and company every Tuesday"),
            ("food bank", "Food for people who cannot buy it, by referral"),
            ("carers' group", "Tea and advice for people who care for somebody"),
        ),
        1,
    )
)


class ConsoleDirectory:
    """Finds those whose name or description has a word of the search in it."""

    def __init__(self, settings: Settings | None = None) -> None:
        pass

    async def search(self, text: str, postcode: str | None = None, page: int = 1) -> Directory:
        """See connectors.kinds.CommunityDirectory.search."""
        words = [word for word in text.lower().split() if len(word) > 3]
        fitting = [one for one in SERVICES if any(word in f"{one.name} {one.about}".lower() for word in words)]
        return Directory(tuple(fitting) if page == 1 else (), more=False)

    async def service(self, service: str) -> CommunityService | None:
        """See connectors.kinds.CommunityDirectory.service."""
        return next((one for one in SERVICES if one.id == service), None)
