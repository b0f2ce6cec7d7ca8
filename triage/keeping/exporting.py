"""All that is held of one person, to be given to them: a subject access request (UK GDPR article 15).

Each part says in plain words what it is. What is not the person's own is marked: an agent's words, software's, and
what another contact's resident said. Whoever answers the request reads those first (Data Protection Act 2018,
schedule 2, paragraph 16: other people's data).
"""

from base64 import b64encode
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock, ringing
from triage.following_up import FROM
from triage.keeping import collecting, erasing
from triage.keeping.repository import Person, elsewhere
from triage.tables import Contact, ContactHistory, Conversation, Message

THEIRS, OURS, SOFTWARE, ANOTHERS = "theirs", "ours", "software's", "another person's"
LOOK = [
    'Read what is marked "ours" and "another person\'s" before you hand this over: it may tell of other people.',
    "What they said themselves may name other people as well, such as a neighbour.",
]
# What no resident is told of a contact: secrets, and how the machinery keeps its place.
_LEFT_OUT = {"secret_hash", "idempotency_key", "lease_until", "version", "held", "demo", "erased_at", "id"}
_WHOSE = {"resident": THEIRS, "agent": OURS, "assistant": SOFTWARE, "system": SOFTWARE}
# Lines of a history in which the resident speaks.
_SAID = ("added", "reopened", "file", "summary")


async def export(session: AsyncSession, reference: str, by: str) -> dict[str, Any]:
    """What is held of the person behind a contact, in parts; it is on record that it was. Raises NotFound, Invalid."""
    agent = await erasing.who(session, by)
    whose = await erasing.find(session, reference, lock=False)
    references = [one.reference for one in whose.contacts]
    parts = await _parts(session, whose)
    detail = {"references": references, "parts": {part["part"]: len(part["rows"]) for part in parts}}
    await audit.note(session, "person_exported", agent, kind="contact", about=references[0], detail=detail)
    return {
        "about": f"All that is held of whoever left {', '.join(references)}",
        "law": "UK GDPR article 15; Data Protection Act 2018",
        "made_at": clock.now().isoformat(),
        "look_before_sending": LOOK,
        "whose": {
            THEIRS: "what they said or sent themselves",
            OURS: "what an agent wrote",
            SOFTWARE: "what software said or worked out",
            ANOTHERS: "what came with another contact that was made part of theirs",
        },
        "parts": parts,
    }


def _part(name: str, what: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"part": name, "what": what, "rows": rows}


async def _parts(session: AsyncSession, whose: Person) -> list[dict[str, Any]]:
    held = await collecting.collect(session, whose.contact_ids, whose.talk_ids)
    by_id = {one.id: one.reference for one in whose.contacts}
    return [
        _part("contacts", "What they asked us, and how it stands.", [_contact(one) for one in whose.contacts]),
        _part("history", "What happened to it, line by line.", [_line(one, by_id) for one in held.history]),
        _part("chats", "Their conversations with the assistant.", [_talk(one) for one in whose.talks]),
        _part("messages", "What was said in them.", [_message(one) for one in held.messages]),
        _part(
            "files",
            "Files that came with it; the content is in base64.",
            [
                {
                    "reference": by_id[one.contact_id],
                    "whose": OURS if one.agent_id else THEIRS,
                    "name": one.name,
                    "kind": one.kind,
                    "at": one.at,
                    "content": b64encode(one.content).decode(),
                }
                for one in held.files
            ],
        ),
        _part(
            "sorting",
            "Why software sent it to the team it went to.",
            [
                {"whose": SOFTWARE, "at": one.decided_at, "queue": one.queue, "priority": one.priority}
                | {"service": one.service, "reasons": one.reasons, "signs": one.vulnerable}
                for one in held.decisions
            ],
        ),
        _part("survey", "What they answered when they were asked how it went.", held.answers),
        _part("survey comments", "The same comments, as they were read by software.", held.readings),
        _part("told", "When they were told of a change, and how.", held.notices),
        _part("examples", "What sorting learned from it, without names and numbers.", held.examples),
        _part("referrals", "Help into work, and what came of it.", held.referrals),
        _part(
            "elsewhere",
            "Who else was given some of it, and what they know it by. Ask them for what they hold.",
            [{"who": one.where, "known_by": one.known_by} for one in await elsewhere(session, whose.contact_ids)],
        ),
    ]


def _contact(one: Contact) -> dict[str, Any]:
    known = {column.name: getattr(one, column.name) for column in Contact.__table__.columns}
    return {"whose": THEIRS} | {
        name: value for name, value in known.items() if name not in _LEFT_OUT and value not in (None, [], {})
    }


def _line(one: ContactHistory, by_id: dict[Any, str]) -> dict[str, Any]:
    theirs = one.what in _SAID and (one.agent_id is None or ringing.by_phone(one.detail))
    whose = THEIRS if theirs else OURS if one.agent_id else SOFTWARE
    if FROM in one.detail and one.detail[FROM] not in by_id.values():
        whose = ANOTHERS
    return {
        "reference": by_id[one.contact_id],
        "whose": whose,
        "what": one.what,
        "at": one.at,
        "detail": {key: value for key, value in one.detail.items() if key != "key"},
    }


def _talk(one: Conversation) -> dict[str, Any]:
    """A conversation, with what the assistant keeps between turns: its events and what a form was told."""
    return {
        "whose": SOFTWARE,
        "began": one.started_at,
        "last": one.last_at,
        "remembered": one.context,
        "dialogue": one.dialogue,
    }


def _message(one: Message) -> dict[str, Any]:
    return {
        "whose": _WHOSE[one.author],
        "at": one.said_at,
        "text": one.text,
        "by": one.by,
        "with": one.extras,
        "understood": one.understood,
    }
