"""`python -m bench danger` counts as the marks are meant: the gentle question is no alarm, a lesser level is a miss."""

import json
from pathlib import Path

import pytest

from bench.danger import Scored, raised, score, table
from language.danger import DangerRules, Sighting
from language.danger.model import Dangers

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def rules() -> DangerRules:
    return DangerRules.load(DATA / "danger")


@pytest.mark.parametrize(
    ("signal", "kind", "alarm"),
    [
        (None, "now", False),
        ("suicide", "now", True),
        ("flood", "now", False),
        ("suicide", "today", True),
        ("eviction_date", "today", False),
        ("eviction_date", "concern", True),
        ("may_be_danger", "concern", False),
        ("eviction_date", "near miss", False),
        ("flood", "near miss", True),
        ("may_be_danger", "ordinary", False),
    ],
)
def test_what_counts_as_an_alarm(rules: DangerRules, signal: str | None, kind: str, alarm: bool) -> None:
    seen: Sighting | None = rules.sighting(signal) if signal else None
    assert raised(seen, kind) is alarm


def test_a_file_is_scored_line_by_line(tmp_path: Path, rules: DangerRules) -> None:
    lines = [
        {"text": "my husband hits me", "signal": "domestic_abuse", "level": "now"},
        {"text": "when is my bin day", "signal": "suicide", "level": "now"},
        {"text": "I got a notice to quit", "signal": "eviction_date", "level": "concern"},
        {"text": "when is my bin day", "signal": None, "level": None, "kind": "ordinary"},
        {"text": "my husband hits me", "signal": None, "level": None, "kind": "near_miss"},
    ]
    file = tmp_path / "lines.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    scored = score(file, Dangers(rules))
    assert [one.alarmed for one in scored] == [True, False, True, False, True]
    rows = {row["kind"]: (row["lines"], row["alarmed"], row["noticed"], row["by_rules"]) for row in table(scored)}
    assert rows == {
        "now": (2, 1, 1, 1),
        "concern": (1, 1, 1, 1),
        "rest": (1, 1, 1, 1),
        "near miss": (1, 1, 1, 1),
        "ordinary": (1, 0, 0, 0),
    }
    assert isinstance(scored[0], Scored)
