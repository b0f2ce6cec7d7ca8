"""Somebody rings about a contact that they have: what is done with what they say, and how its line is known. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from triage.errors import Conflict, Invalid

# In the detail of the line that keeps their words: that it came by phone, and what it was. These are words of our own
# code: they stay when the resident's are erased, so that a call is counted as it was.
CHANNEL, PHONE, KIND = "channel", "phone", "kind"
# What an agent chooses.
ADDS, NOT_SETTLED = "adds", "not_settled"
# What it was: about an open contact, by whoever was waiting for us, or for whom we were waiting; about a closed one,
# which is opened again, or stays closed.
CHASES, ANSWERS, COMES_BACK, AFTERWARDS = "chases", "answers", "comes_back", "afterwards"
# Why the clocks went on.
RESUMED = "the resident has rung"

CLOSED_SINCE = (
    "This was closed after you had opened it. Load it again, and say whether the caller adds to it or says that it is "
    "not settled."
)
CHOOSE = "Choose what the caller says: that they add to it, or that it is not settled."


@dataclass(frozen=True)
class Rang:
    """A call about a contact, which an agent wrote down. `does`: ADDS or NOT_SETTLED, which of an open contact is the
    same. `saw_open`: the contact was open when the agent began to write."""

    agent_id: UUID
    does: str = ADDS
    saw_open: bool = True


def opens_again(rang: Rang, *, closed: bool, in_danger: bool) -> bool:
    """Whether the contact, as it stands now, is opened again by what the caller says.

    Whoever tells of a danger opens it, whatever was chosen: nobody looks at what is closed. Raises Conflict when it was
    closed meanwhile, because then nobody would read what was meant for whoever had it; Invalid when nothing was chosen.
    """
    if not closed:
        return False
    if in_danger or rang.does == NOT_SETTLED:
        return True
    if rang.saw_open:
        raise Conflict(CLOSED_SINCE)
    if rang.does != ADDS:
        raise Invalid(CHOOSE)
    return False


def kind_of(*, closed: bool, opens: bool, asked: bool) -> str:
    """What a call was. `closed`: the contact was, before the call; `asked`: we waited for an answer of theirs."""
    if closed:
        return COMES_BACK if opens else AFTERWARDS
    return ANSWERS if asked else CHASES


def by_phone(detail: Mapping[str, Any]) -> bool:
    """Whether a line that keeps a resident's words was said by phone."""
    return detail.get(CHANNEL) == PHONE
