"""Adding a person from the command line: the first administrator, before anybody can sign in."""

from triage import database
from triage.database import transaction
from triage.people import service
from triage.people.schemas import PersonForm


async def add(form: PersonForm) -> str:
    """Add the person; the link with which they choose a password. Raises Invalid, Conflict."""
    try:
        async with transaction() as session:
            return (await service.add(session, None, form)).address
    finally:
        await database.close()
