"""What is counted of contacts: closed and not come back, needed at all, how fast, by whom, and for whom."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text, update

from tests.makers import make_agent, make_contact, make_conversation
from tests.metrics.counting.conftest import DAY, NOON, Counted
from triage import closing, telling
from triage.contacts import OURS_BY_POSTCODE, OURS_BY_PROPERTY, WARD, WHOSE
from triage.database import transaction
from triage.delivery.places import UNSURE
from triage.metrics.counting import repository
from triage.metrics.counting.measures import Subject
from triage.metrics.counting.sql import same
from triage.tables import Contact, ContactClock, ContactHistory, Correction, SortingDecision

HOUR, DAYS = timedelta(hours=1), timedelta(days=1)


async def closed(at: Any = NOON, **fields: Any) -> UUID:
    values = {"service": "missed_bin", "state": "closed", "arrived_at": at - 2 * HOUR, "closed_at": at} | fields
    contact_id = await make_contact(**values)
    await line(contact_id, "closed", at)
    return contact_id


async def line(contact_id: UUID, what: str, at: Any, **detail: str) -> None:
    async with transaction() as session:
        session.add(ContactHistory(contact_id=contact_id, what=what, at=at, detail=detail))


async def reopened(contact_id: UUID, at: Any) -> None:
    """As following_up leaves it: what the closing said of it stands in its history alone."""
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(state="queued", closed_at=None))
    await line(contact_id, "reopened", at)


async def clock(contact_id: UUID, kind: str, **fields: Any) -> None:
    async with transaction() as session:
        values = {"queue": "Q-WASTE", "partner": "council", "rule": "2 wd", "began_at": NOON} | fields
        session.add(
            ContactClock(contact_id=contact_id, kind=kind, counts_from=NOON, due_at=NOON, warn_at=NOON, **values)
        )


async def test_a_closed_contact_came_back_when_the_same_resident_has_the_same_need_within_14_days(
    counted: Counted,
) -> None:
    for who in ("one@example.org", "two@example.org", "three@example.org", "four@example.org"):
        await closed(reply_to=who)
    later = {"service": "missed_bin", "state": "queued"}
    await make_contact(reply_to="ONE@example.org", arrived_at=NOON + 14 * DAYS, **later)
    await make_contact(reply_to="two@example.org", arrived_at=NOON + 14 * DAYS + HOUR, **later)
    await make_contact(reply_to="three@example.org", arrived_at=NOON + HOUR, **later | {"service": "pothole"})
    await make_contact(reply_to="four@example.org", arrived_at=NOON - HOUR / 2, **later)
    assert await counted("closed") == {"stayed": 3, "came_back": 1}


@pytest.mark.parametrize(
    ("first", "then"),
    [("07700 900123", "+44 7700-900123"), ("+44 (0)7700 900123", "07700900123"), ("A@b.example", "a@B.example ")],
)
async def test_the_same_number_typed_otherwise_is_the_same_resident(counted: Counted, first: str, then: str) -> None:
    done = await closed(reply_to=first)
    await make_contact(
        reply_to=then, service="missed_bin", arrived_at=NOON + DAYS, repeat_of=done, closed_at=NOON + 2 * DAYS
    )
    await make_contact(reply_to="07700 900124", service="missed_bin", arrived_at=NOON + DAYS)
    assert await counted("closed") == {"came_back": 1}
    assert await counted("arrived", day=DAY + DAYS) == {"repeat": 1, "open": 1}
    # In the database as in the process, so that sorting and counting mean the same resident.
    async with transaction() as session:
        assert await session.scalar(text(f"select {same(':typed')}"), {"typed": then}) == telling.same(then)


async def test_it_came_back_in_the_same_chat_too_and_when_it_was_opened_again(counted: Counted) -> None:
    talk = await make_conversation()
    await closed(conversation_id=talk, channel="chat")
    await make_contact(service="missed_bin", conversation_id=talk, channel="chat", arrived_at=NOON + DAYS)
    await reopened(await closed(), NOON + DAYS)
    await closed()
    assert await counted("closed") == {"stayed": 1, "came_back": 2}


async def test_opened_again_it_was_not_settled_on_the_day_of_its_first_closing_and_is_no_failure_of_a_later_one(
    counted: Counted,
) -> None:
    ids = [await closed(partner="council") for _ in range(5)]
    await line(ids[0], "closed", NOON + 4 * DAYS)
    # Settled for 14 days, and opened again on the fifteenth: what a past month says does not change any more.
    await reopened(ids[1], NOON + 14 * DAYS + HOUR)
    assert await counted("closed") == {"stayed": 5}
    await reopened(ids[0], NOON + 3 * DAYS)
    assert await counted("closed") == {"stayed": 4, "came_back": 1}
    # Open still or closed once more by another: one contact, one first closing, and one time that it took.
    later = NOON + 30 * DAYS
    async with transaction() as session:
        again = {"state": "closed", "closed_at": later, "partner": "csg"}
        await session.execute(update(Contact).where(Contact.id == ids[0]).values(again))
    await line(ids[0], "closed", later, partner="csg", queue="Q-CTAX")
    assert await counted("closed") == {"stayed": 4, "came_back": 1}
    assert await counted("closed", day=later.date()) == {}
    assert await counted("settle_time", by="partner") == {"council": 4}
    assert await counted("settle_time", by="partner", day=later.date()) == {"csg": 1}


async def test_a_closing_is_of_whoever_held_it_then(counted: Counted) -> None:
    contact_id = await make_contact(partner="council", queue="Q-CTAX", state="taken")
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id, with_for_update=True)
        await closing.close(session, contact, "done", "We have done what you asked.")
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(partner="csg", queue="Q-PARK"))
    day = await days_of_closing(contact_id)
    assert await counted("closed", by="partner", day=day) == {"council": 1}
    assert await counted("closed", by="queue", day=day) == {"Q-CTAX": 1}


async def days_of_closing(contact_id: UUID) -> date:
    async with transaction() as session:
        return (await repository.days_closed(session, contact_id)).pop()


async def test_what_was_made_part_of_another_is_that_ones(counted: Counted) -> None:
    whole = await closed()
    await closed(merged_into=whole, close_reason="duplicate")
    assert await counted("closed") == {"stayed": 1}
    # What had been closed and opened again before was that: it is not undone by what became of it.
    part = await closed(NOON - 2 * HOUR, merged_into=whole)
    await reopened(part, NOON - HOUR)
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == part).values(state="closed", closed_at=NOON))
    await line(part, "closed", NOON)
    assert await counted("closed") == {"stayed": 1, "came_back": 1}


async def test_a_contact_is_avoidable_for_the_first_reason_that_is_so(counted: Counted) -> None:
    who = {"reply_to": "one@example.org", "service": "missed_bin", "arrived_at": NOON}
    open_still = await make_contact(**who | {"arrived_at": NOON - 3 * DAYS})
    done = await closed(NOON - 2 * DAYS, **{"reply_to": "one@example.org"})
    # What is open still is neither needed nor not yet; all of these were closed since.
    who |= {"closed_at": NOON + DAYS}
    await make_contact(**who, repeat_of=open_still)
    await make_contact(**who, repeat_of=done)
    # Somebody else's report of the same thing in the street is nobody's chasing.
    await make_contact(**who | {"reply_to": "two@example.org"}, repeat_of=open_still)
    await closed(arrived_at=NOON, close_reason="passed_on")
    await make_contact(arrived_at=NOON, tags=["unclear letter"])
    # A missed bin can be reported online; a call by somebody who told of a need for care is right to be a call.
    await make_contact(arrived_at=NOON, service="missed_bin", channel="phone")
    over = {"arrived_at": NOON, "closed_at": NOON + DAYS}
    await make_contact(**over, service="missed_bin", channel="phone", vulnerable=["older"])
    assert await counted("arrived") == {
        "chasing": 1,
        "repeat": 1,
        "wrong_place": 1,
        "unclear_letter": 1,
        "online": 1,
        "needed": 2,
    }


async def test_while_a_contact_is_open_its_closing_may_yet_tell_that_it_need_not_have_come(counted: Counted) -> None:
    for n in range(5):
        await make_contact(arrived_at=NOON, tags=["repeat"] if n == 0 else [])
    late = await make_contact(arrived_at=NOON)
    assert await counted("arrived") == {"repeat": 1, "open": 5}
    async with transaction() as session:
        await session.execute(update(Contact).values(closed_at=NOON + 60 * DAYS, close_reason="done"))
        await session.execute(update(Contact).where(Contact.id == late).values(close_reason="passed_on"))
        assert DAY in (await repository.days_of_contact(session, late))[Subject.CONTACTS]
    assert await counted("arrived") == {"repeat": 1, "wrong_place": 1, "needed": 4}


async def test_times_are_kept_in_bins(counted: Counted) -> None:
    for arrived, answered in ((59, 55), (60, 55), (41 * 1440, 41 * 1440)):
        contact_id = await closed(arrived_at=NOON - timedelta(minutes=arrived))
        await clock(contact_id, "first", met_at=NOON - timedelta(minutes=answered))
    assert await counted("settle_time") == {"60": 1, "120": 1, "more": 1}
    # Answered after 4 and 5 minutes; the third was answered on another day.
    assert await counted("first_time") == {"5": 1, "10": 1}


async def test_the_first_answer_is_the_first_that_anybody_gave_and_theirs(counted: Counted) -> None:
    minute, given = timedelta(minutes=1), NOON - 10 * DAYS
    # Answered by one partner in 20 minutes, passed on, answered by the next in 3, and again when it was opened again.
    contact_id = await make_contact(arrived_at=given - 20 * minute, partner="csg")
    await clock(contact_id, "first", met_at=given, ended_at=NOON - 3 * minute, partner="council")
    await clock(contact_id, "first", met_at=NOON, ended_at=NOON + DAYS, partner="csg")
    await clock(contact_id, "first", met_at=NOON + 2 * DAYS, partner="csg")
    assert await counted("first_time") == await counted("first_time", day=DAY + 2 * DAYS) == {}
    assert await counted("first_time", day=given.date()) == {"30": 1}
    assert await counted("first_time", by="partner", day=given.date()) == {"council": 1}
    async with transaction() as session:
        assert given.date() in (await repository.days_of_contact(session, contact_id))[Subject.CONTACTS]
    # A contact that became part of another was not answered by that; an answer before it stays one.
    whole = await make_contact()
    for met in (NOON - HOUR, NOON):
        part = await make_contact(arrived_at=NOON - 2 * HOUR, closed_at=NOON, state="closed", merged_into=whole)
        await clock(part, "first", met_at=met)
    assert await counted("first_time") == {"120": 1}


async def test_danger_counts_until_a_person_has_it_and_not_a_machine(counted: Counted) -> None:
    agent = await make_agent()
    seen, given, waits = [await make_contact(danger="fire", arrived_at=NOON) for _ in range(3)]
    await make_contact(arrived_at=NOON)
    lines: tuple[tuple[UUID, int, UUID | None, dict[str, str]], ...] = (
        (seen, 4, agent.id, {}),
        (seen, 1, None, {}),
        (given, 1, agent.id, {"assigned": "automatic"}),
        (given, 20, agent.id, {}),
        (waits, 1, agent.id, {"assigned": "automatic"}),
    )
    async with transaction() as session:
        for contact_id, minutes, agent_id, detail in lines:
            at = NOON + timedelta(minutes=minutes)
            session.add(ContactHistory(contact_id=contact_id, what="taken", agent_id=agent_id, detail=detail, at=at))
    assert await counted("danger_time") == {"5": 1, "30": 1, "not_yet": 1}


async def test_a_danger_that_is_told_of_later_waits_from_then(counted: Counted) -> None:
    agent, day = await make_agent(), DAY - 20 * DAYS
    begun = NOON - 20 * DAYS
    minute = timedelta(minutes=1)
    # Looked at after 10 minutes; 20 days on its resident writes of a danger, twice, and waits for 26 hours.
    calm = await make_contact(danger="fire", arrived_at=begun)
    # It told of one when it came, which was seen to; then of another, which an agent has after 4 minutes.
    grave = await make_contact(danger="fire", arrived_at=begun)
    # While it waits for the first it tells of the second.
    waits = await make_contact(danger="fire", arrived_at=NOON - HOUR)
    # An agent made a contact that told of a danger part of it.
    took = await make_contact(danger="fire", arrived_at=NOON)
    lines: tuple[tuple[UUID, str, Any, UUID | None, dict[str, str | None]], ...] = (
        (calm, "taken", begun + 10 * minute, agent.id, {}),
        (calm, "danger seen", NOON, None, {"before": None}),
        (calm, "danger seen", NOON + minute, None, {"before": "fire"}),
        (calm, "taken", NOON + 26 * HOUR, agent.id, {}),
        (grave, "taken", begun + 10 * minute, agent.id, {}),
        (grave, "danger seen", NOON, None, {"before": "gas"}),
        (grave, "answered", NOON + 4 * minute, agent.id, {}),
        (waits, "danger seen", NOON, None, {"before": "gas"}),
        (took, "danger seen", NOON, agent.id, {}),
    )
    async with transaction() as session:
        for contact_id, what, at, agent_id, detail in lines:
            session.add(ContactHistory(contact_id=contact_id, what=what, agent_id=agent_id, detail=detail, at=at))
    assert await counted("danger_time", day=day) == {"15": 1}
    assert await counted("danger_time") == {"2880": 1, "5": 1, "not_yet": 1}
    async with transaction() as session:
        assert await repository.days_in_danger(session, calm) == {day, DAY}
        assert DAY in (await repository.days_of_contact(session, calm))[Subject.CONTACTS]
        assert await repository.days_in_danger(session, await make_contact(arrived_at=NOON)) == set()


async def test_a_clock_is_kept_or_missed_once_and_on_whoever_held_it(counted: Counted) -> None:
    ids = [await make_contact(queue="Q-CTAX", partner="council") for _ in range(3)]
    await clock(ids[0], "settle", met_at=NOON)
    await clock(ids[1], "settle", met_at=NOON, breached_at=NOON - DAYS, partner="csg", queue="Q-CTAX")
    await clock(ids[2], "settle", breached_at=NOON, partner="csg", queue="Q-CTAX")
    # Passed on unmissed: another took its place.
    await clock(ids[2], "first", ended_at=NOON)
    assert await counted("clock") == {"settle:within": 1, "settle:late": 1}
    assert await counted("clock", by="partner") == {"council": 1, "csg": 1}
    assert await counted("clock", day=DAY - DAYS) == {"settle:late": 1}


async def test_what_was_late_stays_late_when_it_is_made_part_of_another(counted: Counted) -> None:
    whole = await make_contact()
    late, kept, answered = [await make_contact(state="closed", closed_at=NOON, merged_into=whole) for _ in range(3)]
    await clock(late, "settle", breached_at=NOON - DAYS, met_at=NOON)
    # That it became part of another settled nothing; an answer that had been given before was one.
    await clock(kept, "settle", met_at=NOON)
    await clock(answered, "first", met_at=NOON - HOUR)
    assert await counted("clock", day=DAY - DAYS) == {"settle:late": 1}
    assert await counted("clock") == {"first:within": 1}


async def test_a_closing_that_its_resident_takes_back_within_14_days_kept_no_promise(counted: Counted) -> None:
    taken_back, stood = await make_contact(), await make_contact()
    await clock(taken_back, "settle", met_at=NOON, ended_at=NOON + 14 * DAYS)
    await clock(taken_back, "settle", met_at=NOON + 15 * DAYS)
    await clock(stood, "settle", met_at=NOON, ended_at=NOON + 14 * DAYS + HOUR)
    # The first answer was one, and a stage of a law's procedure that was over was over.
    await clock(taken_back, "first", met_at=NOON, ended_at=NOON + DAYS)
    await clock(taken_back, "complaint", met_at=NOON, ended_at=NOON + DAYS)
    assert await counted("clock") == {"settle:within": 1, "first:within": 1, "complaint:within": 1}
    assert await counted("clock", day=DAY + 15 * DAYS) == {"settle:within": 1}


async def test_who_answers_for_it_is_who_has_it_else_who_runs_its_queue_that_day(counted: Counted) -> None:
    await make_contact(arrived_at=NOON, queue="Q-CTAX", partner="council")
    await make_contact(arrived_at=NOON, queue="Q-CTAX")
    await make_contact(arrived_at=NOON, queue=None, state="arrived")
    assert await counted("arrived", by="partner") == {"council": 1, "csg": 1, "": 1}


async def test_a_correction_is_of_the_queue_that_it_was_put_in(counted: Counted) -> None:
    async with transaction() as session:
        for verdict in ("right", "wrong", "held"):
            contact_id = await make_contact(service="pothole", queue="Q-HWAY")
            decision = SortingDecision(
                contact_id=contact_id,
                queue="Q-WASTE",
                priority="P3",
                confidence=0.9,
                holding=False,
                reasons=[],
                made_by={},
            )
            session.add(decision)
            await session.flush()
            values = {"from_queue": "Q-WASTE", "to_queue": "Q-HWAY", "why": "wrong_team", "settled_at": NOON}
            session.add(Correction(contact_id=contact_id, decision_id=decision.id, verdict=verdict, **values))
    assert await counted("sorted") == {"right": 1, "wrong": 1, "held": 1}
    assert await counted("sorted", by="queue") == {"Q-WASTE": 3}


async def test_groups_of_people_are_counted_again_beside_everybody(counted: Counted) -> None:
    await closed(language="pl", vulnerable=["older", "no money"])
    await closed(vulnerable=["older", "older"])
    await closed()
    assert await counted("closed") == {"stayed": 3}
    assert await counted("closed", by="member", dimension="language") == {"pl": 1}
    assert await counted("closed", by="member", dimension="need") == {"any": 2, "older": 2, "no money": 1}
    assert await counted("closed", by="member", dimension="ward") == {}


async def test_a_ward_is_counted_only_where_the_place_was_certain_and_by_service_alone(counted: Counted) -> None:
    for details in (
        {WARD: "Hendon", WHOSE: OURS_BY_PROPERTY},
        {WARD: "Hendon, by the postcode", WHOSE: OURS_BY_POSTCODE},
        {WARD: "St. James's, Upper", WHOSE: OURS_BY_PROPERTY},
        # By the border nothing is certain; a word of the resident's own is not looked up; no ward was found.
        {WARD: "Hendon", WHOSE: UNSURE},
        {WARD: "Hendon"},
        {WHOSE: OURS_BY_PROPERTY},
        {WARD: "", WHOSE: OURS_BY_PROPERTY},
    ):
        contact_id = await closed(details=details, channel="phone")
        await clock(contact_id, "settle", met_at=NOON)
    wards = {"Hendon": 2, "St. James's, Upper": 1}
    assert await counted("closed", by="member", dimension="ward") == wards
    assert await counted("clock", by="member", dimension="ward") == wards
    assert await counted("closed", by="service", dimension="ward") == {"missed_bin": 3}
    for column in ("queue", "partner", "channel"):
        assert await counted("closed", by=column, dimension="ward") == {"": 3}
    assert await counted("closed", by="channel") == {"phone": 7}


async def test_the_days_of_a_contact_are_all_on_which_it_is_counted(database: str) -> None:
    talk = await make_conversation(started_at=NOON - 9 * DAYS)
    earlier = await closed(NOON - 20 * DAYS)
    contact_id = await closed(conversation_id=talk, arrived_at=NOON - 8 * DAYS, repeat_of=earlier)
    await clock(contact_id, "first", met_at=NOON - DAYS)
    await clock(contact_id, "settle", breached_at=NOON - 2 * DAYS, met_at=NOON)
    async with transaction() as session:
        days = await repository.days_of_contact(session, contact_id)
        assert days == {
            Subject.CONTACTS: {DAY, date(2026, 11, 19), date(2026, 11, 12), date(2026, 10, 31)},
            Subject.CLOCKS: {DAY, date(2026, 11, 18), date(2026, 11, 19)},
            Subject.CHATS: {date(2026, 11, 11)},
            Subject.SORTING: set(),
        }
        assert await repository.days_of_contact(session, uuid4()) == {}


@pytest.mark.parametrize("measure", ["arrived", "closed", "settle_time"])
async def test_demonstrations_are_left_out(counted: Counted, measure: str) -> None:
    await closed(demo=True, arrived_at=NOON, tags=["online"])
    assert await counted(measure) == {}
