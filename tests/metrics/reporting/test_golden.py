"""The council's own table of quarter 3, 2016/17 comes out of our functions, count by count and rounding included."""

import pytest

from tests.metrics.reporting import golden
from triage.metrics.reporting.presets import presets
from triage.metrics.reporting.rules import Judged, Summary, judge, share, summarise

PRESET = presets()["barnet"]


def judged(service: str) -> list[Judged]:
    return [judge(PRESET, one) for one in golden.indicators()[service]]


def summary(service: str) -> Summary:
    return summarise(judged(service), PRESET.levels)


@pytest.fixture
def whole() -> Summary:
    return summarise([one for service in golden.indicators() for one in judged(service)], PRESET.levels)


@pytest.mark.parametrize("service", golden.ROWS)
def test_each_service_has_its_printed_row(service: str) -> None:
    row, found = golden.ROWS[service], summary(service)
    assert (found.reported, found.rated, found.monitor) == (row.reported, row.rated, row.monitor)
    assert tuple(found.levels.values()) == row.levels
    assert tuple(found.level(rag) for rag in PRESET.levels) == row.levels_said
    assert (found.improved_or_same, found.worsened) == (row.improved, row.worsened)
    assert found.with_direction == row.improved + row.worsened
    ways = (found.improved_or_same, found.worsened)
    assert tuple(share(way, found.with_direction) for way in ways) == row.directions_said


def test_street_scene_has_what_was_not_cut_off() -> None:
    found = summary(golden.STREET_SCENE)
    assert (found.reported, found.rated) == (13, 11)
    assert tuple(found.level(rag) for rag in PRESET.levels) == golden.STREET_LEVELS


def test_the_whole_is_as_printed(whole: Summary) -> None:
    assert (whole.reported, whole.rated, whole.with_direction) == (315, 244, 223)
    assert share(whole.on_target, whole.rated) == golden.ON_TARGET == "78% (191)"
    assert share(whole.below, whole.rated) == golden.BELOW == "22% (53)"
    assert share(whole.improved_or_same, whole.with_direction) == golden.IMPROVED == "66% (147)"
    assert share(whole.worsened, whole.with_direction) == golden.WORSENED == "34% (76)"


def test_the_rows_that_were_not_cut_off_rate_224_of_them() -> None:
    shown = [summary(service) for service in (*golden.ROWS, golden.STREET_SCENE)]
    assert sum(one.rated for one in shown) == 224
    assert sum(one.on_target for one in shown) == 175


def test_percentages_round_by_themselves_so_a_row_may_make_101_or_99() -> None:
    def total(service: str) -> int:
        return sum(int(summary(service).level(rag).partition("%")[0]) for rag in PRESET.levels)

    assert total("Re") == 101
    assert total("Parking & Infrastructure") == 99
    # 2 of 16 is 12.5 per cent: a half goes up, as spreadsheets round it; Python's own round would say 12.
    assert summary("Barnet Homes").level("green_amber") == "13% (2)"


def test_a_service_that_reported_nothing_has_dashes() -> None:
    nothing = summarise([], PRESET.levels)
    assert (nothing.reported, nothing.rated, nothing.with_direction) == (0, 0, 0)
    assert [nothing.level(rag) for rag in PRESET.levels] == ["–"] * 4
