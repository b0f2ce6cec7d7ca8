"""The weighted share, what weighting costs, and whether the intervals hold what they say."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.metrics.statistics.raking import Cell, rake
from triage.metrics.statistics.weighting import weighted, wilson_on
from triage.shares import wilson


def test_a_weighted_share_by_hand() -> None:
    # Chat: 60 of 80 satisfied, weight 0.625. Phone: 10 of 20, weight 2.5.
    # Share: (0.625 × 60 + 2.5 × 10) ÷ (0.625 × 80 + 2.5 × 20) = 62.5 ÷ 100 = 0.625; unweighted 70 ÷ 100.
    # Design effect: 100 × (0.625² × 80 + 2.5² × 20) ÷ 100² = (31.25 + 125) ÷ 100 = 1.5625; effective n = 64.
    found = weighted(
        {("chat",): 60, ("phone",): 10},
        {("chat",): 80, ("phone",): 20},
        {("chat",): 0.625, ("phone",): 2.5},
    )
    assert found.value == pytest.approx(0.625) and found.hundred == 63
    assert (found.plain.some, found.n, found.plain.hundred) == (70, 100, 70)
    assert found.design_effect == pytest.approx(1.5625) and found.effective == pytest.approx(64)
    # Wilson on 40 of 64, as published for whole numbers: the same formula.
    assert found.interval == pytest.approx(wilson(40, 64))


def test_equal_weights_change_nothing() -> None:
    found = weighted({("a",): 8}, {("a",): 10}, {("a",): 1.0})
    assert found.value == 0.8 and found.design_effect == 1
    assert found.interval == pytest.approx(wilson(8, 10))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_an_interval_ends_exactly_at_none_and_at_all(share: float) -> None:
    assert wilson_on(share, 12.5)[int(share)] == share


def test_more_satisfied_than_answered_is_refused() -> None:
    with pytest.raises(ValueError, match="no more than"):
        weighted({("a",): 3}, {("a",): 2}, {("a",): 1.0})


PART = st.dictionaries(
    st.tuples(st.sampled_from("ab"), st.sampled_from("xy")),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
    min_size=1,
)


@given(st.lists(PART, min_size=1, max_size=5), st.randoms())
@settings(deadline=None, max_examples=50)
def test_days_may_be_merged_in_any_order(parts: list[dict[Cell, tuple[int, int]]], dice: object) -> None:
    def merged(chosen: list[dict[Cell, tuple[int, int]]]) -> tuple[float, float] | None:
        def add(total: dict[Cell, tuple[int, int]], part: dict[Cell, tuple[int, int]]) -> dict[Cell, tuple[int, int]]:
            found = dict(total)
            for cell, (some, others) in part.items():
                before = found.get(cell, (0, 0))
                found[cell] = (before[0] + some, before[1] + others)
            return found

        total = reduce(add, chosen, {})
        answered = {cell: some + others for cell, (some, others) in total.items()}
        if not sum(answered.values()):
            return None
        contacts = {("a", "x"): 30, ("a", "y"): 20, ("b", "x"): 40, ("b", "y"): 10}
        weights = rake(answered, contacts).weights
        found = weighted({cell: some for cell, (some, _) in total.items()}, answered, weights)
        return found.value, found.design_effect

    mixed = list(parts)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert merged(mixed) == merged(parts)


def test_of_2000_simulated_surveys_the_interval_holds_the_truth_in_93_to_97_of_100() -> None:
    """Two services, two channels, two endings; who is unhappy answers less by phone and more by chat."""
    dice = np.random.default_rng(20261126)
    cells = [(s, c, o) for s in ("bins", "tax") for c in ("chat", "phone") for o in ("settled", "handed over")]
    contacts = dict(zip(cells, (3000, 1500, 1200, 700, 1800, 900, 600, 300), strict=True))
    satisfied = dict(zip(cells, (0.85, 0.7, 0.8, 0.6, 0.7, 0.55, 0.65, 0.5), strict=True))
    replies = dict(zip(cells, (0.05, 0.03, 0.07, 0.05, 0.06, 0.03, 0.08, 0.06), strict=True))
    truth = sum(contacts[cell] * satisfied[cell] for cell in cells) / sum(contacts.values())
    held, plain_held, surveys = 0, 0, 2000
    for _ in range(surveys):
        answered = {cell: int(dice.binomial(contacts[cell], replies[cell])) for cell in cells}
        some = {cell: int(dice.binomial(n, satisfied[cell])) for cell, n in answered.items()}
        found = weighted(some, answered, rake(answered, contacts).weights)
        held += found.interval.low <= truth <= found.interval.high
        plain_held += found.plain.interval.low <= truth <= found.plain.interval.high
    assert 0.93 <= held / surveys <= 0.97


@pytest.mark.parametrize(("share", "n"), [(0.52, 150), (0.76, 412), (0.9, 40)])
def test_of_2000_plain_surveys_wilson_holds_the_truth_in_93_to_97_of_100(share: float, n: int) -> None:
    dice = np.random.default_rng(7)
    found = [wilson(int(some), n) for some in dice.binomial(n, share, size=2000)]
    assert 0.93 <= sum(low <= share <= high for low, high in found) / 2000 <= 0.97
