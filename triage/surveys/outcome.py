"""Some days after a contact was closed as done: was it really settled? "No" opens it again; closed again it is asked.

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
from triage.surveys import outcome_repository, repository, rules
from triage.tables import Contact, OutcomeCheck

# Whoever says no a third time has told us; a fourth letter would help nobody.
MOST_CHECKS = 3
# Of a check, why an answer to it is in no figure.
NOT_COUNTED = ("test", "staff")
NOT_SETTLED = "This is not settled. (Their answer when we asked some days after it was closed.)"


async def plan(session: AsyncSession, contact: Contact) -> None:
    """A check some days after a contact was closed as done: one of each closing, MOST_CHECKS of a contact at most."""
    rule = asking()
    if contact.close_reason not in rule.outcome_reasons or contact.merged_into is not None or contact.closed_at is None:
        return
    wanted = contact.closed_at + timedelta(days=rule.outcome_after_days)
    due = rules.at_a_good_hour(wanted, rule.message_from_hour, rule.message_to_hour)
    case = await repository.case_of_contact(session, contact)
    staff = (
        case.staff
        or await repository.staff_began(session, contact.conversation_id)
        or await repository.is_of_staff(session, contact.reply_to)
    )
    known = {
        "service": contact.service,
        "queue": contact.queue,
        "partner": contact.partner or (catalogue().partner_id(contact.queue, clock.today()) if contact.queue else None),
        "closed_at": contact.closed_at,
        "due_at": due,
        # Staff are asked as well, because it is a way back in; what they say is in no figure.
        "why_not": "test" if contact.demo else "staff" if staff else None,
    }
    check_id = await outcome_repository.plan(session, contact, known, MOST_CHECKS)
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
    session: AsyncSession,
    token: str,
    settled: bool,
    text: str,
    sighting: Sighting | None = None,
    *,
    staff: bool = False,
) -> tuple[OutcomeCheck, Heard | None]:
    """Take the answer, once. "No" opens the contact again and starts its clocks (following_up.py), whoever says it.

    `staff`: it came from a browser that is signed in at the desk, and is not counted.

    Raises as `check_of`, and MessageTooLong.
    """
    contact_id = await outcome_repository.contact_of_case(session, case_of(token))
    if contact_id is not None and not settled:
        # The contact before its check, as whoever plans a check holds them (record.py).
        await hold(session, contact_id)
    check = await check_of(session, token)
    assert check.contact_id is not None
    now = clock.now()
    check.answered_at, check.settled = now, settled
    if check.why_not not in NOT_COUNTED:
        check.why_not = "staff" if staff else None
    heard = None
    if not settled:
        said = text.replace("\x00", "").strip() or NOT_SETTLED
        heard = await say_more(session, check.contact_id, said, f"outcome:{check.id}", sighting)
    await session.flush()
    await outbox.publish(session, OutcomeAnswered(check.id))
    return check, heard
