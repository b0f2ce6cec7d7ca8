"""What a resident sent, checked, and what it means: words they typed, a choice they pressed, or a button of a page."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import codes
from triage.catalogue import catalogue
from triage.chat import repository
from triage.chat.engine import Words
from triage.errors import EmptyMessage, MessageTooLong, OutOfRange
from triage.settings import get_settings
from triage.tables import Conversation, Message

# Kinds of character that leave no mark: controls, formats (joiners, zero widths), separators.
UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}

# The buttons that a page always has, and what pressing them says.
BUTTONS = {"person": "Speak to a person", "start_again": "Start again"}
# What a press means that came too late: the question it answers is not open any more.
STALE = "stale"
# What a press still means however late it comes: it answers no question.
STANDS = frozenset({"person", "end", "start_again", "leave_queue", "nobody_in_danger"})
LATE = frozenset({"pass_on", "change_summary", "pass_on_nothing", "no_reply_to", "resume_form", "add_correction"})


@dataclass(frozen=True)
class Sent:
    """What the resident sent, once for each `key`: `text` typed, a `choice` pressed, or a button's `intent`."""

    text: str | None
    choice: str | None
    key: str | None
    intent: str | None = None


def checked(sent: Sent) -> tuple[str, str | None]:
    """The text without codes, and the code that stood in it. Raises EmptyMessage and MessageTooLong."""
    if sent.text is None:
        return "", None
    # PostgreSQL can store neither the zero character nor half a surrogate pair, and JSON can carry both.
    whole = sent.text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = whole.replace("\x00", "").strip()
    # Spaces, controls and joiners alone would be a bubble with nothing in it.
    if all(unicodedata.category(character) in UNSEEN for character in text):
        raise EmptyMessage
    if len(text) > get_settings().message_limit:
        raise MessageTooLong
    return codes.hide_codes(text), codes.find_code(text)


async def chosen(session: AsyncSession, conversation: Conversation, choice: str) -> tuple[str, dict[str, Any]]:
    """The label and meaning of a choice: one of the buttons, or one that was offered. Raises OutOfRange.

    A browser knows a choice by its message's number and its place in it, "7.c2", so that a page which was left open,
    or gone back to, never presses what has taken its place.
    """
    if choice in BUTTONS:
        return BUTTONS[choice], {"do": choice}
    number, dot, place = choice.partition(".")
    if dot and number.isdecimal():
        return await _numbered(session, conversation, int(number[:9]), place)
    for message in reversed(await repository.messages_after(session, conversation.id, conversation.last_seq - 6)):
        for option in message.extras.get("choices") or ():
            if option["id"] == choice:
                return option["label"], option["send"]
        if message.author == "resident":
            break
    raise OutOfRange


async def _numbered(
    session: AsyncSession, conversation: Conversation, number: int, place: str
) -> tuple[str, dict[str, Any]]:
    then = await repository.message_numbered(session, conversation.id, number)
    options = then.extras.get("choices") or () if then else ()
    option = next((one for one in options if one["id"] == place), None)
    if then is None or option is None:
        raise OutOfRange
    newest: list[Message] = []
    for message in reversed(await repository.messages_after(session, conversation.id, conversation.last_seq - 6)):
        if message.author == "resident":
            break
        newest.append(message)
    label, send = str(option["label"]), dict(option["send"])
    if any(message.id == then.id for message in newest) or still_means(then.text, label, send, newest):
        return label, send
    return label, {"do": STALE}


def still_means(asked: str, label: str, send: dict[str, Any], newest: list[Message]) -> bool:
    """Whether a press from an older message counts now: it answers no question, or the same one is open again."""
    do = str(send.get("do", ""))
    if "service" in send or "safe" in send or do in STANDS | LATE or do.startswith("start_"):
        return True
    return any(
        (one["label"], one["send"]) == (label, send) and (message.text.endswith(asked) or asked.endswith(message.text))
        for message in newest
        for one in message.extras.get("choices") or ()
    )


def pressed(intent: str) -> tuple[str, dict[str, Any]]:
    """The label and meaning of a button or of a service's own link. Raises OutOfRange."""
    if intent in BUTTONS:
        return BUTTONS[intent], {"do": intent}
    service = catalogue().services.get(intent)
    if service is None:
        raise OutOfRange
    return service.name, {"service": service.id}


def words(text: str, send: dict[str, Any]) -> Words:
    if send.get("say"):
        return Words(text=send["say"])
    if send.get("service"):
        return Words(intent=send["service"])
    if send.get("do"):
        return Words(intent={"end": "goodbye"}.get(send["do"], send["do"]))
    return Words(text=text)
