"""Makes what the desk's pages show out of what is on record."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncSession

from triage import audit, clock, following_up, reaching, reading, taking, telling, undelivered
from triage.catalogue import catalogue
from triage.clocks.repository import clocks_of, last_of_a_pause, unmet
from triage.contacts import Checked, Summary, summary_of
from triage.content import PLACEHOLDER, Service
from triage.desk import agreeing, around, promising, repository, rules, safety, saved, schemas, standing, tags
from triage.desk.history import arranged, said_in, who
from triage.referrals import OUTCOMES
from triage.tables import Agent, Contact, ContactClock, ContactHistory, Conversation, Message

# How many of those who wait are shown; the rest are counted.
MOST_NEXT = 10
MOST_TO_ASK = 10
MOST_MINE = 50
MOST_AGAIN = 10
SEEN_AGAIN_AFTER = timedelta(hours=1)
STATUTORY = {
    "foi": "Freedom of information",
    "eir": "Environmental information",
    "sar": "Subject access",
    "complaint": "Complaint clock",
    "homelessness": "Homelessness duty",
    "hazard": "Hazard in a council home",
}
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


def marks_of(contact: Contact) -> tuple[str, ...]:
    """What an agent must not miss, in short words."""
    found = [f"Vulnerable: {', '.join(str(word) for word in contact.vulnerable)}"] if contact.vulnerable else []
    if contact.complaint:
        found.append("Complaint")
    if contact.statutory:
        found.append(STATUTORY[contact.statutory])
    if contact.language and contact.language != "en":
        known = catalogue().languages.get(contact.language)
        found.append(f"Writes in {known.english if known else contact.language}")
    return tuple(found)


def line_of(
    contact: Contact,
    now: datetime,
    *,
    agent: Agent,
    mine: repository.Mine | None = None,
    here_until: datetime | None = None,
    holder: str | None = None,
    rows: Sequence[ContactClock] = (),
) -> schemas.WorkLine:
    """A contact in a list, seen by `agent`; `mine` with what its conversation tells, `holder` who has it, `rows` its
    clocks on record that nothing has met.
    """
    again = contact.follow_up_on
    spoke_at = mine.spoke_at if mine and contact.live else None
    taken, own = contact.state == "taken", contact.agent_id == agent.id
    here_until = mine.here_until if mine else here_until
    return schemas.WorkLine(
        id=contact.id,
        reference=contact.reference,
        version=contact.version,
        service=what_about(contact),
        queue=queue_name(contact.queue),
        priority=contact.priority,
        live=contact.live,
        channel=CHANNELS[contact.channel],
        clock=standing.nearest(contact, rows, now),
        unanswered=mine.unanswered if mine else 0,
        marks=marks_of(contact),
        spoke_at=spoke_at,
        spoke=rules.length_in_words(now - spoke_at) if spoke_at else None,
        here=bool(here_until and here_until > now),
        again_on=again,
        again=again is not None and again <= clock.today(),
        holder=("you" if own else holder) if taken else None,
        opens=not taken or own or agent.role == "supervisor",
        takes=contact.state == "queued" and (contact.placement != "bounced" or rules.decides(agent.role)),
        given=taken and own and contact.assigned_at is not None,
        arrived_at=contact.arrived_at,
        waited=rules.age_in_words(now - contact.arrived_at),
        place=contact.place,
        words=rules.first_words(contact.text),
        repeat=contact.repeat_of is not None,
    )


def alike(lines: Sequence[schemas.WorkLine]) -> list[schemas.WorkLine]:
    """The lines of a list, with a mark on those that are about the same service at the same place.

    Sorting marks what it knows to be a repeat; two neighbours who report one thing are seen by whoever takes either.
    """

    def about(line: schemas.WorkLine) -> tuple[str, str] | None:
        return (line.service, " ".join(line.place.lower().replace(",", " ").split())) if line.place else None

    times = Counter(about(line) for line in lines)
    return [replace(line, repeat=line.repeat or (about(line) is not None and times[about(line)] > 1)) for line in lines]


async def work_of(session: AsyncSession, agent: Agent, *, with_next: bool = False) -> schemas.Work:
    """The agent's queues and what they have taken; `with_next`: also those whose turn comes next."""
    now = clock.now()
    own = taking.queues_of(agent)
    counts = await repository.queue_counts(session, own)
    # Somebody who works every queue is shown only those in which somebody waits; the list would hide the rest.
    codes = own or sorted(counts)
    taken = await repository.taken_by(session, agent.id, MOST_MINE)
    upcoming = await repository.waiting(session, own, MOST_NEXT) if with_next else []
    ask = await repository.to_ask(session, own, clock.today(), MOST_TO_ASK) if with_next else []
    again = await repository.to_look_at_again(session, agent.id, own, clock.today(), MOST_AGAIN) if with_next else []
    shown = [*(one.contact for one in taken), *(contact for contact, _ in upcoming), *again]
    rows = await unmet(session, [*(contact.id for contact in shown), *(one.first for one in counts.values())])
    queues = []
    for code in codes:
        found = counts.get(code)
        reading = standing.next_answer(found, code, rows.get(found.first, ()), now) if found else None
        queues.append(schemas.QueueLine(code, queue_name(code), found.waiting if found else 0, reading))

    def line(contact: Contact, **more: Any) -> schemas.WorkLine:
        return line_of(contact, now, agent=agent, rows=rows.get(contact.id, ()), **more)

    return schemas.Work(
        agent,
        queues,
        [line(one.contact, mine=one) for one in taken],
        alike([line(contact, here_until=here) for contact, here in upcoming]),
        [line(contact) for contact in ask],
        [line(contact) for contact in again],
        await undelivered.count(session, agent),
    )


async def note_seen(session: AsyncSession, agent: Agent, request: Request, queue: str | None = None) -> None:
    """Put on the audit trail, once an hour for each list, that `agent` saw the first words of what waits."""
    if not await repository.saw_list_since(session, agent.id, queue, clock.now() - SEEN_AGAIN_AFTER):
        kind = "queue" if queue else None
        await audit.note(session, "lists_seen", agent, request=request, kind=kind, about=queue)


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
            return arranged(line) or {
                "sorted": "Sorted",
                "wrote down": "Wrote the call down",
                "answered": "Answered",
                "noted": "Private note",
                "with_partner": "Whoever does the work has begun",
                "viewed": "Looked at",
                "added": "The resident added to it",
                "reopened": "The resident says that it is not settled: opened again",
                "late": "Not settled in time; the resident is told so",
                "sent again": "The message that could not be sent is sent again",
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


def _since(contact: Contact, summary: Summary | None) -> int:
    """The number of the first message that goes along: all of them, unless the resident chose not to pass them on."""
    return summary.since if summary and summary.checked is Checked.DECLINED and contact.danger is None else 0


def _entries(
    contact: Contact,
    messages: Sequence[Message],
    history: list[tuple[ContactHistory, str | None]],
    since: int,
    merged: Sequence[Contact],
) -> list[schemas.Entry]:
    """What was said and noted, oldest first, also in what was made part of it; from message number `since` on."""
    entries: list[schemas.Entry] = []
    name = contact.name or "Resident"
    who = {"resident": name, "assistant": "Assistant (automated)", "system": "Message to the resident"}
    for other in merged:
        # One conversation is not shown twice.
        if contact.conversation_id is None or other.conversation_id != contact.conversation_id:
            by = f"{other.name or 'Resident'}, in {other.reference}"
            entries.append(schemas.Entry(f"c{other.id}", "resident", by, other.text, other.arrived_at))
    if contact.conversation_id is not None:
        for message in messages:
            if message.seq < since:
                continue
            by = message.by or "Agent" if message.author == "agent" else who[message.author]
            entries.append(schemas.Entry(f"m{message.seq}", message.author, by, message.text, message.said_at))
    else:
        entries.append(schemas.Entry("first", "resident", name, contact.text, contact.arrived_at))
    kinds = {"noted": "note", "answered": "answer"}
    spoken = {entry.text for entry in entries}
    for line, agent in history:
        # What was added in the chat stands there already, as it was typed.
        if (said := said_in(line, name, agent)) and (line.what != "added" or said.by_phone or said.text not in spoken):
            entries.append(schemas.Entry(f"h{line.id}", "resident", said.who, said.text, line.at))
        if line.what in kinds and line.detail.get("text"):
            by = agent or "Automatic"
            entries.append(schemas.Entry(f"h{line.id}", kinds[line.what], by, line.detail["text"], line.at))
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


async def _call(session: AsyncSession, contact: Contact) -> schemas.CallAbout:
    whole = await following_up.whole_of(session, contact) if contact.merged_into else contact
    return schemas.CallAbout(whole.state == "closed", await following_up.waits_for_answer(session, whole))


async def contact_page(session: AsyncSession, agent: Agent, contact: Contact) -> schemas.ContactPage:
    """Everything that the contact page shows to `agent`, who may open it."""
    now = clock.now()
    history = list(await repository.history(session, contact.id))
    decision = await repository.last_decision(session, contact.id)
    rows = await clocks_of(session, contact.id)
    summary = summary_of(line for line, _ in history)
    service = catalogue().services.get(contact.service or "")
    about = await around.around(session, agent, contact)
    spoken = await repository.messages(session, contact.conversation_id) if contact.conversation_id else []
    since = _since(contact, summary)
    talk = await session.get(Conversation, contact.conversation_id) if contact.conversation_id else None
    mine = contact.state == "taken" and contact.agent_id == agent.id
    usual = catalogue().queue(service.queue) if service else None
    partner = catalogue().partner_of(contact.queue, clock.today()) if contact.queue else None
    shown = safety.help_of(contact)
    # Its service's own queue first, where most of what came to the wrong team belongs; then as people look names up.
    queues = {code: one.name for code, one in catalogue().queues.items() if code != contact.queue}
    return schemas.ContactPage(
        contact=contact,
        mine=mine,
        about=what_about(contact),
        danger=danger_name(contact.danger),
        service=service_name(contact.service),
        queue=queue_name(contact.queue),
        partner=partner.name if partner else None,
        entries=_entries(contact, spoken, history, since, about.merged),
        history=[
            schemas.HistoryLine(line.at, _history_words(line), who(line, agent_name)) for line, agent_name in history
        ],
        reasons=[str(reason) for reason in decision.reasons] if decision else [],
        clocks=standing.clocks(contact, rows, now),
        standing=standing.of(contact, rows, now, await last_of_a_pause(session, contact.id)),
        facts=_service_facts(service),
        around=about,
        told=around.told(spoken, since),
        marks=marks_of(contact),
        queues=dict(sorted(queues.items(), key=lambda one: (one[0] != usual, one[1]))),
        services={one.id: one.name for one in sorted(catalogue().services.values(), key=lambda one: one.name)},
        usual_queue=queue_name(usual) if usual and usual != contact.queue else None,
        saved=[*safety.replies_of(shown), *saved.replies_for(contact, service)] if mine else [],
        tags=await tags.suggested(session, contact) if mine else [],
        days=promising.days_to_offer(standing.opening(contact.queue)) if mine else [],
        call=await _call(session, contact),
        here=bool(talk and contact.live and talk.here_until and talk.here_until > now),
        referral=await _referral(session, contact),
        summary=_passed_on(summary),
        help=shown,
        unsafe=telling.not_safe(contact),
        unreached=await agreeing.unreached(session, contact) if mine else None,
        unproved=await reaching.holds_for_itself_alone(session, contact),
    )
