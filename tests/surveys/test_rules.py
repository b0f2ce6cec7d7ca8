"""How something ended, who could be asked, and which answers count: decided without a database, each with a reason."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from triage.surveys.rules import (
    WHY_NOT_OF,
    Answering,
    Person,
    Talk,
    at_a_good_hour,
    ending_of_contact,
    ending_of_talk,
    excluded,
    standing,
)
from triage.tables.survey import ENDINGS, WHY_NOT

NOTES = ("not_yet", "out_of_time")
ASKED = Person(sampled=True, way="chat")


@pytest.mark.parametrize(
    ("talk", "ending"),
    [
        (Talk(said=True), "settled"),
        (Talk(said=False), "nothing_said"),
        (Talk(said=True, contact="closed"), "closed"),
        (Talk(said=True, contact="left"), "message_left"),
        (Talk(said=True, away=True), "error"),
        (Talk(said=True, came_to="not_yet"), "not_eligible"),
        (Talk(said=True, came_to="sent"), "settled"),
        (Talk(said=True, form_open=True), "abandoned"),
        (Talk(said=True, failed=True), "abandoned"),
        # An agent's work weighs more than what the assistant said last; a fault of ours more than what they left.
        (Talk(said=True, contact="left", away=True, form_open=True), "message_left"),
        (Talk(said=True, away=True, form_open=True, failed=True), "error"),
    ],
)
def test_every_ending_of_a_conversation(talk: Talk, ending: str) -> None:
    judged = ending_of_talk(talk, NOTES)
    assert (judged.name, bool(judged.reason)) == (ending, True)


def test_every_conversation_has_an_ending_and_every_ending_is_one_of_ours() -> None:
    for said, contact, away, form, failed, note in product(
        (True, False), ("none", "left", "closed"), (True, False), (True, False), (True, False), (None, "not_yet")
    ):
        assert ending_of_talk(Talk(said, contact, away, form, failed, note), NOTES).name in ENDINGS


def test_a_contact_is_closed_by_an_agent_or_is_part_of_another() -> None:
    assert [ending_of_contact(merged).name for merged in (False, True)] == ["closed", "merged"]


@pytest.mark.parametrize(
    ("ending", "person", "eligible", "why_not"),
    [
        ("settled", ASKED, True, None),
        ("error", ASKED, True, None),
        ("abandoned", ASKED, True, None),
        ("not_eligible", ASKED, True, None),
        ("closed", replace(ASKED, way="message"), True, None),
        ("settled", replace(ASKED, demo=True), False, "test"),
        ("settled", replace(ASKED, staff=True), False, "staff"),
        ("merged", ASKED, False, "merged"),
        ("nothing_said", ASKED, False, "nothing_said"),
        ("settled", replace(ASKED, sampled=False), True, "not_sampled"),
        ("closed", replace(ASKED, unsafe=True), True, "unsafe"),
        ("closed", replace(ASKED, never_again=True), True, "never_again"),
        ("message_left", replace(ASKED, asked_later=True), True, "asked_later"),
        ("closed", replace(ASKED, asked_lately=True), True, "asked_lately"),
        ("abandoned", replace(ASKED, way=None), True, "abandoned"),
        ("settled", replace(ASKED, way=None), True, "no_way_to_ask"),
        ("closed", replace(ASKED, way=None), True, "no_way_to_ask"),
    ],
)
def test_who_could_be_asked_and_who_is(ending: str, person: Person, eligible: bool, why_not: str | None) -> None:
    judged = standing(ending, person)
    assert (judged.eligible, judged.why_not, bool(judged.reason)) == (eligible, why_not, True)


def test_a_good_ending_is_asked_about_no_more_often_than_a_bad_one() -> None:
    endings = ("settled", "abandoned", "not_eligible", "error", "closed", "message_left")
    for flags in product((True, False), repeat=5):
        sampled, unsafe, never, lately, later = flags
        person = Person(sampled, "chat", unsafe=unsafe, never_again=never, asked_lately=lately, asked_later=later)
        assert len({(one.eligible, one.why_not) for one in (standing(ending, person) for ending in endings)}) == 1


def test_what_was_not_drawn_is_never_asked_and_safety_comes_before_everything_else() -> None:
    for flags in product((True, False), repeat=4):
        staff, never, lately, later = flags
        person = Person(True, "message", False, staff, True, never, lately, later)
        assert standing("closed", person).why_not in ("staff", "unsafe")
        assert standing("closed", replace(person, unsafe=False, sampled=False)).why_not in ("staff", "not_sampled")


@pytest.mark.parametrize(
    ("answering", "why"),
    [
        (Answering(), None),
        (Answering(demo=True), "test"),
        (Answering(staff=True), "staff"),
        (Answering(earlier=True), "duplicate"),
        (Answering(from_source=4), None),
        (Answering(from_source=5), "flood"),
        # A few each day, over weeks.
        (Answering(from_source=1, from_source_in_all=19), None),
        (Answering(from_source=1, from_source_in_all=20), "flood"),
        (Answering(from_source_in_all=20, reached=True), None),
        # A link that went to somebody's own address proves who they are; many may share a network.
        (Answering(from_source=50, reached=True), None),
        (Answering(from_source=50, reached=True, earlier=True), "duplicate"),
    ],
)
def test_which_answers_count(answering: Answering, why: str | None) -> None:
    assert excluded(answering, 5, 20) == why


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        # London is on summer time in July (an hour ahead of UTC) and not in November.
        (datetime(2026, 7, 1, 7, 59, tzinfo=UTC), datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        (datetime(2026, 7, 1, 18, 0, tzinfo=UTC), datetime(2026, 7, 2, 8, 0, tzinfo=UTC)),
        (datetime(2026, 11, 26, 18, 59, tzinfo=UTC), datetime(2026, 11, 26, 18, 59, tzinfo=UTC)),
        (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), datetime(2026, 11, 27, 9, 0, tzinfo=UTC)),
    ],
)
def test_nobody_is_asked_at_night(moment: datetime, sent: datetime) -> None:
    assert at_a_good_hour(moment, 9, 19) == sent


def test_every_reason_against_a_message_is_a_reason_on_record() -> None:
    assert set(WHY_NOT_OF.values()) <= set(WHY_NOT)
