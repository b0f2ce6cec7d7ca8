"""What addresses of the owner's pages may ask for, whichever page it is."""

from typing import Annotated

from fastapi import Depends, Query

from triage.errors import NotFound
from triage.metrics.room.schemas import View
from triage.settings import get_settings

NOBODYS = (
    "What is made up for the demonstration is nobody's work, so it is never shown under a partner's name. Choose all "
    "partners, or look at real figures."
)


def there_is(source: str) -> None:
    """Raises NotFound for the demonstration in production, where there is none."""
    if source == "demo" and get_settings().environment != "development":
        raise NotFound("There is no demonstration here.")


def possible(view: Annotated[View, Query()]) -> View:
    """The view of an address. Raises NotFound for made-up figures under a partner's name: no page leads there."""
    if view.nobodys:
        raise NotFound(NOBODYS)
    return view


def possible_table(view: View, table: str) -> None:
    """Raises NotFound for made-up figures side by side by partner."""
    if view.source == "demo" and table == "partner":
        raise NotFound(NOBODYS)


# The view that a page or a file is asked for.
Shown = Annotated[View, Depends(possible)]
