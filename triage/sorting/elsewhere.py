"""What is not the council's, and where its resident should go instead (FACTS section 1; data/services/not_ours_*)."""

from triage.catalogue import Catalogue

NOT_OURS = "not_ours_"


def where_to_go(known: Catalogue, service: str | None) -> tuple[str, ...]:
    """The reason that an agent reads and can pass on: whose it is, and the page to go to. Nothing for our own work.

    It is never refused by software: the contact waits for a person who says so kindly.
    """
    found = known.services.get(service or "")
    if found is None or not found.id.startswith(NOT_OURS):
        return ()
    source = known.source(found.answer.source, found.id) if found.answer.source else None
    where = f" Where to go: {source.name}, {source.url}." if source else ""
    return (f"{found.summary.rstrip('.')}.{where}",)
