"""To whom a contact is given by itself. Pure, with its reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Candidate:
    """Somebody at the desk who works the contact's queue. `room`: how many more they can be given."""

    id: UUID
    name: str
    has: int
    room: int
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Needs:
    """What a contact needs of its agent. `half_gone`: half of its first promise has passed.

    `had` are those who had it and were away, or did not open it: it is not given to them again.
    """

    skill: str | None = None
    language: str | None = None
    half_gone: bool = False
    had: frozenset[UUID] = frozenset()


@dataclass(frozen=True)
class Choice:
    """The agent, or None when it waits; why, in sentences a colleague reads."""

    agent_id: UUID | None
    reasons: tuple[str, ...]


def choose(needs: Needs, desk: Sequence[Candidate]) -> Choice:
    """Who is given the contact: of those with room and its skill and language, whoever has the fewest.

    A skill is needed always. A language is waited for while somebody who speaks it is at the desk and less than half
    of the first promise is gone; after that anybody may have it, but a speaker with room still comes first.
    """
    reasons = []
    able = [one for one in desk if one.id not in needs.had]
    if needs.skill is not None:
        able = [one for one in able if needs.skill in one.skills]
        if not able:
            return Choice(None, ("Nobody with the skill for this is at the desk.",))
        reasons.append("They have the skill for this.")
    if needs.language is not None:
        speakers = [one for one in able if needs.language in one.languages]
        free = [one for one in speakers if one.room]
        if free:
            able = free
            reasons.append("They speak the resident's language.")
        elif speakers and not needs.half_gone:
            return Choice(None, ("It waits for somebody who speaks the resident's language.",))
    able = [one for one in able if one.room]
    if not able:
        return Choice(None, ("Nobody at the desk has room.",))
    # The same order each time, so that two who look at once agree.
    best = min(able, key=lambda one: (one.has, str(one.id)))
    fewest = "They have no other contact." if best.has == 0 else f"They have the fewest contacts: {best.has}."
    return Choice(best.id, (*reasons, fewest))
