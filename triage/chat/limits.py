"""How many conversations one address may begin."""

from datetime import timedelta

from triage import limits
from triage.database import transaction
from triage.settings import get_settings


async def count_conversation(address: str) -> None:
    """Count one more. Raises TooMany above the setting conversations_per_hour."""
    async with transaction() as session:
        most = get_settings().conversations_per_hour
        await limits.count(session, "conversation", address, most, timedelta(hours=1))
