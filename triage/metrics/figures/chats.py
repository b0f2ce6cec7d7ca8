"""How chats with the assistant ended."""

from triage.metrics.counting.measures import CHAT, CHAT_ENDS, CONTAINED, NOT_COUNTED
from triage.metrics.figures.arithmetic import Parts, share
from triage.metrics.figures.shapes import Counts, Definition, Value

WORDS = {
    "empty": "nobody wrote, or under 5 seconds (left out)",
    "going_on": "not over yet (left out)",
    "person": "handed to a person",
    "came_back": "came back in the chat on a later day",
    "contact": "sent a form or left a message",
    "error": "we could not answer",
    "abandoned": "left in the middle",
    "said_no": "nothing left to do, and the resident says no",
    "said_yes": "nothing left to do, and the resident says yes or in part",
    "settled": "nothing left to do, and the resident did not say",
}


def _ends(counts: Counts) -> tuple[int, Parts]:
    """How many chats there were, without the empty ones, and how each ended."""
    found = counts.levels(CHAT)
    parts = tuple((WORDS[end], found.get(end, 0)) for end in CHAT_ENDS)
    return sum(n for end, n in found.items() if end not in NOT_COUNTED), parts


def containment(counts: Counts) -> Value:
    """(said yes + settled) ÷ all chats but the empty ones."""
    n, parts = _ends(counts)
    return share(counts.one(CHAT, *CONTAINED), n, parts)


def abandonment(counts: Counts) -> Value:
    """Abandoned ÷ all chats but the empty ones."""
    n, parts = _ends(counts)
    return share(counts.one(CHAT, "abandoned"), n, parts)


def completion(counts: Counts) -> Value:
    """All but the abandoned and the failed ÷ all chats but the empty ones."""
    n, parts = _ends(counts)
    return share(n - counts.one(CHAT, "abandoned", "error"), n, parts)


def handovers(counts: Counts) -> Value:
    """Handed to a person ÷ all chats but the empty ones."""
    n, parts = _ends(counts)
    return share(counts.one(CHAT, "person"), n, parts)


_OF = "chats that began in the period, are over, and in which somebody wrote, without those of under 5 seconds"

DEFINITIONS = (
    Definition(
        id="containment",
        name="Settled by the assistant",
        sentence="Of the chats in which somebody wrote, how many the assistant settled: no person, nothing left for "
        "anybody to do, not left in the middle, and the same resident not back within 14 days.",
        numerator="chats that were settled, without those whose resident says that they did not get what they came for",
        denominator=_OF,
        unit="share",
        better="neither",
        source="Known as containment. Most published figures count only that no person came; this one asks for more",
        caveat="A resident who comes back is seen in the same chat, or in the survey. One who phones instead and says "
        "nothing of the chat is not, so the true share is lower. It is never a goal: a person is one press away.",
        measures=(CHAT,),
        figure=containment,
        settles_after_days=14,
        side_by=("service", "partner"),
    ),
    Definition(
        id="abandonment",
        name="Chats left in the middle",
        sentence="Of the chats in which somebody wrote, how many stopped in a form, or at a message not understood.",
        numerator="chats that stopped there, without a contact, a person or a goodbye",
        denominator=_OF,
        unit="share",
        better="lower",
        source="Known as abandonment; chats of under 5 seconds are left out",
        caveat="Somebody who found what they wanted in the middle of a form is counted as well, even one who says so "
        "when we ask.",
        measures=(CHAT,),
        figure=abandonment,
        settles_after_days=14,
        side_by=("service", "partner"),
    ),
    Definition(
        id="completion",
        name="Chats that came to an end",
        sentence="Of the chats in which somebody wrote, how many came to an answer, a form that was sent, or a person.",
        numerator="all of those chats but the ones left in the middle, or in which we could not answer",
        denominator=_OF,
        unit="share",
        better="higher",
        source="GOV.UK: completion rate",
        caveat="It says nothing of whether the answer helped: read it beside satisfaction.",
        measures=(CHAT,),
        figure=completion,
        settles_after_days=14,
        side_by=("service", "partner"),
    ),
    Definition(
        id="handovers",
        name="Chats handed to a person",
        sentence="Of the chats in which somebody wrote, how many went to a person.",
        numerator="chats that an agent joined, or that left a contact without a form having been filled in",
        denominator=_OF,
        unit="share",
        better="neither",
        source="Ours",
        caveat="Also those who left the line again, and those who were handed over because of a danger.",
        measures=(CHAT,),
        figure=handovers,
        settles_after_days=14,
        side_by=("service", "partner"),
    ),
)
