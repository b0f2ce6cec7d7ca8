"""The examples that the danger model learns from: many, right, and none among the lines that measure it."""

import json
from pathlib import Path

import pytest

from language.danger import DangerDataWrong, DangerRules
from language.danger.examples import EXAMPLES, Example, read_examples, read_ordinary
from language.danger.model import MAY_BE

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "data"
HELD_OUT = [json.loads(line) for line in (HERE / "danger_held_out_3.jsonl").read_text().splitlines()]
OLDER = [json.loads(line) for line in (HERE / "danger_lines.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def rules() -> DangerRules:
    return DangerRules.load(DATA / "danger")


def test_the_examples_are_many_and_none_is_among_the_lines_they_are_measured_on(rules: DangerRules) -> None:
    examples = read_examples(DATA / "danger" / EXAMPLES, rules)
    assert len(examples) >= 7_500
    assert sum(example.signal is None for example in examples) >= 2_000
    assert sum(example.ordinary for example in examples) >= 200
    for signal in set(rules.signals) - {MAY_BE}:
        assert sum(example.signal == signal for example in examples) >= 100, signal
    measured = {plain(line["text"]) for line in [*HELD_OUT, *(line for line in OLDER if line["held_out"])]}
    assert not {plain(example.text) for example in examples} & measured
    assert len(HELD_OUT) >= 600 and sum(line["level"] is None for line in HELD_OUT) >= 300


def plain(text: str) -> str:
    """The words alone: the same message with other stops and capitals is the same message."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in text.lower()).split())


@pytest.mark.parametrize(
    "line",
    [
        '{"text": "a", "signal": "weather", "level": "now"}',
        '{"text": "a", "signal": "suicide", "level": "today"}',
        '{"text": "a", "signal": null, "level": "now"}',
        '{"text": " ", "signal": null, "level": null}',
        '{"text": "a", "signal": null}',
        "[]",
        "text",
    ],
)
def test_a_wrong_example_is_refused_by_its_line(tmp_path: Path, rules: DangerRules, line: str) -> None:
    file = tmp_path / "ordinary.jsonl"
    file.write_text('{"text": "hello", "signal": null, "level": null}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(DangerDataWrong) as refused:
        read_examples(tmp_path, rules)
    assert (refused.value.file, refused.value.key) == (file, "line 2")


def test_an_example_in_the_wrong_file_or_twice_is_refused(tmp_path: Path, rules: DangerRules) -> None:
    with pytest.raises(DangerDataWrong, match="no example"):
        read_examples(tmp_path, rules)
    line = '{"text": "he hit me", "signal": "domestic_abuse", "level": "now"}\n'
    (tmp_path / "domestic_abuse.jsonl").write_text(line, encoding="utf-8")
    assert read_examples(tmp_path, rules) == [Example("he hit me", "domestic_abuse")]
    (tmp_path / "suicide.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(DangerDataWrong, match="wrong file"):
        read_examples(tmp_path, rules)
    (tmp_path / "suicide.jsonl").unlink()
    (tmp_path / "near_misses.jsonl").write_text('{"text": "he hit me", "signal": null, "level": null}\n')
    with pytest.raises(DangerDataWrong, match="there before"):
        read_examples(tmp_path, rules)


def test_a_list_that_names_no_service_is_refused(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("# none\nno_such_service\n", encoding="utf-8")
    with pytest.raises(DangerDataWrong, match=r"names\.txt"):
        read_ordinary(tmp_path / "names.txt", DATA / "services")
