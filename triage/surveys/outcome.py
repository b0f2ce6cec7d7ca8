"""Some days after a contact was closed as done: was it really settled? "No" opens it again, once.

Who closes a contact says that it is done; only its resident knows whether it is. Asked of everybody whom we may write
to, and not of a sample: for them it is a way back in, and not only a question.
"""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from language.danger import Sighting
from triage import clock, outbox
from triage.catalogue import catalogue
from triage.errors import LinkExpired, LinkUsed, NotFound
from triage.events import OutcomeAnswered
from triage.following_up import Heard, hold, say_more
from triage.surveying.links import case_of
from triage.surveying.questions import asking
from triage.surveys import outcome_repository, rules
from triage.tables import Contact, OutcomeCheck

NOT_SETTLED = "This is not settled. (Their answer when we asked some days after it was closed.)"


async def plan(session: AsyncSession, contact: Contact) -> None:
    """A check some days after a contact was closed as done. Each contact has one; asked once, it is planned no more."""
    rule = asking()
    if contact.close_reason not in rule.outcome_reasons or contact.merged_into is not None or contact.closed_at is None:
        return
    wanted = contact.closed_at + timedelta(days=rule.outcome_after_days)
    due = rules.at_a_good_hour(wanted, rule.message_from_hour, rule.message_to_hour)
    known = {
        "service": contact.service,
        "queue": contact.queue,
        "partner": contact.partner or (catalogue().partner_id(contact.queue, clock.today()) if contact.queue else None),
        "closed_at": contact.closed_at,
        "due_at": due,
        "why_not": "test" if contact.demo else None,
    }
    check_id = await outcome_repository.plan(session, contact, known)
    if check_id is not None and not contact.demo:
        await outcome_repository.plan_letter(session, check_id, due)


async def check_of(session: AsyncSession, token: str) -> OutcomeCheck:
    """The check behind a link, locked. Raises NotFound, LinkUsed, LinkExpired."""
    check = await outcome_repository.check_of_case(session, case_of(token))
    if check is None or check.contact_id is None or check.why_not == "open_again":
        raise NotFound
    if check.answered_at is not None:
        raise LinkUsed("You have answered this already. Thank you: there is nothing more to do.")
    if check.asked_at is None:
        # Only a link to /survey/{token} has gone out: this one is asked when its day has come.
        raise NotFound
    if clock.now() > check.due_at + timedelta(days=asking().outcome_open_days):
        raise LinkExpired("This link has run out. If it is not settled, tell us with your reference and code.")
    return check


async def answer(
    session: AsyncSession, token: str, settled: bool, text: str, sighting: Sighting | None = None
) -> tuple[OutcomeCheck, Heard | None]:
    """Take the answer, once. "No" opens the contact again and starts its clocks (following_up.py).

    Raises as `check_of`, and MessageTooLong.
    """
    contact_id = await outcome_repository.contact_of_case(session, case_of(token))
    if contact_id is not None and not settled:
        # The contact before its check, as whoever plans a check holds them (record.py).
        await hold(session, contact_id)
    check = await check_of(session, token)
    assert check.contact_id is not None
    now = clock.now()
    check.answered_at, check.settled, check.why_not = now, settled, None
    heard = None
    if not settled:
        said = text.replace("\x00", "").strip() or NOT_SETTLED
        heard = await say_more(session, check.contact_id, said, f"outcome:{check.id}", sighting)
    await session.flush()
    await outbox.publish(session, OutcomeAnswered(check.id))
    return check, heard
