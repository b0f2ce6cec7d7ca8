"""What moved, and what an owner could do."""

from datetime import date

import numpy as np

from triage.metrics.periods import Period
from triage.metrics.room.change import Verdict
from triage.metrics.room.why import advice, movers
from triage.metrics.rules import Counts, satisfaction
from triage.metrics.schemas import Row, Tally
from triage.metrics.sentences import change
from triage.metrics.statistics.nonresponse import compare
from triage.shares import Share

STEADY = Verdict(0, ("We can't tell a change from chance yet.",))
DOWN = Verdict(-1, ("It is going down.",), Period(date(2026, 8, 1), "month"))


def row(label: str, satisfied: int, n: int) -> Row:
    """A service of which `satisfied` of `n` are."""
    counts = Counts((n - satisfied, 0, 0, 0, satisfied))
    return Row(label, Tally(counts), satisfaction(counts), code=label.lower())


def test_only_what_moved_beyond_chance_is_named_the_furthest_down_first() -> None:
    # Newcombe: 52 of 100 after 76 of 100 is -24, from -36 to -11; 70 after 76 is chance.
    found = movers(
        [row("Bins", 52, 100), row("Tax", 70, 100), row("Parking", 90, 100)],
        [row("Bins", 76, 100), row("Tax", 76, 100), row("Parking", 60, 100)],
    )
    assert [(mover.label, mover.rose) for mover in found] == [("Bins", False), ("Parking", True)]
    assert found[0].said == "from 76 to 52 in every 100"
    assert found[0].difference.high < 0


def test_a_part_without_a_figure_a_year_before_did_not_move() -> None:
    assert movers([row("Bins", 52, 100)], [row("Tax", 76, 100), row("Bins", 3, 4)]) == ()


def test_of_many_services_that_are_alike_none_is_named_for_being_one_of_many() -> None:
    # 85 of 100 after 73: 2.1 standard errors, which one of twenty is by chance in every other year.
    others = [row(f"S{place}", 76, 100) for place in range(19)]
    low, high = row("Bins", 73, 100), row("Bins", 85, 100)
    assert [mover.label for mover in movers([high], [low])] == ["Bins"]
    assert movers([high, *others], [low, *others]) == ()
    # 65 of 100 beside 76 of 100 is as far as the least of twenty is by chance.
    lowest = row("Bins", 65, 100)
    assert advice(STEADY, (), [lowest, row("Rest", 1444, 1900)], None, ())
    assert advice(STEADY, (), [lowest, *others], None, ()) == ()


def test_forty_services_without_a_change_are_named_on_few_pages() -> None:
    dice, named, lowest = np.random.default_rng(1), 0, 0
    for _ in range(400):
        now, before = ([row(f"S{at}", int(n), 100) for at, n in enumerate(dice.binomial(100, 0.76, 40))] for _ in "ab")
        named += bool(movers(now, before))
        lowest += bool(advice(STEADY, (), now, None, ()))
    # One by one it would be 86 and 71 in 100.
    assert named / 400 < 0.07 and lowest / 400 < 0.07


def test_fewer_than_thirty_answers_are_not_compared() -> None:
    assert movers([row("Bins", 0, 29)], [row("Bins", 100, 100)]) == ()
    assert movers([row("Bins", 0, 100)], [row("Bins", 29, 29)]) == ()
    assert advice(STEADY, (), [row("Bins", 0, 29), row("Tax", 200, 200)], None, ()) == ()


def test_a_rise_that_rounding_hides_is_a_rise() -> None:
    # 75.6 to 76.4 in every 100: both are 76, and it went up.
    (found,) = movers([row("Bins", 18_336, 24_000)], [row("Bins", 18_144, 24_000)])
    assert found.rose and found.said == "from 75.6 to 76.4 in every 100"
    assert change(found.now, found.before, "a year before") == (
        "That is up from 75.6 a year before, to 76.4, and more than chance would explain."
    )
    (fell,) = movers([row("Bins", 18_144, 24_000)], [row("Bins", 18_336, 24_000)])
    assert advice(STEADY, [fell], [], None, ())[0][1].startswith("It fell from 76.4 to 75.6 in every 100")


def test_each_piece_of_advice_has_its_reason() -> None:
    fallen = movers([row("Bins", 52, 100)], [row("Bins", 76, 100)])
    gaps = [(group.name, group) for group in compare({"phone": 4000, "chat": 6000}, {"phone": 100, "chat": 700})]
    found = advice(DOWN, fallen, [row("Bins", 52, 100)], Share(800, 10000), gaps)
    assert found == (
        (
            "Ask the teams what changed in the months to August 2026, and write it on the chart.",
            "Satisfaction is going down by more than chance would explain.",
        ),
        (
            "Begin with Bins: read what people say about it.",
            "It fell from 76 to 52 in every 100 in a year, more than chance would explain.",
        ),
        ("Look at when and how people are asked.", "Only 8 in every 100 of those asked have answered."),
        (
            "Hear more people about phone, and read the weighted figure until then.",
            "They are 40 in every 100 of those asked and 13 of those who answered.",
        ),
    )


def test_the_lowest_is_named_only_when_it_is_lower_by_more_than_chance() -> None:
    rows = [row("Bins", 50, 100), row("Tax", 160, 200)]
    assert advice(STEADY, (), rows, None, ())[0][0] == "Read what people say about Bins."
    assert advice(STEADY, (), [row("Bins", 50, 100), row("Tax", 52, 100)], None, ()) == ()


def test_a_rise_is_to_be_kept() -> None:
    up = Verdict(1, ("It is going up.",), Period(date(2026, 8, 1), "month"))
    assert "keep it" in advice(up, (), [], None, ())[0][0]


def test_when_nothing_is_wrong_nothing_is_advised() -> None:
    assert advice(STEADY, (), [row("Bins", 80, 100)], Share(30, 100), ()) == ()
