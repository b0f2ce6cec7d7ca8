"""A contact that we have already is marked, with a reason, and nothing is closed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from tests.makers import make_contact
from triage import telling
from triage.contacts import POINT, point_of
from triage.database import transaction
from triage.sorting.repeats import Earlier, repeat, same_place
from triage.sorting.steps import sort_contact
from triage.tables import Contact, SortingDecision

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)


def earlier(days: int, **fields: object) -> Earlier:
    values: dict[str, object] = {
        "id": uuid4(),
        "reference": "BN-1111-1111",
        "service": "missed_bin",
        "place": None,
        "arrived_at": NOW - timedelta(days=days),
        "open": True,
        "same_resident": True,
    } | fields
    return Earlier(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "found"), [(0, True), (14, True), (15, False)])
def test_the_same_resident_and_need_within_fourteen_days(days: int, found: bool) -> None:
    assert bool(repeat("missed_bin", None, NOW, [earlier(days)])) is found


def test_another_need_is_no_repeat() -> None:
    assert repeat("new_bin", None, NOW, [earlier(1)]) is None


def test_a_street_problem_at_the_same_place_only_while_it_is_open() -> None:
    other = {"same_resident": False, "service": "pothole", "place": "Outside 12 Long Ln, N3 1AB"}
    assert repeat("pothole", "12 Long Lane N31AB", NOW, [earlier(40, **other)])
    assert repeat("pothole", "12 Long Lane N31AB", NOW, [earlier(40, **other, open=False)]) is None
    assert repeat("pothole", "14 Long Lane N31AB", NOW, [earlier(40, **other)]) is None


def test_two_homes_with_the_same_road_are_no_duplicate_of_each_other() -> None:
    other = {"same_resident": False, "place": "Long Lane"}
    assert repeat("missed_bin", "Long Lane", NOW, [earlier(1, **other)]) is None


def test_all_repeats_point_to_the_first() -> None:
    first = uuid4()
    found = repeat("missed_bin", None, NOW, [earlier(9, id=first), earlier(2, first=first)])
    assert found and found.of == first and "2 days ago" in found.reason


@pytest.mark.parametrize(
    ("place", "other"),
    [
        ("High Rd, East Finchley", "high road east finchley"),
        ("corner of Nether St", "Nether Street"),
        ("N3 1AB", "n31ab"),
    ],
)
def test_places_are_the_same_however_they_are_written(place: str, other: str) -> None:
    assert same_place(place, other)


def test_nowhere_is_not_the_same_place_as_nowhere() -> None:
    assert not same_place("", "") and not same_place(None, None) and not same_place("the", "near")


async def arrived(**fields: object) -> UUID:
    return await make_contact(state="arrived", queue=None, queued_at=None, **fields)


async def sorted_contact(contact_id: UUID) -> tuple[Contact, SortingDecision]:
    async with transaction() as session:
        await sort_contact(session, contact_id)
    async with transaction() as session:
        contact = await session.get_one(Contact, contact_id)
        decision = (
            await session.scalars(select(SortingDecision).where(SortingDecision.contact_id == contact_id))
        ).one()
        return contact, decision


async def test_a_second_contact_of_a_resident_is_marked_and_both_stay_open(database: str, trained: None) -> None:
    first = await make_contact(service="missed_bin", reply_to="Sam@example.org")
    contact, decision = await sorted_contact(await arrived(service="missed_bin", reply_to="sam@example.org"))
    assert contact.repeat_of == decision.repeat_of == first
    assert any("same resident" in reason for reason in decision.reasons)
    async with transaction() as session:
        assert (await session.get_one(Contact, first)).state == "queued" and contact.state == "sorted"


@pytest.mark.parametrize("typed", ["+44 7700 900123", "07700-900123", "447700900123"])
async def test_a_number_is_the_same_residents_however_it_was_typed(database: str, trained: None, typed: str) -> None:
    first = await make_contact(service="missed_bin", reply_to="07700 900 123")
    contact, _ = await sorted_contact(await arrived(service="missed_bin", reply_to=typed))
    assert contact.repeat_of == first


async def test_the_same_resident_is_found_by_an_index(database: str) -> None:
    same = telling.same_in(Contact.reply_to.expression) == telling.same("+44 7700 900123")
    async with transaction() as session:
        dialect = (await session.connection()).dialect
        asked = select(Contact.id).where(same).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
        await session.execute(text("set local enable_seqscan = off"))
        found = await (await session.connection()).exec_driver_sql(f"explain {asked}")
        plan = "\n".join(found.scalars())
    assert "ix_contact_reply_same" in plan and "Index Cond: (regexp_replace" in plan


HERE = "51.600000, -0.200000"


@pytest.mark.parametrize(
    ("point", "place", "found"),
    [
        ("51.600180, -0.200000", None, True),  # 20 m north
        ("51.600000, -0.199700", None, True),  # 21 m east
        ("51.600270, -0.200000", None, False),  # 30 m north
        ("51.602000, -0.200000", "Long Lane", False),  # the points say that it is another in the same road
        (None, "Long Lane", True),
    ],
)
async def test_two_points_near_each_other_are_the_same_place(
    database: str, trained: None, point: str | None, place: str | None, found: bool
) -> None:
    first = await make_contact(service="pothole", queue="Q-HWAY", place="Long Lane", details={POINT: HERE})
    details = {POINT: point} if point else {}
    contact, _ = await sorted_contact(
        await arrived(service="pothole", text="Deep hole in the road", place=place, details=details)
    )
    assert contact.repeat_of == (first if found else None)


def test_a_point_that_is_none_is_not_read() -> None:
    assert point_of({POINT: HERE}) == (51.6, -0.2)
    assert point_of({}) is point_of({POINT: "by the oak"}) is point_of({POINT: "1, 2, 3"}) is None


async def test_a_stranger_with_the_same_need_is_no_repeat(database: str, trained: None) -> None:
    await make_contact(service="missed_bin", reply_to="sam@example.org")
    contact, _ = await sorted_contact(await arrived(service="missed_bin", reply_to="kim@example.org"))
    assert contact.repeat_of is None


async def test_a_pothole_at_the_same_place_is_marked(database: str, trained: None) -> None:
    first = await make_contact(service="pothole", queue="Q-HWAY", place="Long Lane, N3 1AB")
    contact, _ = await sorted_contact(
        await arrived(service="pothole", text="Deep hole in the road", place="long ln N31AB")
    )
    assert contact.repeat_of == first


async def test_the_decision_keeps_what_was_decided_and_what_made_it(database: str, trained: None) -> None:
    text = (
        "Dear Sir,\n\nI am 84 and I wish to complain: nobody came for my bin on Friday, and you promised me twice.\n\n"
        "Yours faithfully\nK."
    )
    contact, decision = await sorted_contact(await arrived(channel="email", text=text))
    assert contact.complaint and decision.complaint and "older" in contact.vulnerable == decision.vulnerable
    # No rule of a person's was there to have a part in it.
    made_by = dict(decision.made_by)
    assert made_by.pop("sorting_rules") == []
    assert set(made_by) == {"rules", "model", "sorting"} and all(made_by.values())


async def test_a_place_in_the_words_is_taken_over_when_none_was_given(database: str, trained: None) -> None:
    contact, _ = await sorted_contact(await arrived(text="there is a huge pothole on Ballards Lane, N3"))
    assert contact.place and "Ballards Lane" in contact.place
