"""Rules that people add: when they apply, what they may change, and what they may not."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.sorters.contract import Decided
from triage.sorters.rules import Rule, Seen, applies, apply

DAY = date(2026, 11, 26)
DANGER = frozenset({"Q-SAFE-A", "Q-SAFE-C", "Q-EMERG"})
SEEN = Seen("My BIN wasn't emptied, it's the Xmas week again!", "web", "Ballards Lane, N3")
WASTE = Decided("missed_bin", "Q-WASTE", "P3", 0.9, False)
RULE = Rule("1", "Christmas collections", phrases=("xmas week",), queue="Q-STREET")


def ruled(*rules: Rule, decided: Decided = WASTE, seen: Seen = SEEN, day: date = DAY) -> Decided:
    return apply(rules, seen, decided, DANGER, day).decided


@pytest.mark.parametrize(
    ("change", "does"),
    [
        ({}, True),
        ({"phrases": ("XMAS  Week",)}, True),
        ({"phrases": ("wasn't emptied",)}, True),
        ({"phrases": ("nothing", "the xmas")}, True),
        ({"phrases": ("xmas wee",)}, False),
        ({"phrases": ("mas week",)}, False),
        ({"phrases": ("emptied it s the",)}, True),
        ({"phrases": (), "channel": "web"}, True),
        ({"channel": "email"}, False),
        ({"service": "missed_bin"}, True),
        ({"service": "new_bin"}, False),
        ({"place": "ballards lane"}, True),
        ({"place": "Ballards Road"}, False),
    ],
)
def test_a_rule_applies_when_all_that_it_names_is_so(change: dict[str, object], does: bool) -> None:
    assert applies(replace(RULE, **change), SEEN, WASTE) is does  # type: ignore[arg-type]


def test_a_phrase_is_no_pattern() -> None:
    assert not applies(replace(RULE, phrases=("x.*k",)), SEEN, WASTE)


def test_a_rule_moves_raises_tags_and_says_so() -> None:
    found = apply([replace(RULE, priority="P2", tag="christmas", version=3)], SEEN, WASTE, DANGER, DAY)
    assert found.decided == Decided("missed_bin", "Q-STREET", "P2", 0.9, False)
    assert found.tags == ("christmas",) and found.made_by == ("1@3",)
    assert found.reasons == (
        "The rule “Christmas collections” sends it to Q-STREET and raises it from P3 to P2 and tags it “christmas”.",
    )


def test_a_rule_takes_what_is_held_out_of_holding() -> None:
    held = Decided(None, "Q-HOLDING", "P3", 0.2, True)
    assert ruled(RULE, decided=held) == Decided(None, "Q-STREET", "P3", 0.2, False)


def test_a_rule_that_changes_nothing_is_not_named() -> None:
    assert apply([replace(RULE, queue="Q-WASTE", priority="P4")], SEEN, WASTE, DANGER, DAY).made_by == ()


def test_each_rule_sees_what_the_one_before_it_made() -> None:
    second = Rule("2", "Second", phrases=("bin",), queue="Q-HWAY")
    assert ruled(RULE, second).queue == "Q-HWAY" and ruled(second, RULE).queue == "Q-STREET"


@pytest.mark.parametrize(("first", "last", "works"), [(None, None, True), (DAY, DAY, True), (None, DAY, True)])
def test_a_rule_works_from_its_first_day_to_its_last(first: date | None, last: date | None, works: bool) -> None:
    assert replace(RULE, from_day=first, to_day=last).works_on(DAY) is works
    assert not replace(RULE, from_day=date(2026, 11, 27)).works_on(DAY)
    assert not replace(RULE, to_day=date(2026, 11, 25)).works_on(DAY)


def test_who_may_come_to_harm_is_not_moved_and_the_reason_says_so() -> None:
    for decided in (replace(WASTE, queue="Q-SAFE-A"), replace(WASTE, priority="P1"), replace(WASTE, priority="P0")):
        found = apply([RULE], SEEN, decided, DANGER, DAY)
        assert found.decided == decided
        assert "a rule may not do" in found.reasons[0]
    assert ruled(RULE, seen=replace(SEEN, danger=True)) == WASTE


PRIORITY = st.sampled_from(["P0", "P1", "P2", "P3", "P4"])
QUEUE = st.sampled_from(["Q-WASTE", "Q-STREET", "Q-SAFE-A", "Q-SAFE-C", "Q-EMERG", "Q-HOLDING"])


@given(
    st.lists(st.builds(lambda q, p: replace(RULE, queue=q, priority=p), st.none() | QUEUE, st.none() | PRIORITY)),
    QUEUE,
    PRIORITY,
)
def test_no_rules_lower_a_priority_or_empty_a_queue_of_danger(rules: list[Rule], queue: str, priority: str) -> None:
    decided = Decided(None, queue, priority, 0.5, False)
    found = ruled(*rules, decided=decided)
    assert found.priority <= priority
    if queue in DANGER or priority in ("P0", "P1"):
        assert found.queue == queue
