"""A supplier's texts and times as they can be kept: the database has no zero character, and no year 0."""

from datetime import UTC, datetime, tzinfo


def words(value: object) -> str:
    """A text without its zero characters; nothing for None."""
    return "" if value is None else str(value).replace("\x00", "")


def moment(text: object, zone: tzinfo | None = None) -> datetime | None:
    """A moment as ISO 8601 writes it; None for what is none. Without a zone it is in `zone`, or none either."""
    try:
        found = datetime.fromisoformat(str(text))
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        # What a time zone moves out of the calendar is no moment.
        found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else None
