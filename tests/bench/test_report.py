"""`python -m bench` makes one whole report. What it measures is not held to any time here."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench.__main__ import main, names
from bench.published import first_of_each
from bench.reporting import report as report_module
from bench.reporting.figures import Figure, printed
from bench.reporting.page import page
from bench.reporting.parts import PARTS, Part, last_line, numbers_in, run

FIGURE = {"name", "value", "unit", "mark", "better", "source", "reached"}
PART = {"part", "title", "command", "seconds", "measured", "missing", "error", "figures", "picture", "detail"}


@pytest.fixture(scope="module")
def quick(trained: None, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """The files of one quick report: less than a minute."""
    out = tmp_path_factory.mktemp("report")
    assert main(["--quick", "--out", str(out)]) == 0
    return json.loads((out / "report.json").read_text()), (out / "report.md").read_text()


def test_every_part_is_in_the_report_and_none_failed(quick: tuple[dict[str, Any], str]) -> None:
    report, text = quick
    assert [part["part"] for part in report["parts"]] == [part.module for part in PARTS]
    for part in report["parts"]:
        assert part["error"] is None
        assert f"## {part['title']}" in text and part["command"] in text
        assert bool(part["figures"]) is not bool(part["missing"])


def test_the_report_says_on_what_it_was_measured(quick: tuple[dict[str, Any], str]) -> None:
    report, text = quick
    machine = report["machine"]
    assert machine["cores"] and machine["memory_gib"] > 0 and machine["processor"] in text
    assert {"python", "onnxruntime", "rasa"} <= set(machine["versions"])
    assert report["quick"] and "Its figures mean nothing" in text


def test_the_shape_of_the_json_stays(quick: tuple[dict[str, Any], str]) -> None:
    report, _ = quick
    assert set(report) == {"schema", "quick", "machine", "parts"} and report["schema"] == 2
    for part in report["parts"]:
        assert set(part) == PART
        for figure in part["figures"]:
            assert set(figure) == FIGURE
            assert figure["value"] is None or isinstance(figure["value"], int | float)


def test_nothing_crashes_in_the_small_fuzz(quick: tuple[dict[str, Any], str]) -> None:
    fuzz = next(part for part in quick[0]["parts"] if part["part"] == "fuzz")
    assert fuzz["detail"]["crashes"] == 0 and fuzz["detail"]["web"]["faults"] == 0, fuzz["detail"]


def test_each_part_but_those_to_come_is_a_comparison() -> None:
    assert {part.module for part in PARTS} - set(names()) <= {"danger", "languages"}
    assert "reporting" not in names() and "fuzzing" not in names()


def test_a_mark_is_reached_on_its_own_side() -> None:
    assert Figure("accuracy", 87.2, mark=87.2).reached is True
    assert Figure("accuracy", 87.1, mark=87.2).reached is False
    assert Figure("time", 49.0, mark=50, better="lower").reached is True
    assert Figure("time", 51.0, mark=50, better="lower").reached is False
    assert Figure("time", 51.0).reached is None and Figure("time", None, mark=1).reached is None


def test_what_is_printed_is_read_back(capsys: pytest.CaptureFixture[str]) -> None:
    printed("danger", [Figure("recall", 99.0, "%", mark=98)], {"lines": 3})
    found = last_line(capsys.readouterr().out + "some other last words\n")
    assert found is not None and found["bench"] == "danger" and found["lines"] == 3
    assert found["figures"][0]["reached"] is True
    assert last_line("no figures\n{broken\n{}\n") is None


def test_a_result_that_names_no_figures_is_shown_all_the_same() -> None:
    figures = numbers_in({"rules": {"recall_now": 0.5, "ok": True, "name": "x"}, "rows": [1]})
    assert [(one["name"], one["value"]) for one in figures] == [("rules, recall now", 0.5), ("rows, 1", 1)]
    assert all(set(one) == FIGURE for one in figures)


def test_a_part_that_ends_without_figures_is_an_error_in_the_report(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = Part("intents", "Broken")  # without its files it ends with 2 and prints no figures
    found = run(broken, quick=True)
    assert found["figures"] == [] and "no figures" in found["error"]
    monkeypatch.setattr(report_module, "PARTS", (broken,))
    assert report_module.main(["--quick", "--out", str(tmp_path)]) == 1
    assert "Not measured" in (tmp_path / "report.md").read_text()


def test_some_parts_are_measured_again_and_the_others_stay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def found(part: Part, quick: bool) -> dict[str, Any]:
        return {"figures": [Figure(part.module, value).as_row()], "seconds": 1.0}

    monkeypatch.setattr(report_module, "run", found)
    value = 1.0
    assert report_module.main(["--out", str(tmp_path)]) == 0
    value = 2.0
    assert report_module.main(["--only", "fuzz", "--out", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "report.json").read_text())
    assert [part["part"] for part in report["parts"]] == [part.module for part in PARTS]
    values = {part["part"]: part["figures"][0]["value"] for part in report["parts"]}
    assert values.pop("fuzz") == 2.0 and set(values.values()) == {1.0}
    assert all(part["measured"]["measured_at"] for part in report["parts"])


def test_a_quick_report_never_replaces_the_published_one() -> None:
    with pytest.raises(SystemExit):
        main(["--quick"])
    assert main(["no_such_comparison"]) == 2


def test_a_page_says_which_marks_are_not_reached() -> None:
    figures = [Figure("a", 1, "ms", mark=2, better="lower").as_row(), Figure("b", None, "%", mark=2).as_row()]
    part = {"title": "T", "command": "c", "seconds": 1.0, "missing": None, "error": None, "figures": figures}
    part["measured"] = {"measured_at": "now", "commit": "c", "load_at_start": 0.0}
    machine = {"processor": "p", "cores": 2, "memory_gib": 1.0, "system": "s", "versions": {"python": "3.11"}}
    text = page({"quick": False, "machine": machine, "parts": [part]})
    assert "1 of 1 marks reached" in text and "| a | 1 ms | 2 ms (ours) | yes |" in text and "| b | – |" in text


def test_the_first_of_each_label_are_kept_in_order() -> None:
    rows = [("1", "a"), ("2", "b"), ("3", "a"), ("4", "a")]
    assert first_of_each(rows, 2) == [("1", "a"), ("2", "b"), ("3", "a")]
