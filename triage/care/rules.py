"""How a resident is told of a change, or why they are not. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from triage import reaching
from triage.tables import Contact

# Why a notice was not sent, or failed, as a supervisor reads it.
WHY = {
    "unsafe": "They said that it is not safe to contact them.",
    "safety_unknown": "Nobody has said that it is safe to contact them.",
    "not_agreed": "They did not agree to messages.",
    "no_address": "They left no email address or mobile number.",
    "not_begun": "It went back to its queue before anybody had opened it.",
    "told_already": "They were told so already.",
    "demo": "It is a demonstration.",
    "too_many": "More new contacts named this address within a day than one person has.",
    "refused": "The address does not take our messages.",
    "gave_up": "It could not be sent, though we tried for a day.",
    "not_delivered": "It was sent, and could not be delivered to that address.",
    "unsure": "We tried for a day, and were not told whether it was sent.",
}
# The chat's own steps and forms say these by themselves, to whoever waits or talks there about this contact...
SAYS_ITSELF = frozenset({"received", "asked", "answered", "reopened"})
# ... and these to whoever came to it for this contact.
SAYS_ITSELF_LIVE = frozenset({"taken", "passed_on"})
# Who wrote as lately as this is taken to be looking at the chat, unless their page is known to have closed since.
LOOKING = timedelta(minutes=15)

# Anybody may type anybody's address with what they leave. So many contacts a day may begin to write to one address;
# about those after them nothing is sent: whoever left them has their page.
MOST_NEW, NEW_WITHIN = 5, timedelta(days=1)

# A supplier that is away is tried again after so long, and twice as long each time, up to the longest; it may be away
# for hours (PROMISES 8).
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
# About a day of tries.
MOST_TRIES = 100
# What could not be delivered for now (a phone that was off, an inbox that was full) is sent again after so long, while
# it is not older than this: news of last week is none.
AGAIN_AFTER, NEWS = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Talk:
    """The conversation that a contact came from. `about_this`: it is about this contact now; `there`: its resident
    looks at it (is_there); `unsafe`: they said in it that it is not safe to contact them."""

    ended: bool
    about_this: bool
    there: bool
    unsafe: bool


@dataclass(frozen=True)
class Way:
    """How somebody is told: `channel` chat or message, or None and `why`. `says_itself`: the chat has said it."""

    channel: str | None
    why: str | None = None
    says_itself: bool = False


def is_there(wrote: datetime | None, here_until: datetime | None, now: datetime) -> bool:
    """Whether a resident looks at the chat. `here_until`: their page is, or was, known to be open until then."""
    if here_until is not None and here_until > now:
        return True
    closed_since = here_until is not None and (wrote is None or here_until >= wrote)
    return not closed_since and wrote is not None and wrote > now - LOOKING


def why_no_message(contact: Contact, talk: Talk | None, unsafe_elsewhere: bool) -> str | None:
    """Why no message may be sent about this contact; None when one may.

    Where it is not safe, or a danger was seen and nobody has said that it is, nothing goes out, whatever was agreed.
    """
    return reaching.why_no_message(contact, unsafe_elsewhere or (talk is not None and talk.unsafe))


def way_to_tell(
    contact: Contact,
    kind: str,
    talk: Talk | None,
    unsafe_elsewhere: bool,
    told_already: bool,
    by_phone: bool = False,
) -> Way:
    """In the chat if the resident is there; else by message if they agreed and it is safe; else in the chat if it is
    open, for when they come back; else not at all, for a reason. They can always look at the contact's page.

    `by_phone`: it came of a call, of which no chat has said anything.
    """
    if told_already:
        return Way(None, "told_already")
    why = why_no_message(contact, talk, unsafe_elsewhere)
    if talk is not None and (talk.there or why):
        itself = (
            (kind in SAYS_ITSELF and not by_phone)
            or (talk.about_this and contact.live and kind in SAYS_ITSELF_LIVE)
            or (talk.about_this and kind == "closed")
        )
        if itself or not talk.ended:
            return Way("chat", says_itself=itself)
    return Way(None, why) if why else Way("message")


def wait_after(attempts: int) -> timedelta:
    """How long to wait after the `attempts`th try that failed."""
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
