"""Ratings and directions, each on a case that a person can follow."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.catalogue import CatalogueWrong
from triage.metrics.reporting.presets import Preset, load, presets
from triage.metrics.reporting.rules import Measured, direction, judge, miss, per_cent, plain, rate, share, summarise

BARNET, HAVERING = presets()["barnet"], presets()["havering"]


def measured(result: str | None, target: str | None = "95", before: str | None = None, low: bool = False) -> Measured:
    return Measured(
        "lower" if low else "higher", *(Decimal(v) if v is not None else None for v in (target, result, before))
    )


@pytest.mark.parametrize(
    ("result", "level"),
    [
        ("97", "green"),
        ("95", "green"),
        # 5% of 95 is 4.75, and 10% is 9.5.
        ("94.99", "green_amber"),
        ("90.25", "green_amber"),
        ("90.24", "red_amber"),
        ("85.5", "red_amber"),
        ("85.4", "red"),
    ],
)
def test_four_levels_by_how_far_the_target_was_missed(result: str, level: str) -> None:
    assert rate(BARNET, measured(result)).rag == level


def test_where_lower_is_better_more_is_a_miss() -> None:
    assert rate(BARNET, measured("10", "10", low=True)).rag == "green"
    assert rate(BARNET, measured("10.5", "10", low=True)).rag == "green_amber"
    assert rate(BARNET, measured("11", "10", low=True)).rag == "red_amber"
    assert rate(BARNET, measured("12", "10", low=True)).rag == "red"
    assert rate(BARNET, measured("3", "10", low=True)).rag == "green"


def test_a_missed_target_of_none_at_all_is_red() -> None:
    assert rate(BARNET, measured("0", "0", low=True)).rag == "green"
    found = rate(BARNET, measured("1", "0", low=True))
    assert found.rag == "red"
    assert found.reasons[0] == "The result is 1 and the target 0 (lower is better): missed."
    assert miss(measured("1", "0", low=True)) is None


def test_a_negative_target_is_missed_by_its_size() -> None:
    # An overspend of 4 where 10 were to be saved: 60% of the target.
    assert miss(measured("-4", "-10", low=True)) == 60


def test_without_a_target_or_a_result_it_is_monitored_and_says_why() -> None:
    assert rate(BARNET, measured("80", None)).rag == "monitor"
    assert rate(BARNET, measured("80", None)).reasons == ("There is no target, so it is followed and not rated.",)
    assert rate(BARNET, measured(None)).reasons == ("There is no result yet, so it is not rated.",)


def test_a_rating_says_why() -> None:
    # 95 - 92 = 3, which is 3.2% of 95.
    assert rate(BARNET, measured("92")).reasons == (
        "The result is 92 and the target 95 (higher is better): missed by 3.2% of the target.",
        "Green Amber: missed by no more than 5% of the target.",
    )
    assert rate(BARNET, measured("94.9999")).reasons[0].endswith("missed by less than 0.1% of the target.")
    assert rate(BARNET, measured("50")).reasons[1] == "Red: missed by more than every other level allows."


def test_forty_eight_of_a_hundred_calls_in_twenty_seconds_is_red() -> None:
    """Barnet, quarter 1 of 2011/12 (FACTS 5.2, S96); its target is not in our facts, so any from 54 up will do."""
    assert rate(BARNET, measured("48", "54")).rag == "red"


@pytest.mark.parametrize(
    ("result", "before", "level"),
    [
        # 10% of 95 is 9.5.
        ("95", None, "green"),
        ("85.5", "90", "green"),
        ("85.4", "80", "amber"),
        ("85.4", "85.4", "red"),
        ("85.4", "90", "red"),
        ("85.4", None, "red"),
    ],
)
def test_a_tolerance_then_amber_only_when_it_improves(result: str, before: str | None, level: str) -> None:
    assert rate(HAVERING, measured(result, before=before)).rag == level


def test_with_a_tolerance_green_may_still_have_missed_its_target() -> None:
    assert not rate(HAVERING, measured("90")).on_target
    assert rate(HAVERING, measured("95")).on_target
    assert HAVERING.corrective_action == ("red",)


@pytest.mark.parametrize(
    ("result", "before", "low", "way"),
    [
        ("80", "70", False, "improved"),
        ("80", "80.0", False, "same"),
        ("80", "90", False, "worsened"),
        ("80", "70", True, "worsened"),
        ("80", "90", True, "improved"),
        ("80", None, False, None),
        (None, "80", False, None),
    ],
)
def test_direction_is_against_the_same_period_last_year(
    result: str | None, before: str | None, low: bool, way: str | None
) -> None:
    assert direction(measured(result, before=before, low=low)).way == way


def test_what_is_only_followed_has_a_direction_too() -> None:
    found = judge(BARNET, measured("80", None, "70"))
    assert (found.rating.rag, found.direction.way) == ("monitor", "improved")


def test_counts_and_shares() -> None:
    found = summarise([judge(BARNET, measured(r)) for r in ("95", "92", "50", None)], BARNET.levels)
    assert (found.reported, found.rated, found.on_target, found.below, found.monitor) == (4, 3, 1, 2, 1)
    assert found.level("green") == "33% (1)"
    assert share(0, 0) == "–"
    with pytest.raises(ValueError):
        per_cent(0, 0)


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_a_per_cent_is_never_more_than_half_away(some: int, n: int) -> None:
    gap = Decimal(per_cent(some, n)) - Decimal(100 * some) / n
    assert Decimal("-0.5") < gap <= Decimal("0.5")


numbers = st.decimals(-1000, 1000, places=2)


@given(st.sampled_from([BARNET, HAVERING]), numbers, numbers, st.none() | numbers, st.booleans(), numbers)
def test_a_better_result_is_never_rated_worse(
    preset: Preset, target: Decimal, result: Decimal, before: Decimal | None, low: bool, more: Decimal
) -> None:
    polarity = "lower" if low else "higher"
    better = result - abs(more) if low else result + abs(more)
    one = rate(preset, Measured(polarity, target, result, before))  # type: ignore[arg-type]
    two = rate(preset, Measured(polarity, target, better, before))  # type: ignore[arg-type]
    assert preset.levels.index(two.rag) <= preset.levels.index(one.rag)


def test_numbers_are_written_plainly() -> None:
    assert [plain(Decimal(v)) for v in ("95.00", "92.50", "1204", "0", "100", "-3.10")] == [
        "95",
        "92.5",
        "1,204",
        "0",
        "100",
        "-3.1",
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('rag = "red"', 'rag = "red"\nmiss_at_most = 20'), "the last step asks nothing"),
        (("miss_at_most = 5", "miss_at_most = 15"), "larger than the one before"),
        (('rag = "red_amber"', 'rag = "green_amber"'), "name each level once"),
        (('id = "barnet"', 'id = "other"'), "not the file's name"),
    ],
)
def test_a_wrong_preset_is_refused(tmp_path: Path, change: tuple[str, str], fault: str) -> None:
    text = Path("data/reports/rag/barnet.toml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "barnet.toml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(CatalogueWrong, match=fault):
        load(tmp_path)
