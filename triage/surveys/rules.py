"""How something ended, who could be asked about it, and which answers count. Pure, and each with its reasons.

The population is everybody who used the service and whose use has ended, whatever the end: leaving out those who gave
up is how a satisfaction figure flatters (GDS Service Manual, "Measuring user satisfaction").
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from triage.clock import LONDON


@dataclass(frozen=True)
class Talk:
    """A conversation as its ending is judged. `contact`: none, left (as a message) or closed (in the chat).

    `away`: our last word was that we could not answer; `failed`: it was that we did not understand; `came_to`: the
    form.note that the last form about what was spoken of last came to, where nothing was filed.
    """

    said: bool
    contact: str = "none"
    away: bool = False
    form_open: bool = False
    failed: bool = False
    came_to: str | None = None


@dataclass(frozen=True)
class Ending:
    """How it ended: one of tables.survey.ENDINGS, and why we say so."""

    name: str
    reason: str


def ending_of_talk(talk: Talk, not_eligible_notes: Collection[str]) -> Ending:
    """How a conversation ended. What an agent did weighs more than what the assistant said last."""
    if not talk.said:
        return Ending("nothing_said", "Its resident said nothing.")
    if talk.contact == "closed":
        return Ending("closed", "An agent closed it in the chat.")
    if talk.contact == "left":
        return Ending("message_left", "A contact was left with us.")
    if talk.away:
        return Ending("error", "The last thing we said is that we could not answer.")
    if talk.came_to in not_eligible_notes:
        return Ending("not_eligible", f"The form came to {talk.came_to}: not likely, or not yet. It is completed.")
    if talk.form_open:
        return Ending("abandoned", "They left a form before its end.")
    if talk.failed:
        return Ending("abandoned", "They left after something that we did not understand.")
    return Ending("settled", "The last thing they asked was answered by the assistant.")


def ending_of_contact(merged: bool) -> Ending:
    """How a closed contact ended. Only a person closes one, so there is nothing to judge."""
    if merged:
        return Ending("merged", "It was made part of another, which is asked about.")
    return Ending("closed", "An agent closed it.")


@dataclass(frozen=True)
class Person:
    """Who would be asked, as far as we know. `way`: chat, message, or None when there is none.

    `asked_later`: they left a contact that is still open and are asked about the whole when it is closed.
    """

    sampled: bool
    way: str | None
    demo: bool = False
    staff: bool = False
    unsafe: bool = False
    never_again: bool = False
    asked_lately: bool = False
    asked_later: bool = False


@dataclass(frozen=True)
class Standing:
    """Whether somebody is one of those who could be asked, and why they are not asked (None: they are)."""

    eligible: bool
    why_not: str | None
    reason: str


def standing(ending: str, person: Person) -> Standing:
    """Who could be asked, and who is. The first reason that holds is the one on record."""
    if person.demo:
        return Standing(False, "test", "It is a test or a demonstration.")
    if person.staff:
        return Standing(False, "staff", "They work for us.")
    if ending == "merged":
        return Standing(False, "merged", "It is asked about as part of another.")
    if ending == "nothing_said":
        return Standing(False, "nothing_said", "There is nothing to ask about.")
    reasons = (
        (not person.sampled, "not_sampled", "They were not drawn when it began."),
        # Nobody who may be watched, and nobody in danger, is asked for a rating.
        (person.unsafe, "unsafe", "It may not be safe to ask them, or they were in danger."),
        (person.never_again, "never_again", "They asked us never to ask again."),
        (person.asked_later, "asked_later", "They are asked when what they left with us is closed."),
        (person.asked_lately, "asked_lately", "They were asked a short while ago."),
        (person.way is None and ending == "abandoned", "abandoned", "They left, and there is no way to ask them."),
        (person.way is None, "no_way_to_ask", "They are not in the chat, and agreed to no messages."),
    )
    for holds, why_not, reason in reasons:
        if holds:
            return Standing(True, why_not, reason)
    return Standing(True, None, "They are asked.")


@dataclass(frozen=True)
class Answering:
    """Where an answer comes from. `earlier`: the same person gave one that counts, a short while ago.

    `from_source`: how many that count came from the same network address in a day, and `from_source_in_all` over some
    weeks. `reached`: the link went to an address of theirs.
    """

    demo: bool = False
    staff: bool = False
    earlier: bool = False
    from_source: int = 0
    from_source_in_all: int = 0
    reached: bool = False


def excluded(answering: Answering, most_from_one_source: int, most_in_all: int) -> str | None:
    """Why an answer is kept and does not count; None when it does. What was said in it does not matter here.

    A few a day are many in a month, and a month of one service may have thirty answers: so there are two limits.
    """
    if answering.demo:
        return "test"
    if answering.staff:
        return "staff"
    if answering.earlier:
        return "duplicate"
    many = answering.from_source >= most_from_one_source or answering.from_source_in_all >= most_in_all
    if many and not answering.reached:
        return "flood"
    return None


def at_a_good_hour(moment: datetime, first: int, last: int) -> datetime:
    """The moment itself, or the next at which a message disturbs nobody: from `first` to before `last`, in London."""
    there = moment.astimezone(LONDON)
    if first <= there.hour < last:
        return moment
    day = there.date() if there.hour < first else there.date() + timedelta(days=1)
    return datetime.combine(day, time(first), LONDON)


# What stops a message, as reaching.why_no_message says it, as why a case has no answer.
WHY_NOT_OF = {
    "demo": "test",
    "unsafe": "unsafe",
    "safety_unknown": "unsafe",
    "not_agreed": "no_way_to_ask",
    "no_address": "no_way_to_ask",
    "too_many": "no_way_to_ask",
}
