"""Makes what the desk's pages show out of what is on record."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, hours, reading, taking
from triage.catalogue import catalogue
from triage.clocks.repository import clocks_of
from triage.contacts import Checked, Summary, summary_of
from triage.content import PLACEHOLDER, Service
from triage.desk import repository, rules, schemas, standing
from triage.referrals import OUTCOMES
from triage.tables import Agent, Contact, ContactHistory

# How many of those who wait are shown; the rest are counted.
MOST_NEXT = 10
MOST_TO_ASK = 10
ASSISTANT_SPEAKS = re.compile(r"\b(I|me|my|here)\b")
CHANNELS = {"chat": "chat", "web": "the website", "email": "email", "phone": "phone", "api": "another system"}


def queue_name(code: str | None) -> str:
    """A queue as an agent reads it; the code itself for one that is no longer in queues.toml."""
    if code == taking.NO_QUEUE:
        return "No queue: your partner runs none today"
    queue = catalogue().queues.get(code or "")
    return queue.name if queue else (code or "No queue yet")


def what_about(contact: Contact) -> str:
    """What a contact is about as an agent reads it in a list: a danger before any service."""
    danger = danger_name(contact.danger)
    return f"Danger: {danger}" if danger else service_name(contact.service)


def danger_name(signal: str | None) -> str | None:
    """A danger as an agent reads it; None when none was seen."""
    return reading.dangers().help(signal, catalogue().council["slug"]).name if signal else None


def service_name(service_id: str | None) -> str:
    """A service as an agent reads it."""
    service = catalogue().services.get(service_id or "")
    return service.name if service else "Not known yet"


def _opening(queue: str | None) -> hours.Opening:
    rule = catalogue().queues.get(queue or "")
    return hours.opening(rule.calendar if rule else catalogue().council["calendar"])


def contact_clocks(contact: Contact, now: datetime) -> list[rules.Clock]:
    """The two promises of a contact: first answer, then settled."""
    opening, began, waits = _opening(contact.queue), contact.queued_at, standing.waits(contact)
    # What is urgent, and whoever waits in the chat, is promised minutes by the clock and not by opening hours.
    first = None if contact.live or contact.priority in hours.URGENT else opening
    return [
        rules.read_clock("First answer", contact.first_due_at, began, contact.first_answer_at, now, first, waits),
        rules.read_clock("Settled", contact.settle_due_at, began, contact.closed_at, now, opening, waits),
    ]


def _line(contact: Contact, now: datetime, unread: int = 0) -> schemas.WorkLine:
    clocks = contact_clocks(contact, now)
    return schemas.WorkLine(
        id=contact.id,
        reference=contact.reference,
        version=contact.version,
        service=what_about(contact),
        queue=queue_name(contact.queue),
        priority=contact.priority,
        live=contact.live,
        channel=CHANNELS[contact.channel],
        # The clock that is nearest: the first answer until it is given.
        clock=clocks[0] if contact.first_answer_at is None else clocks[1],
        unread=unread,
    )


async def work_of(session: AsyncSession, agent: Agent, *, with_next: bool = False) -> schemas.Work:
    """The agent's queues and what they have taken; `with_next`: also those whose turn comes next."""
    now = clock.now()
    own = taking.queues_of(agent)
    counts = await repository.queue_counts(session, own)
    # Somebody who works every queue is shown only those in which somebody waits; the list would hide the rest.
    codes = own or sorted(counts)
    queues = []
    for code in codes:
        waiting, began, nearest = counts.get(code, (0, None, None))
        reading = rules.read_clock("First answer", nearest, began, None, now, _opening(code)) if nearest else None
        queues.append(schemas.QueueLine(code, queue_name(code), waiting, reading))
    mine = [_line(contact, now, unread) for contact, unread in await repository.taken_by(session, agent.id)]
    upcoming = await repository.waiting(session, own, MOST_NEXT) if with_next else []
    ask = await repository.to_ask(session, own, clock.today(), MOST_TO_ASK) if with_next else []
    return schemas.Work(
        agent,
        queues,
        mine,
        [_line(contact, now) for contact in upcoming],
        [_line(contact, now) for contact in ask],
    )


# What the resident said after the contact was filed.
FOLLOWED_UP = {"added": "added later", "reopened": "says it is not settled"}


def taken_words(detail: dict[str, Any]) -> str:
    """How somebody came to have a contact, as a sentence."""
    how = {"automatic": "Given automatically", "supervisor": "Given by a supervisor"}.get(detail.get("assigned", ""))
    words = how or ("Taken: accepted from another partner" if detail.get("accepted") else "Taken")
    reasons = " ".join(detail.get("reasons", ()))
    return f"{words}. {reasons}".strip() if reasons else words


def _history_words(line: ContactHistory) -> str:
    """One line of the audit trail as a sentence."""
    detail = line.detail
    match line.what:
        case "arrived":
            return f"Arrived by {CHANNELS.get(detail.get('channel', ''), 'an unknown way')}"
        case "queued":
            return f"Joined {queue_name(detail.get('queue'))}"
        case "taken":
            return taken_words(detail)
        case "released":
            why = detail.get("why")
            return f"Went back to its queue: {why}" if why else "Given back to its queue"
        case "moved" | "moved back":
            again = "Moved back" if line.what == "moved back" else "Moved"
            return f"{again} to {queue_name(detail.get('to'))}. {detail.get('reason', '')}".strip()
        case "transferred":
            if "held" in detail:
                held = " ".join(detail["held"])
                return f"Held for a supervisor, not passed on to {queue_name(detail['wanted'])}. {held}"
            return f"Passed on to {queue_name(detail.get('to'))}: {detail.get('reason', '')}"
        case "closed":
            reason = rules.CLOSING.get(detail.get("reason", ""))
            return f"Closed. {reason.label if reason else ''}"
        case "paused" | "resumed" | "made_longer" | "reached" | "clock_near" | "clock_missed":
            return standing.history_words(line.what, detail)
        case "outcome":
            return f"What came of it: {OUTCOMES.get(detail.get('outcome', ''), 'not known')}"
        case other:
            return {
                "sorted": "Sorted",
                "answered": "Answered",
                "noted": "Private note",
                "viewed": "Looked at",
                "added": "The resident added to it",
                "reopened": "The resident says that it is not settled: opened again",
                "late": "Not settled in time; the resident is told so",
                "messages_on": "The resident agreed to messages",
                "messages_off": "The resident wants no messages",
                "withdrew": "No longer agrees to share",
                "summary": f"Passed on by the assistant: {detail.get('checked', '')}",
            }.get(other, other.capitalize())


PASSED_ON = {
    Checked.APPROVED: "Summary that the resident approved",
    Checked.CHANGED: "The resident's own summary",
    Checked.UNCHECKED: "Summary, not checked by the resident",
    Checked.DECLINED: "The resident chose not to pass on what they said before",
}


def _passed_on(summary: Summary | None) -> schemas.PassedOn | None:
    return schemas.PassedOn(PASSED_ON[summary.checked], summary.text) if summary else None


async def _entries(
    session: AsyncSession,
    contact: Contact,
    history: list[tuple[ContactHistory, str | None]],
    summary: Summary | None,
) -> list[schemas.Entry]:
    """What was said and noted, oldest first; without what the resident chose not to pass on."""
    since = summary.since if summary and summary.checked is Checked.DECLINED and contact.danger is None else 0
    entries: list[schemas.Entry] = []
    name = contact.name or "Resident"
    who = {"resident": name, "assistant": "Assistant (automated)", "system": "Message to the resident"}
    if contact.conversation_id is not None:
        for message in await repository.messages(session, contact.conversation_id):
            if message.seq < since:
                continue
            by = message.by or "Agent" if message.author == "agent" else who[message.author]
            entries.append(schemas.Entry(f"m{message.seq}", message.author, by, message.text, message.said_at))
    else:
        entries.append(schemas.Entry("first", "resident", name, contact.text, contact.arrived_at))
    kinds = {"noted": "note", "answered": "answer"}
    spoken = {entry.text for entry in entries}
    for line, _ in history:
        # What was added in the chat stands there already, as it was typed.
        if line.what == "added" and (added := line.detail.get("said")) and added not in spoken:
            entries.append(schemas.Entry(f"h{line.id}", "resident", f"{name}, added later", added, line.at))
    for line, agent in history:
        if line.what in kinds and line.detail.get("text"):
            by = agent or "Automatic"
            entries.append(schemas.Entry(f"h{line.id}", kinds[line.what], by, line.detail["text"], line.at))
        elif line.what in FOLLOWED_UP and line.detail.get("said"):
            by = f"{name}, {FOLLOWED_UP[line.what]}"
            entries.append(schemas.Entry(f"h{line.id}", "resident", by, line.detail["said"], line.at))
    return sorted(entries, key=lambda entry: entry.at)


def _service_facts(service: Service | None) -> list[schemas.ServiceFact]:
    """What may be stated about a service today, with its source (DESIGN decision 6)."""
    if service is None:
        return []
    today, found = clock.today(), []
    keys = dict.fromkeys(service.facts)
    for sentence in service.answer.say:
        keys |= dict.fromkeys(name for kind, name in PLACEHOLDER.findall(sentence.text) if kind == "fact")
    for key in keys:
        fact = catalogue().fact(key, service.id)
        if fact is not None and fact.can_state(today):
            source = catalogue().source(fact.source, service.id)
            name = key.replace("_", " ").capitalize()
            found.append(schemas.ServiceFact(name, fact.value, source.name, source.url, fact.reviewed_on))
    return found


def _saved_replies(service: Service | None) -> list[str]:
    """Replies that were written already: the service's own answer, with today's facts in it."""
    if service is None:
        return []
    today, replies = clock.today(), []

    def filled(text: str) -> str | None:
        for kind, name in PLACEHOLDER.findall(text):
            fact = catalogue().fact(name, service.id) if kind == "fact" else None
            if fact is None or not fact.can_state(today):
                return None
            text = text.replace(f"{{{kind}:{name}}}", fact.value)
        return text.replace("{council}", str(catalogue().council["name"]))

    for sentence in service.answer.say:
        text = filled(sentence.text) or (filled(sentence.otherwise) if sentence.otherwise else None)
        # What the assistant says of itself is not for an agent to say.
        if text and not ASSISTANT_SPEAKS.search(text):
            replies.append(text)
    return replies


async def _referral(session: AsyncSession, contact: Contact) -> schemas.ReferralLine | None:
    referral = await repository.referral(session, contact.id)
    if referral is None:
        return None
    referrals = catalogue().referrals
    names: dict[str, str] = {key: scheme.name for key, scheme in referrals.schemes.items()} if referrals else {}
    return schemas.ReferralLine(
        scheme=names.get(referral.scheme, "another team"),
        may_share=referral.may_share,
        outcome=OUTCOMES[referral.outcome] if referral.outcome else None,
        outcome_on=referral.outcome_on,
        ask_on=referral.follow_up_on,
    )


async def contact_page(session: AsyncSession, agent: Agent, contact: Contact) -> schemas.ContactPage:
    """Everything that the contact page shows to `agent`, who may open it."""
    now = clock.now()
    history = list(await repository.history(session, contact.id))
    decision = await repository.last_decision(session, contact.id)
    rows = await clocks_of(session, contact.id)
    summary = summary_of(line for line, _ in history)
    service = catalogue().services.get(contact.service or "")
    partner = catalogue().partner_of(contact.queue, clock.today()) if contact.queue else None
    queues: dict[str, Any] = catalogue().queues
    return schemas.ContactPage(
        contact=contact,
        mine=contact.state == "taken" and contact.agent_id == agent.id,
        about=what_about(contact),
        danger=danger_name(contact.danger),
        service=service_name(contact.service),
        queue=queue_name(contact.queue),
        partner=partner.name if partner else None,
        entries=await _entries(session, contact, history, summary),
        history=[
            schemas.HistoryLine(line.at, _history_words(line), agent_name or "Automatic")
            for line, agent_name in history
        ],
        reasons=[str(reason) for reason in decision.reasons] if decision else [],
        clocks=[*contact_clocks(contact, now), *standing.limits(contact, rows, now)],
        standing=standing.of(contact, rows, now),
        facts=_service_facts(service),
        earlier=list(await repository.earlier_contacts(session, contact, taking.queues_of(agent), agent.id)),
        queues={code: queue.name for code, queue in queues.items() if code != contact.queue},
        saved=_saved_replies(service),
        referral=await _referral(session, contact),
        summary=_passed_on(summary),
    )
