"""Weights that bring answers to everybody who had a contact."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.metrics.statistics.raking import HIGHEST, LOWEST, Cell, rake


def margin(weights: dict[Cell, float], counts: dict[Cell, int], dimension: int) -> dict[str, float]:
    """The weighted share of each value of one dimension."""
    total = sum(weights[cell] * n for cell, n in counts.items())
    found: dict[str, float] = {}
    for cell, n in counts.items():
        found[cell[dimension]] = found.get(cell[dimension], 0) + weights[cell] * n / total
    return found


def test_one_dimension_by_hand() -> None:
    # 80 of 100 answers came by chat, and half of all contacts did: each chat answer counts 0.5 ÷ 0.8 = 0.625, and
    # each by phone 0.5 ÷ 0.2 = 2.5.
    raked = rake({("chat",): 80, ("phone",): 20}, {("chat",): 500, ("phone",): 500})
    assert raked.weights[("chat",)] == pytest.approx(0.625)
    assert raked.weights[("phone",)] == pytest.approx(2.5)
    assert raked.fits and not raked.notes(("channel",))


def test_two_dimensions_by_hand() -> None:
    # Answers: 40 and 20 by chat, 20 and 20 by phone (bins, tax). Contacts: half of each service, half of each channel.
    # Wanted: a × 40 + b × 20 = 50 and so on along every margin, with weights that are a product of a row's and a
    # column's: w = r × c. Services: r1(40c1 + 20c2) = 50, r2(20c1 + 20c2) = 50; channels: c1(40r1 + 20r2) = 50,
    # c2(20r1 + 20r2) = 50. The table is symmetric, so r = c, and x = r1², y = r1 × r2, z = r2²:
    # 40x + 20y = 50, 20y + 20z = 50, y² = xz. So x = (50 - 20y) ÷ 40, z = (50 - 20y) ÷ 20, y² = (50 - 20y)² ÷ 800,
    # y = (50 - 20y) ÷ 28.284, y = 50 ÷ 48.284 = 1.03553; x = 0.73223, z = 1.46447.
    answered = {("bins", "chat"): 40, ("bins", "phone"): 20, ("tax", "chat"): 20, ("tax", "phone"): 20}
    raked = rake(answered, dict.fromkeys(answered, 250))
    assert raked.fits
    expected = {("bins", "chat"): 0.73223, ("bins", "phone"): 1.03553, ("tax", "phone"): 1.46447}
    for cell, weight in expected.items():
        assert raked.weights[cell] == pytest.approx(weight, abs=3e-4)


def test_three_dimensions_by_hand() -> None:
    # 50 answers in each of eight cells. Of all who could have answered 60% were about bins, 40% came by chat and 70%
    # were done, each whatever the others: a weight is the product of its margins' 0.6 ÷ 0.5, 0.4 ÷ 0.5 and 0.7 ÷ 0.5.
    shares = ({"bins": 0.6, "tax": 0.4}, {"chat": 0.4, "phone": 0.6}, {"done": 0.7, "not done": 0.3})
    cells: list[Cell] = [(one, two, three) for one in shares[0] for two in shares[1] for three in shares[2]]
    population = {cell: round(1000 * shares[0][cell[0]] * shares[1][cell[1]] * shares[2][cell[2]]) for cell in cells}
    raked = rake(dict.fromkeys(cells, 50), population)
    assert raked.weights["bins", "chat", "done"] == pytest.approx(1.2 * 0.8 * 1.4)
    assert raked.weights["tax", "phone", "not done"] == pytest.approx(0.8 * 1.2 * 0.6)
    assert raked.fits and raked.rounds == 1 and not raked.notes(("service", "channel", "end"))


def test_an_end_about_which_nobody_answered_is_stood_for_by_the_next_and_said() -> None:
    # Nobody who gave up answered, and 12 whose contact was not done: the two are one end with the next smallest.
    answered: dict[Cell, int] = {("bins", "done"): 60, ("bins", "answered"): 40, ("bins", "not done"): 12}
    every: dict[Cell, int] = {**dict.fromkeys(answered, 300), ("bins", "left in the middle"): 100}
    raked = rake(answered, every)
    assert [(group.values, group.answers, group.contacts) for group in raked.together] == [
        (("answered", "left in the middle", "not done"), 52, 700)
    ]
    assert raked.unheard == 100
    assert "answered, left in the middle, not done are weighted as one end" in raked.notes(("service", "end"))[0]


def test_what_few_answered_about_is_put_together_and_said() -> None:
    # Parking has 3 answers and libraries none: with the next smallest they are one service.
    answered = {("bins",): 100, ("tax",): 60, ("parking",): 3}
    raked = rake(answered, {("bins",): 500, ("tax",): 300, ("parking",): 150, ("libraries",): 50})
    assert [(group.values, group.answers, group.contacts) for group in raked.together] == [
        (("libraries", "parking", "tax"), 63, 500)
    ]
    assert raked.weights[("parking",)] == raked.weights[("tax",)] == pytest.approx(0.5 / (63 / 163), rel=1e-3)
    assert raked.unheard == 50
    assert raked.notes(("service",)) == (
        "libraries, parking, tax are weighted as one service: too few people answered about one of them "
        "(63 answers together).",
        "50 contacts are of kinds about which nobody answered; answers of like kinds stand for them.",
    )


def test_with_too_few_answers_nothing_is_weighted_and_that_is_said() -> None:
    raked = rake({("chat",): 10, ("phone",): 8}, {("chat",): 90, ("phone",): 10})
    assert set(raked.weights.values()) == {1.0}
    assert raked.notes(("channel",)) == ("There are too few answers to weight by channel.",)


def test_no_answer_counts_for_more_than_the_bound_and_the_gap_that_leaves_is_said() -> None:
    # The phone has 5% of answers and 60% of contacts: a full weight would be 12.
    raked = rake({("chat",): 950, ("phone",): 50}, {("chat",): 400, ("phone",): 600})
    assert raked.weights[("phone",)] == pytest.approx(HIGHEST)
    assert not raked.fits and raked.at_bounds == 50
    # 50 × 3 ÷ 1,000 = 15% of the weight instead of 60%.
    assert raked.gap == pytest.approx(0.45, abs=1e-6)
    assert raked.notes(("channel",))[-2] == "50 answers count for as much, or as little, as they may."
    assert "out by up to 45.0 points" in raked.notes(("channel",))[-1]


@pytest.mark.parametrize(("answered", "contacts"), [({}, {("a",): 1}), ({("a",): 1}, {}), ({("a",): 0}, {("a",): 1})])
def test_nothing_cannot_be_weighted(answered: dict[Cell, int], contacts: dict[Cell, int]) -> None:
    with pytest.raises(ValueError, match="need answers"):
        rake(answered, contacts)


CELLS = st.tuples(st.sampled_from(["bins", "tax", "parking"]), st.sampled_from(["chat", "phone"]))
ANSWERED = st.dictionaries(CELLS, st.integers(1, 400), min_size=1)


@given(ANSWERED, st.dictionaries(CELLS, st.integers(1, 9000), min_size=1), st.randoms())
@settings(deadline=None, max_examples=60)
def test_the_order_in_which_cells_come_changes_nothing(
    answered: dict[Cell, int], contacts: dict[Cell, int], dice: object
) -> None:
    mixed = list(answered.items())
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert rake(dict(mixed), dict(reversed(contacts.items()))).weights == rake(answered, contacts).weights


@given(ANSWERED, st.dictionaries(CELLS, st.integers(1, 9000), min_size=1))
@settings(deadline=None, max_examples=60)
def test_weights_average_one_stay_in_bounds_and_fit_when_they_say_so(
    answered: dict[Cell, int], contacts: dict[Cell, int]
) -> None:
    raked = rake(answered, contacts)
    n = sum(answered.values())
    assert sum(raked.weights[cell] * count for cell, count in answered.items()) / n == pytest.approx(1)
    assert all(LOWEST - 1e-9 <= weight <= HIGHEST + 1e-9 for weight in raked.weights.values())
    if raked.fits and not raked.together:
        every = sum(contacts.values())
        for dimension in (0, 1):
            now = margin(dict(raked.weights), answered, dimension)
            for value, share in margin(dict.fromkeys(contacts, 1.0), contacts, dimension).items():
                assert now[value] == pytest.approx(share, abs=2e-4), (value, every)


ENDED = st.tuples(CELLS, st.sampled_from(["done", "not done", "left in the middle"])).map(
    lambda pair: (*pair[0], pair[1])
)


@given(
    st.dictionaries(ENDED, st.integers(1, 400), min_size=1), st.dictionaries(ENDED, st.integers(1, 9000), min_size=1)
)
@settings(deadline=None, max_examples=60)
def test_by_three_dimensions_it_ends_and_every_margin_fits_or_it_says_by_how_much_not(
    answered: dict[Cell, int], population: dict[Cell, int]
) -> None:
    raked = rake(answered, population)
    n = sum(answered.values())
    assert sum(raked.weights[cell] * count for cell, count in answered.items()) / n == pytest.approx(1)
    assert all(LOWEST - 1e-9 <= weight <= HIGHEST + 1e-9 for weight in raked.weights.values())
    assert raked.unheard == sum(count for cell, count in population.items() if cell not in answered)
    assert raked.fits or "do not fit fully" in raked.notes(("service", "channel", "end"))[-1]
    for dimension in range(3):
        pool = {value for group in raked.together if group.dimension == dimension for value in group.values}
        now = margin(dict(raked.weights), answered, dimension)
        for value, share in margin(dict.fromkeys(population, 1.0), population, dimension).items():
            if value not in pool:
                assert abs(now.get(value, 0) - share) <= raked.gap + 1e-9


@given(ANSWERED, st.integers(2, 9))
@settings(deadline=None, max_examples=30)
def test_only_the_contacts_shares_matter_and_not_how_many_there_are(answered: dict[Cell, int], times: int) -> None:
    contacts = {cell: 7 + place for place, cell in enumerate(sorted(answered))}
    one, more = rake(answered, contacts), rake(answered, {cell: n * times for cell, n in contacts.items()})
    assert all(more.weights[cell] == pytest.approx(weight) for cell, weight in one.weights.items())
