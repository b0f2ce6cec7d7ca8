"""A contact's clocks in the record: begun, paused, moved on, missed and opened again, with who held it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from language.danger import Sighting
from tests.makers import contact_now, make_contact
from tests.queues.walls import Wall, arrive, at, clocks, do, ended, history, sweep, taken
from triage import clock, journey
from triage.clocks import keeping, pausing
from triage.database import transaction
from triage.desk import service, waiting
from triage.errors import Invalid
from triage.following_up import say_more
from triage.metrics import steps as metrics
from triage.queues import steps
from triage.tables import Contact, Fact

pytestmark = pytest.mark.usefixtures("database")


async def test_a_contact_that_joins_a_queue_has_its_two_promises_and_its_partner(wall: Wall) -> None:
    contact_id = await arrive()
    rows, contact = await clocks(contact_id), await contact_now(contact_id)
    assert contact.partner == "csg"
    assert {kind: (row.rule, row.due_at, row.partner) for kind, row in rows.items()} == {
        "first": ("2 wd", at(2026, 11, 25, 17, 15), "csg"),
        "settle": ("10 wd", at(2026, 12, 7, 17, 15), "csg"),
    }
    assert (contact.first_due_at, contact.settle_due_at) == (rows["first"].due_at, rows["settle"].due_at)


async def test_the_laws_clock_counts_from_arrival_and_not_from_sorting(wall: Wall) -> None:
    arrived = at(2026, 11, 20, 18, 0)  # a Friday evening
    contact_id = await arrive("Q-GOV", statutory="foi", arrived_at=arrived)
    foi = (await clocks(contact_id))["foi"]
    # 20 working days after 20 November; 30 November is a bank holiday in Scotland, so the last is 21 December.
    assert (foi.began_at, foi.due_at) == (arrived, at(2026, 12, 22, 0, 0))


async def test_a_step_that_runs_twice_starts_nothing_twice(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="complaint")
    before = {kind: row.id for kind, row in (await clocks(contact_id)).items()}
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id, with_for_update=True)
        await keeping.start(session, contact, clock.now())
    assert {kind: row.id for kind, row in (await clocks(contact_id)).items()} == before
    assert set(before) == {"first", "settle", "complaint_acknowledge", "complaint"}


async def test_a_pause_moves_what_is_due_by_the_working_time_it_lasted(wall: Wall) -> None:
    contact_id = await arrive()
    agent = await taken(contact_id)
    await do(service.reply, agent, contact_id, "Which flat is it?")
    wall.set(2026, 11, 24, 12, 0)
    await do(waiting.pause, agent, contact_id, "resident", "2026-12-01")
    wall.set(2026, 11, 25, 11, 0)  # 5 h 15 min of Tuesday and 2 h of Wednesday
    await do(waiting.resume, agent, contact_id)
    rows, contact = await clocks(contact_id), await contact_now(contact_id)
    assert rows["settle"].paused == timedelta(hours=7, minutes=15)
    assert rows["settle"].due_at == contact.settle_due_at == at(2026, 12, 8, 16, 15)
    assert rows["first"].due_at == at(2026, 11, 25, 17, 15)  # met before: it is as it was
    assert (contact.paused_at, contact.pause_reason, contact.paused_until) == (None, None, None)
    assert {"paused", "resumed"} <= set(await history(contact_id))


async def test_a_pause_ends_by_itself_on_its_day_however_late_the_watch_comes_by(wall: Wall) -> None:
    contact_id = await arrive()
    agent = await taken(contact_id)
    wall.set(2026, 11, 23, 12, 0)
    await do(waiting.pause, agent, contact_id, "third_party", "2026-11-25")
    wall.set(2026, 11, 24, 9, 0)
    assert await sweep() == 0
    wall.set(2026, 11, 25, 10, 0)
    assert await sweep() == 1
    # 12:00 to 17:15 on Monday, and all of Tuesday.
    assert (await clocks(contact_id))["settle"].paused == timedelta(hours=13, minutes=30)
    assert await sweep() == 0


async def test_a_pause_that_was_over_ended_on_its_day_though_it_is_passed_on_before_the_watch_came(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX")
    agent = await taken(contact_id)
    wall.set(2026, 11, 23, 12, 0)
    await do(waiting.pause, agent, contact_id, "third_party", "2026-11-25")
    wall.set(2026, 11, 25, 15, 0)
    await do(service.transfer, agent, contact_id, "Q-NNDR", "It is a shop.")
    assert (await clocks(contact_id))["settle"].paused == timedelta(hours=13, minutes=30)  # nothing of Wednesday


async def test_the_resident_says_something_and_the_clocks_go_on(wall: Wall) -> None:
    contact_id = await arrive()
    agent = await taken(contact_id)
    await do(waiting.pause, agent, contact_id, "resident", "2026-12-01")
    wall.set(2026, 11, 23, 11, 0)
    async with transaction() as session:
        await say_more(session, contact_id, "It is flat 3.")
    assert (await clocks(contact_id))["settle"].paused == timedelta(hours=1)
    assert (await contact_now(contact_id)).paused_at is None


async def test_a_danger_in_what_they_add_makes_it_due_sooner_and_never_later(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX")
    wall.set(2026, 11, 23, 11, 0)
    danger = Sighting(signal="fire", level="now", priority="P0", queue="Q-EMERG", rule="fire.here")
    async with transaction() as session:
        await say_more(session, contact_id, "There is a fire.", sighting=danger)
    rows = await clocks(contact_id)
    assert rows["first"].due_at == at(2026, 11, 23, 11, 5)
    assert rows["settle"].due_at == at(2026, 12, 7, 17, 15)
    wall.set(2026, 11, 23, 11, 3)
    async with transaction() as session:
        await say_more(session, contact_id, "It still burns.", key="2", sighting=danger)
    assert (await clocks(contact_id))["first"].due_at == at(2026, 11, 23, 11, 5)


async def test_the_laws_clock_does_not_pause_for_our_reasons(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="foi")
    agent = await taken(contact_id)
    before = (await clocks(contact_id))["foi"].due_at
    await do(waiting.pause, agent, contact_id, "third_party", "2026-12-01")
    assert (await clocks(contact_id))["foi"].paused_since is None
    wall.set(2026, 11, 27, 10, 0)
    await do(waiting.resume, agent, contact_id)
    assert (await clocks(contact_id))["foi"].due_at == before


async def test_a_subject_access_request_stops_for_clarification_and_begins_again_with_the_proof(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="sar")
    agent = await taken(contact_id)
    assert (await clocks(contact_id))["sar"].due_at == at(2026, 12, 24, 0, 0)  # to the end of 23 December
    await do(waiting.pause, agent, contact_id, "resident", "2026-12-10")
    wall.set(2026, 11, 27, 9, 0)
    await do(waiting.resume, agent, contact_id)
    # Four days are not counted: 27 December is a Sunday and the 28th a bank holiday.
    assert (await clocks(contact_id))["sar"].due_at == at(2026, 12, 30, 0, 0)
    await do(waiting.pause, agent, contact_id, "identity", "2026-12-10")
    wall.set(2026, 12, 2, 9, 0)
    await do(waiting.prove, agent, contact_id)
    row = (await clocks(contact_id))["sar"]
    assert row.began_at == at(2026, 11, 23, 10, 0)
    await do(waiting.take_longer, agent, contact_id, "sar", "Nine years of records.")
    # Three months from 2 December. The four days lie before it: they are in it no more.
    assert (await clocks(contact_id))["sar"].due_at == at(2027, 3, 3, 0, 0)
    with pytest.raises(Invalid):
        await do(waiting.take_longer, agent, contact_id, "sar", "Again.")


@pytest.mark.parametrize(
    ("reason", "until"),
    [("busy", "2026-12-01"), ("resident", ""), ("resident", "2026-11-23"), ("resident", "2026-12-22")],
)
async def test_a_pause_needs_a_listed_reason_and_a_near_day(wall: Wall, reason: str, until: str) -> None:
    contact_id = await arrive()
    agent = await taken(contact_id)
    with pytest.raises(Invalid):
        await do(waiting.pause, agent, contact_id, reason, until)
    assert (await contact_now(contact_id)).paused_at is None


def test_the_longest_pause_is_allowed() -> None:
    assert pausing.days_wrong(date(2026, 12, 21), date(2026, 11, 23)) is None


async def test_another_partner_begins_anew_and_the_law_runs_on(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX", statutory="complaint")
    agent = await taken(contact_id)
    await do(service.reply, agent, contact_id, "I pass this on.")
    law = (await clocks(contact_id))["complaint"].due_at
    wall.set(2026, 11, 26, 10, 0)
    await do(service.transfer, agent, contact_id, "Q-REPAIR", "It is about damp.")
    rows, contact = await clocks(contact_id), await contact_now(contact_id)
    assert (contact.partner, contact.first_answer_at) == ("barnet_homes", None)
    assert (rows["first"].due_at, rows["first"].met_at) == (at(2026, 11, 27, 17, 0), None)
    assert rows["settle"].due_at == contact.settle_due_at == at(2026, 12, 10, 17, 15)
    assert (rows["complaint"].due_at, rows["complaint"].partner) == (law, "barnet_homes")
    assert rows["complaint_acknowledge"].met_at == at(2026, 11, 23, 10, 0)
    first, settle = await ended(contact_id)
    assert (first.partner, first.met_at, settle.met_at) == ("csg", at(2026, 11, 23, 10, 0), None)


async def test_the_same_partner_wins_no_time_by_passing_on(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX")
    agent = await taken(contact_id)
    wall.set(2026, 11, 25, 10, 0)
    await do(service.transfer, agent, contact_id, "Q-NNDR", "It is a shop.")
    rows = await clocks(contact_id)
    assert rows["settle"].began_at == at(2026, 11, 23, 10, 0)
    assert rows["first"].due_at == at(2026, 11, 26, 17, 15)  # 3 working days after Monday
    assert await ended(contact_id) == []


async def test_a_breach_is_of_whoever_held_it_though_it_was_passed_on_before_the_watch_came(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX")
    agent = await taken(contact_id)
    wall.set(2026, 11, 26, 9, 30)  # the first answer was due on Wednesday evening
    await do(service.transfer, agent, contact_id, "Q-REPAIR", "It is about damp.")
    first, settle = await ended(contact_id)
    assert (first.breached_at, first.partner, first.queue) == (at(2026, 11, 25, 17, 15), "csg", "Q-CTAX")
    assert settle.breached_at is None
    assert (await clocks(contact_id))["first"].breached_at is None


async def test_it_is_warned_of_once_and_missed_once_and_counted(wall: Wall) -> None:
    contact_id = await arrive("Q-CTAX")
    wall.set(2026, 11, 25, 9, 0)
    assert await sweep() == 0
    wall.set(2026, 11, 25, 12, 0)
    assert (await sweep(), await sweep()) == (1, 0)
    wall.set(2026, 11, 25, 17, 15)
    assert await sweep() == 0  # at that moment it is still in time
    wall.set(2026, 11, 26, 3, 0)
    assert (await sweep(), await sweep()) == (1, 0)
    assert [what for what in await history(contact_id) if what.startswith("clock")] == ["clock_near", "clock_missed"]
    for _ in range(2):
        async with transaction() as session:
            await metrics.count_breach(session, contact_id, (await clocks(contact_id))["first"].id)
    assert await metrics.count_marked() == 1
    async with transaction() as session:
        facts = (await session.scalars(select(Fact).where(Fact.measure == "clock"))).all()
    assert [(one.day, one.levels, one.queue, one.partner, one.count) for one in facts] == [
        (date(2026, 11, 25), {"first:late": 1}, "Q-CTAX", "csg", 1)
    ]


async def test_more_are_past_than_one_sweep_takes_and_none_is_missed(
    wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [await arrive("Q-CTAX") for _ in range(7)]
    monkeypatch.setattr(steps, "MOST_WATCHED", 3)
    wall.set(2026, 11, 26, 9, 0)
    assert [await sweep() for _ in range(4)] == [3, 3, 1, 0]
    assert all([(await clocks(contact_id))["first"].breached_at is not None for contact_id in ids])


async def test_closing_meets_what_is_left_and_opening_again_restarts_the_partners_clock(wall: Wall) -> None:
    contact_id = await arrive("Q-GOV", statutory="complaint")
    agent = await taken(contact_id)
    wall.set(2026, 11, 24, 10, 0)
    await do(service.close, agent, contact_id, "answered", "We have written to you.")
    assert {row.met_at for row in (await clocks(contact_id)).values()} == {at(2026, 11, 24, 10, 0)}
    wall.set(2026, 11, 30, 10, 0)
    assert await sweep() == 0
    async with transaction() as session:
        await say_more(session, contact_id, "This is not settled.")
    wall.set(2026, 11, 30, 10, 5)
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    rows, contact = await clocks(contact_id), await contact_now(contact_id)
    assert (rows["settle"].began_at, rows["settle"].met_at) == (at(2026, 11, 30, 10, 0), None)
    assert contact.settle_due_at == rows["settle"].due_at
    assert rows["complaint_stage_2"].due_at == at(2026, 12, 31, 0, 0)  # 20 working days, Christmas between
    assert "complaint" not in rows and rows["complaint_acknowledge"].met_at is not None


async def test_a_limit_that_only_the_closing_met_runs_on_when_it_is_opened_again(wall: Wall) -> None:
    contact_id = await arrive("Q-HOMELESS", statutory="homelessness")
    due = (await clocks(contact_id))["homelessness"].due_at
    assert due == at(2027, 1, 18, 0, 0)  # 56 days, of which 23 November is the first
    agent = await taken(contact_id)
    await do(service.close, agent, contact_id, "answered", "You have a plan.")
    wall.set(2027, 1, 20, 10, 0)
    async with transaction() as session:
        await say_more(session, contact_id, "This is not settled.")
    row = (await clocks(contact_id))["homelessness"]
    assert (row.due_at, row.met_at, row.breached_at) == (due, None, at(2027, 1, 20, 10, 0))


async def test_a_hazard_is_safe_in_a_day_or_investigated_and_then_made_safe(wall: Wall) -> None:
    emergency = await arrive("Q-REPAIR", "P1", statutory="hazard")
    rows = await clocks(emergency)
    assert set(rows) == {"first", "settle", "hazard_emergency"}
    assert rows["hazard_emergency"].due_at == rows["settle"].due_at == at(2026, 11, 24, 10, 0)
    damp = await arrive("Q-REPAIR", "P2", statutory="hazard")
    agent = await taken(damp)
    assert (await clocks(damp))["hazard_investigate"].due_at == at(2026, 12, 8, 0, 0)
    wall.set(2026, 11, 30, 10, 0)
    await do(waiting.reach, agent, damp, "hazard_investigate")
    rows = await clocks(damp)
    assert rows["hazard_investigate"].met_at == at(2026, 11, 30, 10, 0)
    assert rows["hazard_summary"].due_at == at(2026, 12, 4, 0, 0)
    assert rows["hazard_safe"].due_at == at(2026, 12, 8, 0, 0)
    with pytest.raises(Invalid):
        await do(waiting.reach, agent, damp, "hazard_investigate")


async def test_a_contact_that_was_queued_without_clocks_is_given_them(wall: Wall) -> None:
    contact_id = await make_contact()
    agent = await taken(contact_id)
    await do(service.reply, agent, contact_id, "We come on Tuesday.")
    rows, contact = await clocks(contact_id), await contact_now(contact_id)
    assert (rows["first"].due_at, rows["first"].met_at) == (contact.first_due_at, at(2026, 11, 23, 10, 0))
    assert (rows["settle"].partner, contact.partner) == ("council", "council")


def test_each_event_of_a_clock_is_in_the_story() -> None:
    assert {"metrics.count_breach", "queues.resume_clocks"} <= set(journey.STEPS)


async def test_a_danger_told_in_the_chat_hurries_what_was_promised() -> None:
    contact_id = await make_contact(priority="P3", placement="bounced", follow_up_on=clock.today() + timedelta(days=3))
    before = await contact_now(contact_id)
    async with transaction() as session:
        await session.execute(update(Contact).where(Contact.id == contact_id).values(priority="P0"))
    for _ in range(2):
        async with transaction() as session:
            await steps.hurry_clocks(session, contact_id)
    now = await contact_now(contact_id)
    assert before.first_due_at and now.first_due_at and now.first_due_at < before.first_due_at
    assert now.first_due_at - clock.now() <= timedelta(minutes=5)
    assert (now.placement, now.follow_up_on) == (None, None)
