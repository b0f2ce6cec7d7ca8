"""Somebody writes in a language that we do not answer in: they are told so in it, with 999 and a way to a person."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import live, reading
from triage.catalogue import Catalogue, catalogue
from triage.chat.rendering import Said, choices
from triage.content import Choice, Language
from triage.tables import Contact, Conversation

ENGLISH_NOTE = "A machine wrote this in {language}. A translator has not checked it yet."
"""Said beside the note in the resident's own language, for whoever reads over a shoulder and for an agent."""
NOTED = "Language"
"""The label under which an agent sees the language among what is known of a contact."""
FEWEST_IN_FORM = 4
"""Words that a form's answer needs before its language is noted: a street or a name says nothing of a language."""
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Heard:
    """The language of one message: its code, its texts, and the services that the message seems to be about."""

    code: str
    texts: Language
    services: tuple[tuple[str, str], ...] = ()


def hear(text: str | None, send: dict[str, Any], context: dict[str, Any]) -> Heard | None:
    """The language of what was typed, when it is one that the council has switched on; None for English and doubt.

    A button is in no language. While a form is open only a sentence counts.
    """
    if text is None or send:
        return None
    found = reading.languages().detect(text)
    texts = catalogue().languages.get(found.code) if found else None
    if found is None or texts is None or (context.get("form") and found.words < FEWEST_IN_FORM):
        return None
    needs = reading.needs().look(text, found.code)
    return Heard(found.code, texts, tuple((need.service, need.word) for need in needs))


def answers(heard: Heard | None, context: dict[str, Any]) -> bool:
    """Whether the language is answered here, so that no engine need be asked: never while a form is open."""
    return heard is not None and not context.get("form")


def greet(conversation: Conversation, heard: Heard, known: Catalogue) -> Said:
    """What is said to a message in another language: at length once in a conversation, shortly from then on."""
    before = conversation.context.get("languages", [])
    if heard.code not in before:
        conversation.context = {**conversation.context, "languages": [*before, heard.code]}
    return welcome(heard, known, again=heard.code in before)


def welcome(heard: Heard, known: Catalogue, *, again: bool = False) -> Said:
    """How we answer (shortly, when it was said before), 999, and what may be meant, with a way to a person."""
    texts = heard.texts
    guesses = [
        Choice(label=f"{known.services[service].name} ({word})"[:LONGEST_LABEL], service=service)
        for service, word in heard.services
        if service in known.services
    ]
    parts = [
        texts.short if again else " ".join(texts.welcome),
        texts.danger,
        *([texts.did_you_mean] if guesses else []),
    ]
    ways = [Choice(label=texts.person, do="person"), Choice(label=texts.in_english, service="help")]
    return Said("\n\n".join(parts), {"language": _shown(heard), "choices": choices([*guesses, *ways])})


def beside_danger(heard: Heard) -> Said:
    """What is said beside the danger line, which is in English: 999 in the resident's language, and that we know."""
    return Said(f"{heard.texts.danger}\n\n{heard.texts.told}", {"language": _shown(heard)})


async def note(session: AsyncSession, conversation: Conversation, heard: Heard) -> None:
    """Keep the language for the agent, on the contact that is open or on the one that will be."""
    if conversation.context.get("language") != heard.texts.english:
        conversation.context = {**conversation.context, "language": heard.texts.english}
    contact = await session.get(Contact, conversation.contact_id) if conversation.contact_id else None
    if contact is not None and contact.state != "closed" and NOTED not in contact.details:
        contact.details = {**details(conversation), **contact.details}
        await live.announce(session, f"contact:{contact.id}")


def details(conversation: Conversation) -> dict[str, str]:
    """What an agent is told of the resident's language: {} when they write in English."""
    language = conversation.context.get("language")
    return {NOTED: f"Writes in {language}"} if language else {}


def _shown(heard: Heard) -> dict[str, Any]:
    """How a page marks the message up (WCAG 3.1.2), and the note until a translator has checked the texts."""
    shown = {"code": heard.code, "direction": heard.texts.direction}
    if not heard.texts.checked:
        shown |= {"note": heard.texts.note, "note_in_english": ENGLISH_NOTE.format(language=heard.texts.english)}
    return shown
