"""THE STORY: which event is followed by which step.

A contact arrives, is sorted, is queued, is taken, is closed, and is opened again when its resident says that it is
not settled; its resident is told at each turn, is asked how it went, and the answer is counted. Every step runs in
its own transaction, may run twice, and hands on ids.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from procrastinate import RetryStrategy
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from triage import audit, clock, events, outbox
from triage.care import steps as care
from triage.chat import steps as chat
from triage.chat.search.keeping import keep_passages
from triage.database import transaction
from triage.delivery import steps as delivery
from triage.desk import referrals as desk
from triage.desk.supervision import steps as desk_moves
from triage.intake import mailbox
from triage.keeping import forgetting
from triage.learning import steps as learning
from triage.learning.replaying import replay as replay_rule
from triage.learning.training import retrain as retrain_sorter
from triage.metrics import steps as metrics
from triage.metrics.comments import steps as comments
from triage.metrics.counting.holding import hold
from triage.metrics.room import summaries
from triage.outbox import OUTSIDE, RETRY, jobs
from triage.queues import steps as queues
from triage.queues.assigning import assign_waiting as give_out
from triage.sorters import contract
from triage.sorting import steps as sorting
from triage.sorting import versions
from triage.surveys import steps as surveys
from triage.sweeping import find_strays, find_untold

log = structlog.get_logger(__name__)

Step = Callable[..., Awaitable[None]]

JOURNEY: dict[type[events.Event], tuple[Step, ...]] = {
    events.ContactArrived: (sorting.sort_contact,),
    events.ContactSorted: (queues.queue_contact, learning.decide_in_shadow),
    events.ServiceNamed: (sorting.find_repeat,),
    events.ContactQueued: (
        delivery.find_place,
        delivery.hand_on,
        chat.tell_waiting,
        metrics.count_contact,
        queues.assign_waiting,
    ),
    events.ContactTaken: (chat.tell_joined, metrics.count_danger),
    events.ContactTransferred: (
        delivery.hand_on,
        chat.tell_agent_left,
        queues.assign_waiting,
        learning.note_correction,
    ),
    events.ContactReleased: (delivery.hand_on, chat.tell_agent_left, queues.assign_waiting),
    events.ContactPostponed: (chat.tell_postponed,),
    events.ContactClosed: (
        chat.tell_closed,
        surveys.invite_after_contact,
        metrics.count_contact,
        desk.plan_follow_up,
        queues.assign_waiting,
        learning.note_correction,
    ),
    events.MoveBegun: (desk_moves.go_on,),
    events.MoveUndone: (desk_moves.go_back,),
    events.MoveStands: (desk_moves.stand,),
    events.ContactMoved: (delivery.hand_on, learning.note_correction),
    events.ContactReopened: (
        queues.queue_contact,
        learning.note_correction,
        surveys.go_on,
        metrics.count_reopened,
    ),
    events.ResidentWrote: (queues.resume_clocks,),
    # What it does to the contact is done at once; opened again by it, that is an event of its own.
    events.ResidentRang: (metrics.count_call,),
    events.ContactMoreUrgent: (queues.hurry_clocks, metrics.count_danger),
    # The desk hears of both at once, where they are found; whoever else wants to know is named here.
    events.ClockNearing: (),
    events.ClockBreached: (metrics.count_breach, care.tell_late),
    # Published a minute ahead: who has answered by then is not touched.
    events.SummaryShown: (chat.hand_over_unanswered,),
    events.ConversationEnded: (surveys.invite_after_conversation, metrics.count_chat),
    events.SurveyInvited: (metrics.count_invite,),
    events.SurveyAnswered: (metrics.count_answer, comments.read_comment),
    events.CommentsImported: (comments.read_imported,),
    # Each knows its own.
    events.MessageFailed: (care.note_failed, surveys.note_failed),
    # A "no" opens its contact again, which is an event of its own.
    events.OutcomeAnswered: (metrics.count_outcome,),
}


def step_name(step: Step) -> str:
    """A step's name in the jobs table: its room and its verb, such as sorting.sort_contact."""
    return f"{step.__module__.split('.')[-2]}.{step.__name__}"


STEPS: dict[str, Step] = {step_name(step): step for steps in JOURNEY.values() for step in steps}
outbox.routes.update({event.__name__: tuple(step_name(step) for step in steps) for event, steps in JOURNEY.items()})

contract.provide(versions.Sorters())


def _outside(name: str) -> dict[str, Any]:
    """How a round runs that asks somebody else's system: apart from what is done here, and one at a time.

    Its `queueing_lock` alone lets the next begin while this one waits for a supplier.
    """
    return {"queue": OUTSIDE, "lock": name, "queueing_lock": name}


@jobs.task(name="follow", retry=RETRY)
async def follow(step: str, payload: dict[str, Any]) -> None:
    """Run one step in one transaction. Ids come as strings from the jobs table."""
    ids = {key: UUID(value) if key.endswith("_id") else value for key, value in payload.items()}
    async with transaction() as session:
        await STEPS[step](session, **ids)


@jobs.task(name="locate", queue=OUTSIDE, retry=RETRY)
async def locate(contact_id: str) -> None:
    """Ask whose a contact's place is; tried again where nobody could say, and then left to a person."""
    await delivery.locate(UUID(contact_id))


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="sweep", queueing_lock="sweep", pass_context=False)
async def sweep(timestamp: int) -> None:
    """Every five seconds: answer forgotten messages, bring back contacts whose agent has gone, find strays, watch
    the clocks, give out, and tell whoever waits for a desk that has gone home.

    Nothing is left for longer than 60 s (PROMISES 6, 9), and an agent's contact is back within its lease + 10 s (3).
    """
    async with transaction() as session:
        forgotten = await chat.answer_forgotten(session)
    async with transaction() as session:
        released = await queues.release_expired(session)
    async with transaction() as session:
        strays = await find_strays(session, clock.now())
    async with transaction() as session:
        clocks = await queues.watch_clocks(session)
    async with transaction() as session:
        assigned = await give_out(session)
    async with transaction() as session:
        waited = await chat.tell_desk_closed(session)
    async with transaction() as session:
        waited += await chat.tell_nobody_there(session)
    if forgotten or released or strays or clocks or assigned or waited:
        log.info(
            "swept",
            forgotten=forgotten,
            released=released,
            strays=strays,
            clocks=clocks,
            assigned=assigned,
            waited=waited,
        )


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="tell", **_outside("tell"), pass_context=False, retry=RetryStrategy(max_attempts=1))
async def tell(timestamp: int) -> None:
    """Every five seconds: residents are told of each change. What a process died over is told in the next round."""
    if told := await care.deliver():
        log.info("told", told=told)


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="hand_on", **_outside("hand_on"), pass_context=False, retry=RetryStrategy(max_attempts=1))
async def hand_on(timestamp: int) -> None:
    """Every five seconds: suppliers are handed what is theirs. What a process died over is tried in a later round."""
    if handed := await delivery.deliver():
        log.info("handed_on", deliveries=handed)


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="ask_suppliers", **_outside("ask_suppliers"), retry=RetryStrategy(max_attempts=1))
async def ask_suppliers(timestamp: int) -> None:
    """Every few seconds: suppliers are asked how open cases stand, each case every few minutes."""
    if heard := await delivery.ask():
        log.info("suppliers.heard", updates=heard)


@jobs.periodic(cron="41 2 * * *")
@jobs.task(name="reconcile", **_outside("reconcile"), retry=RetryStrategy(max_attempts=1))
async def reconcile(timestamp: int) -> None:
    """At night: each supplier is asked whether it has what we think it has, and is sent what it has not."""
    if lost := await delivery.reconcile():
        log.warning("suppliers.lost", deliveries=lost)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="tell_late", queueing_lock="tell_late", retry=RetryStrategy(max_attempts=1))
async def tell_late(timestamp: int) -> None:
    """Every minute: whoever was promised a time that has passed is told so."""
    if late := await care.tell_all_late():
        log.info("late", late=late)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="ask", **_outside("ask"), pass_context=False, retry=RetryStrategy(max_attempts=1))
async def ask(timestamp: int) -> None:
    """Every minute: who is to be asked by message how it went, or whether it was really settled, is written to."""
    if asked := await surveys.deliver():
        log.info("asked", letters=asked)


@jobs.periodic(cron="* * * * *")
@jobs.task(name="read_mailbox", **_outside("read_mailbox"), retry=RetryStrategy(max_attempts=1))
async def read_mailbox(timestamp: int) -> None:
    """Every minute: emails in the council's mailbox become contacts, where one is set."""
    if heard := await mailbox.read():
        log.info("mailbox.read", letters=heard)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="end_idle", queueing_lock="end_idle", retry=RetryStrategy(max_attempts=1))
async def end_idle(timestamp: int) -> None:
    """Every five minutes: conversations that were left without an end have come to one."""
    async with transaction() as session:
        if ended := await surveys.end_idle(session):
            log.info("ended_idle", conversations=ended)


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="keep_passages", lock="passages", queueing_lock="keep_passages", retry=RetryStrategy(max_attempts=1))
async def passages(timestamp: int) -> None:
    """Every five seconds: what search can find is what the content says now."""
    if changed := await keep_passages():
        log.info("passages.kept", passages=changed)


@jobs.periodic(cron="* * * * * */15")
@jobs.task(name="revive", queueing_lock="revive", retry=RetryStrategy(max_attempts=1))
async def revive(timestamp: int) -> None:
    """Every 15 s: jobs whose worker died are put back; procrastinate does not do so by itself.

    So a round that runs one at a time is held up for less than a minute by one that died.
    """
    for job in await jobs.job_manager.get_stalled_jobs():
        try:
            await jobs.job_manager.retry_job(job)
        except UniqueViolation:
            # A periodic job of which the next waits already: that one does what this one left.
            await jobs.job_manager.finish_job(job, Status.FAILED, delete_job=True)


@jobs.task(name="retrain", lock="retrain", retry=RetryStrategy(max_attempts=1))
async def retrain(job_id: str) -> None:
    """Train a sorter and put it in shadow: minutes, in transactions of its own."""
    await retrain_sorter(UUID(job_id))


@jobs.task(name="replay", lock="replay", retry=RetryStrategy(max_attempts=1))
async def replay(job_id: str) -> None:
    """Try a rule on contacts of the past, in transactions of its own."""
    await replay_rule(UUID(job_id))


@jobs.periodic(cron="23 6 * * *")
@jobs.task(name="remind", queueing_lock="remind")
async def remind(timestamp: int) -> None:
    """Every morning: the desk is reminded of those who are to be asked what came of their referral."""
    async with transaction() as session:
        if reminded := await desk.remind(session):
            log.info("reminded", referrals=reminded)


@jobs.periodic(cron="11 7-17 1-7 * *")
@jobs.task(name="summarise", **_outside("summarise"), retry=RetryStrategy(max_attempts=1))
async def summarise(timestamp: int) -> None:
    """In the first days of a month: owners who asked for it are sent the summary of the last, once each."""
    if sent := await summaries.deliver():
        log.info("summaries.sent", told=sent)


@jobs.periodic(cron="* * * * * */5")
@jobs.task(name="count", queueing_lock="count", pass_context=False, retry=RetryStrategy(max_attempts=1))
async def count(timestamp: int) -> None:
    """Every five seconds: days on which something happened are counted again, each once a minute at most."""
    if days := await metrics.count_marked():
        log.info("counted", days=days)


async def _in_one(part: Callable[..., Awaitable[Any]], *given: Any) -> None:
    async with transaction() as session:
        await part(session, *given)


async def _forget() -> None:
    async with transaction() as session:
        if forgotten := await audit.forget(session):
            log.info("audit.forgotten", forgotten=forgotten)


# In this order: what ran out unanswered is known before the day is counted.
NIGHT: tuple[tuple[str, Callable[[], Awaitable[Any]]], ...] = (
    ("surveys", lambda: _in_one(surveys.nightly)),
    ("figures", metrics.recount_last_days),
    ("untold", lambda: _in_one(find_untold, clock.now(), timedelta(days=2))),
    ("learning", lambda: _in_one(learning.nightly)),
    ("past comments", lambda: _in_one(comments.erase_past)),
    ("audit", _forget),
    ("comments", lambda: _in_one(comments.read_missed)),
    # After comments are read and days are counted: what is past its time.
    ("keeping", lambda: forgetting.forget(hold)),
    ("jobs", lambda: jobs.job_manager.delete_old_jobs(nb_hours=72)),
)


class NightNotWhole(RuntimeError):
    """Parts of the night's work failed; each is in the log as night.failed. The rest was done."""


@jobs.periodic(cron="17 3 * * *")
@jobs.task(name="nightly", queueing_lock="nightly", retry=RetryStrategy(max_attempts=3, wait=600))
async def nightly(timestamp: int) -> None:
    """At night: count the last days again from the record, and forget what is past its time.

    Each part by itself: one that fails holds none of the others up, and all of it is tried again ten minutes later.
    """
    failed = []
    for name, part in NIGHT:
        try:
            await part()
        except Exception:  # Whatever is wrong with one part, the others are done.
            log.exception("night.failed", part=name)
            failed.append(name)
    if failed:
        raise NightNotWhole(", ".join(failed))
