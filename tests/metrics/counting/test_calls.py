"""A call about a contact that its caller has already is counted: a contact by phone, with why it need not have been."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.keeping.conftest import erase, reference_of
from tests.makers import make_agent, make_contact
from tests.metrics.counting.conftest import DAY, NOON, Counted
from triage import ringing
from triage.database import transaction
from triage.following_up import FROM
from triage.metrics import steps
from triage.metrics.counting import marking, repository
from triage.metrics.counting.avoidable import Reason, case_of_calls
from triage.metrics.counting.measures import Subject
from triage.tables import ContactHistory

HOUR, DAYS = timedelta(hours=1), timedelta(days=1)
SAID = "Where is it?"


async def line(contact_id: UUID, what: str, at: Any = NOON, **detail: str) -> None:
    async with transaction() as session:
        session.add(ContactHistory(contact_id=contact_id, what=what, at=at, detail=detail))


async def rang(contact_id: UUID, kind: str, at: Any = NOON, what: str = "added") -> None:
    """As following_up leaves it."""
    await line(contact_id, what, at, **{"said": SAID, "key": "", ringing.CHANNEL: ringing.PHONE, ringing.KIND: kind})


async def before(**fields: Any) -> UUID:
    """A contact that came on another day, by the website."""
    return await make_contact(**{"service": "missed_bin", "arrived_at": NOON - 30 * DAYS} | fields)


async def test_a_call_is_a_contact_by_phone_of_its_own_day(counted: Counted) -> None:
    contact_id = await before(queue="Q-CTAX", partner="csg")
    for kind in (ringing.CHASES, ringing.CHASES, ringing.ANSWERS, ringing.AFTERWARDS):
        await rang(contact_id, kind)
    await rang(contact_id, ringing.CHASES, NOON + DAYS)
    # What they wrote themselves is no call, nor is what was copied to the contact that theirs is part of.
    await line(contact_id, "added", said="More.", key="k")
    await line(contact_id, "added", **{"said": SAID, "key": "", ringing.CHANNEL: ringing.PHONE, FROM: "BN-0000-0000"})
    assert await counted("arrived") == {"chasing": 2, "needed": 2}
    assert await counted("arrived", by="channel") == {"phone": 4}
    assert await counted("arrived", by="partner") == {"csg": 4}
    assert await counted("arrived", by="queue") == {"Q-CTAX": 4}
    assert await counted("arrived", day=DAY + DAYS) == {"chasing": 1}


async def test_who_says_within_14_days_that_it_is_not_settled_comes_with_the_same_need_again(counted: Counted) -> None:
    for ago in (14 * DAYS - HOUR, 14 * DAYS + HOUR):
        contact_id = await before()
        await line(contact_id, "closed", NOON - ago)
        await rang(contact_id, ringing.COMES_BACK, what="reopened")
    # What became part of another is closed when that is.
    whole = await before()
    part = await before(merged_into=whole)
    await line(part, "closed", NOON - 20 * DAYS)
    await line(whole, "closed", NOON - DAYS)
    await rang(part, ringing.COMES_BACK)
    assert await counted("arrived") == {"repeat": 2, "needed": 1}


async def test_demonstrations_are_left_out(counted: Counted) -> None:
    await rang(await before(demo=True), ringing.CHASES)
    assert await counted("arrived") == {}


async def test_erased_it_counts_as_it_did(counted: Counted) -> None:
    contact_id = await before(state="closed", closed_at=NOON - DAYS, close_reason="done")
    await line(contact_id, "closed", NOON - DAYS)
    await rang(contact_id, ringing.CHASES, NOON - HOUR)
    await rang(contact_id, ringing.COMES_BACK)
    was = await counted("arrived")
    assert was == {"chasing": 1, "repeat": 1}
    await erase(await reference_of(contact_id), (await make_agent(role="administrator")).login)
    async with transaction() as session:
        left = await repository.days_of_calls(session, contact_id)
    assert left == {DAY} and await counted("arrived") == was


async def test_the_day_of_a_call_is_counted_again(counted: Counted) -> None:
    contact_id = await before()
    await rang(contact_id, ringing.CHASES)
    for _ in range(2):
        async with transaction() as session:
            await steps.count_call(session, contact_id)
    async with transaction() as session:
        assert await marking.take(session, DAY, timedelta()) == {Subject.CONTACTS: 2}
    async with transaction() as session:
        assert DAY in (await repository.days_of_contact(session, contact_id))[Subject.CONTACTS]


def test_a_call_has_the_reasons_that_the_file_gives_it() -> None:
    known = {"one": Reason(name="x", sentence="x", signs=("earlier_open",)), "two": Reason(name="x", sentence="x")}
    assert "then 'one'" in case_of_calls(known) and "'two'" not in case_of_calls(known)
    assert case_of_calls({}) == "null::text"
