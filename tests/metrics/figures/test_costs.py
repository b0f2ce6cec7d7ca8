"""What serving residents costs, worked out by hand from the council's file of unit costs."""

from datetime import date
from pathlib import Path

import pytest

from triage.metrics.figures import ALL
from triage.metrics.figures.shapes import Counted, Counts
from triage.metrics.figures.unit_costs import UnitCost, _read, cost_on, unit_costs
from triage.tables.contact import CHANNELS

MAY = date(2026, 5, 1)


def test_each_channel_costs_what_the_file_says_as_a_range() -> None:
    counts = Counts(
        (
            Counted("arrived", "", 100, "phone", MAY),
            Counted("arrived", "", 50, "web", MAY),
            Counted("chat", "settled", 40, "chat", MAY),
            # It left a contact, which is counted as such: not twice.
            Counted("chat", "contact", 30, "chat", MAY),
        )
    )
    total, each = ALL["cost_to_serve"].figure(counts), ALL["cost_each"].figure(counts)
    # 100 calls of £1.28 to £5.57, 50 forms of £0.15 to £5.57 as an agent works on each, 40 chats of £0.15 to £0.56:
    # £128 + £7.50 + £6 = £141.50 to £557 + £278.50 + £22.40 = £857.90 for 190.
    assert (total.value, total.n) == (None, 190)
    assert total.low == pytest.approx(141.50)
    assert total.high == pytest.approx(857.90)
    assert each.low == pytest.approx(141.50 / 190)
    assert each.high == pytest.approx(857.90 / 190)


def test_only_chats_whose_resident_did_not_come_back_are_set_against_calls() -> None:
    counts = Counts(
        (
            Counted("chat", "settled", 8, "chat", MAY),
            Counted("chat", "said_yes", 2, "chat", MAY),
            *(
                Counted("chat", end, 500, "chat", MAY)
                for end in ("came_back", "said_no", "abandoned", "person", "contact")
            ),
        )
    )
    value = ALL["cost_as_calls"].figure(counts)
    # Ten, each £1.28 - £0.56 = £0.72 at the least, £5.57 - £0.15 = £5.42 at the most.
    assert value.n == 10
    assert value.low == pytest.approx(7.20)
    assert value.high == pytest.approx(54.20)


def test_a_channel_without_a_cost_leaves_no_total_and_says_which() -> None:
    value = ALL["cost_to_serve"].figure(Counts((Counted("arrived", "", 5, "post", MAY),)))
    assert (value.low, value.why) == (None, "no cost is known of: post")


def test_what_has_no_cost_is_said_beside_the_sum_of_the_rest() -> None:
    counts = Counts((Counted("arrived", "", 10, "phone", MAY), Counted("arrived", "", 5, "post", MAY)))
    total, each = ALL["cost_to_serve"].figure(counts), ALL["cost_each"].figure(counts)
    assert (total.n, total.low, total.high) == (10, pytest.approx(12.8), pytest.approx(55.7))
    assert total.parts == (("phone", 10), ("not costed, as no cost is known: post", 5))
    assert (each.low, each.high) == (pytest.approx(1.28), pytest.approx(5.57))


def test_at_a_counter_it_costs_what_the_survey_found() -> None:
    cost = cost_on("face_to_face", MAY, unit_costs())
    assert cost is not None and (cost.low, cost.typical, cost.high) == (4.83, 8.62, 9.56)


def test_a_councils_own_costs_go_before_the_common_ones_from_their_day_on(tmp_path: Path) -> None:
    head = '[[cost]]\nchannel = "phone"\nyear = 2024\nsource = "x"\n'
    for folder, rows in (
        ("figures", "from = 2011-01-01\nlow = 1\nhigh = 5\n" + head + "from = 2025-01-01\nlow = 2\nhigh = 6\n"),
        ("councils/ours", "from = 2024-04-01\nlow = 3\nhigh = 3\n"),
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "unit_costs.toml").write_text(head + rows, encoding="utf-8")
    found = [
        cost_on("phone", day, _read(tmp_path, council))
        for council in ("ours", "theirs")
        for day in (date(2024, 3, 31), date(2024, 4, 1), MAY)
    ]
    assert [one.low if one else None for one in found] == [1, 3, 3, 1, 1, 2]


def test_every_channel_of_a_contact_has_a_cost_with_its_year_and_source() -> None:
    for channel in (*CHANNELS, "assistant"):
        cost = cost_on(channel, MAY, unit_costs())
        assert cost is not None, channel
        assert cost.source, channel
        assert cost.year == 2011


def test_a_contact_that_an_agent_works_on_costs_at_most_what_a_call_does_by_whatever_channel() -> None:
    for channel in ("web", "api", "email", "chat"):
        value = ALL["cost_to_serve"].figure(Counts((Counted("arrived", "", 10_000, channel, MAY),)))
        assert (value.low, value.high) == (pytest.approx(1_500), pytest.approx(55_700)), channel


def test_a_new_cost_counts_from_its_day_and_changes_nothing_before_it() -> None:
    old, new = (
        UnitCost.model_validate(
            {"channel": "phone", "from": start, "low": low, "high": 9, "year": start.year, "source": "ours"}
        )
        for start, low in ((date(2011, 1, 1), 1), (date(2026, 4, 1), 2))
    )
    found = [cost_on("phone", day, (new, old)) for day in (date(2026, 3, 31), date(2026, 4, 1), date(2010, 12, 31))]
    assert found == [old, new, None]


def test_a_cost_that_is_out_of_order_is_refused() -> None:
    row = {"channel": "web", "from": MAY, "low": 2, "typical": 1, "high": 3, "year": 2026, "source": "ours"}
    with pytest.raises(ValueError, match="not in order"):
        UnitCost.model_validate(row)
