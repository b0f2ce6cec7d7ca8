"""What a report says, from its rows."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tests.metrics.reporting import golden
from triage.metrics.periods import quarter
from triage.metrics.reporting.approving import may_approve, missing
from triage.metrics.reporting.content import Given, below_target, both_said, build, digest, said
from triage.metrics.reporting.presets import presets
from triage.metrics.reporting.rules import Measured

NOTHING_SAID: dict[str, Any] = {"sentences": [], "rows": [], "method": []}


def columns(key: str, one: Measured, area: str = "CSG", **more: Any) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "key": key,
        "name": f"Indicator {key}",
        "definition": "",
        "owner": "Head of service",
        "partner": "CSG",
        "area": area,
        "service": "",
        "contract": "",
        "polarity": one.polarity,
        "unit": "%",
        "target": one.target,
        "result": one.result,
        "numerator": None,
        "denominator": None,
        "prior": None,
        "year_before": one.year_before,
        "benchmark": "",
        "comment": "",
        "comment_role": "",
        "action": "",
        "source": "",
        "origin": "form",
        "entered_by": uuid4(),
    } | more


def made(rows: list[dict[str, Any]], preset: str = "barnet", notes: Any = ()) -> dict[str, Any]:
    return build(Given("Barnet Council", quarter(2016, 4), presets()[preset], {}, rows, notes, NOTHING_SAID))


def test_the_golden_table_is_the_reports_own_table() -> None:
    rows = [
        columns(f"{number}-{place}", one, area)
        for number, (area, found) in enumerate(golden.indicators().items())
        for place, one in enumerate(found)
    ]
    report = made(rows)
    assert report["headline"] == [
        "Of 244 indicators with a rating, 191 (78%) were on or above target and 53 (22%) were not.",
        "Of 223 indicators that can be compared with the same quarter of last year, 147 (66%) improved or stayed the "
        "same and 76 (34%) worsened.",
        "315 indicators were reported, 71 of them without a rating (Monitor).",
    ]
    sections = {section["service_area"]: section["summary"] for section in report["sections"]}
    for area, printed in golden.ROWS.items():
        assert tuple(level["said"] for level in sections[area]["levels"].values()) == printed.levels_said
        ways = (sections[area]["improved_or_same"]["said"], sections[area]["worsened"]["said"])
        assert ways == printed.directions_said
    assert len(below_target(report)) == 53
    # The same rows in another order are the same report.
    assert digest(made(rows[::-1])) == digest(report)


def test_the_worst_come_first_below_target() -> None:
    results = {"A": "100", "B": "97", "C": "50", "D": "92", "E": None}
    rows = [
        columns(key, Measured("higher", Decimal(100), Decimal(value) if value else None, None))
        for key, value in results.items()
    ]
    assert [one["id"] for one in below_target(made(rows))] == ["C", "D", "B"]


def test_numbers_are_shown_with_their_unit() -> None:
    assert said(Decimal("93.456"), "%") == "93.46%"
    assert said(Decimal("-1204.5"), "£") == "-£1,204.5"
    assert said(Decimal("12"), "days") == "12 days"
    assert said(None, "%") == "–"


def test_a_miss_is_never_shown_as_its_target() -> None:
    assert both_said(Decimal("94.9999"), Decimal("95"), "%") == ("94.9999%", "95%")
    assert both_said(Decimal("95.00"), Decimal("95"), "%") == ("95%", "95%")


def test_a_place_with_only_a_note_is_in_the_report() -> None:
    note = {"kind": "challenge", "partner": "Re", "area": "Planning", "text": "Two posts are empty."}
    [section] = made([], notes=[note])["sections"]
    assert (section["title"], section["challenges"]) == ("Re: Planning", ["Two posts are empty."])
    assert made([])["headline"] == ["No indicator was reported in this quarter."]


def test_what_stands_in_the_way_of_approving() -> None:
    front = {"title": "T", "summary": "S"}
    red = Measured("higher", Decimal(95), Decimal(50), Decimal(60))
    rows = [columns("A", red, comment="Why", comment_role="Head of service")]
    after, during = date(2017, 1, 22), date(2017, 1, 21)
    period, barnet, havering = quarter(2016, 4), presets()["barnet"], presets()["havering"]
    assert missing(period, after, barnet, front, rows) == []
    assert "still change" in (says := missing(period, during, barnet, front, rows)[0].says) and "22 January" in says
    [one] = missing(period, after, havering, front, rows)
    assert one.says == "A, Indicator A: Red, without a corrective action."
    [one] = missing(period, after, barnet, front, [columns("A", red, comment="Why")])
    assert one.says == "A, Indicator A: Red, without the comment of whoever answers for it."
    improving = Measured("higher", Decimal(95), Decimal(50), Decimal(40))
    [one] = missing(period, after, havering, front, [columns("A", improving)])
    assert one.says.startswith("A, Indicator A: Amber")


def test_who_may_approve() -> None:
    me, other = uuid4(), uuid4()
    assert may_approve(me, other, []) is None
    assert may_approve(me, me, []) == "You began this report, so somebody else approves it."
    mine = [(key, "entered") for key in ("B", "C", "D")]
    assert may_approve(me, other, mine) == "You entered B and 2 more, so somebody else approves it."
    assert may_approve(me, other, [("B", "removed")]) == "You took out B, so somebody else approves it."


def test_what_a_tolerance_lets_pass_is_named_all_the_same() -> None:
    # 10% of 100 is 10: 95 and 91 missed their target and are Green with Havering's tolerance.
    results = {"A": "100", "B": "95", "C": "50", "D": "91"}
    rows = [columns(key, Measured("higher", Decimal(100), Decimal(value), None)) for key, value in results.items()]
    report = made(rows, "havering")
    assert [(one["id"], one["rag"]) for one in below_target(report)] == [("C", "red"), ("B", "green"), ("D", "green")]
    assert report["headline"][:2] == [
        "Of 4 indicators with a rating, 3 (75%) were within 10% of target or better and 1 (25%) was not.",
        "2 indicators counted as Green here missed their targets, by no more than this way of rating allows.",
    ]
    summary = report["summary"]
    assert (summary["on_target"]["count"], summary["below_target"]["count"]) == (1, 3)
    assert [one["target_met"] for one in report["sections"][0]["indicators"]] == ["yes", "no", "no", "no"]
    # Without a tolerance Green is what met its target, and nothing is said of one.
    assert not any("allows" in line for line in made(rows)["headline"])


def test_a_report_from_before_that_was_kept_still_has_its_list() -> None:
    report = made([columns("A", Measured("higher", Decimal(100), Decimal(99), None))])
    for section in report["sections"]:
        for one in section["indicators"]:
            del one["target_met"]
    assert [one["id"] for one in below_target(report)] == ["A"]


def test_minutes_are_said_as_on_other_pages() -> None:
    assert said(Decimal(3120), "minutes") == "2 days 4 hours"
    assert said(Decimal(200), "minutes") == "3 hours 20 minutes"
    # Where that would hide a miss, the minutes are said.
    assert both_said(Decimal(3121), Decimal(3120), "minutes") == ("3,121 minutes", "3,120 minutes")


def test_a_share_has_its_counts_beside_it() -> None:
    of = {"numerator": Decimal(30), "denominator": Decimal(1240)}
    only_followed = Measured("higher", None, Decimal("2.42"), None)
    rows = [columns("A", only_followed, **of), columns("B", only_followed)]
    assert [one["said"]["counts"] for one in made(rows)["sections"][0]["indicators"]] == ["30 of 1,240", ""]
