"""Reads `{"bins": [{"type", "collectionDate"}]}`. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.feeds import stream_of

MOST_ROWS = 1000


def days_of(content: Any, streams: Mapping[str, str], date_format: str) -> dict[str, list[date]]:
    """Each stream's days. Raises AnswerUnreadable."""
    rows = content.get("bins") if isinstance(content, Mapping) else None
    if not isinstance(rows, list):
        raise AnswerUnreadable("The feed gave no bins.")
    found: dict[str, list[date]] = {}
    for row in rows[:MOST_ROWS]:
        if not isinstance(row, Mapping) or not isinstance(row.get("type"), str):
            raise AnswerUnreadable("The feed gave a bin without its type.")
        try:
            day = datetime.strptime(str(row.get("collectionDate")), date_format).date()  # noqa: DTZ007 (a day)
        except ValueError:
            raise AnswerUnreadable("The feed gave a day that is none.") from None
        if stream := stream_of(row["type"], streams):
            found.setdefault(stream, []).append(day)
    return found
