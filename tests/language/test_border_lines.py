"""What belongs to either of two services is taught to neither, and is met with a choice of both.

`border_lines.jsonl` holds messages that were once examples of one service and that a contact-centre supervisor would
ask back about (docs/decisions/2026-11-26-border-lines.md). `either` names the services that could be meant.
"""

import json
from pathlib import Path

import pytest

from bench.reporting.own import own_rows
from language.intents import Reading
from triage import reading

Line = dict[str, str | list[str]]


def lines() -> list[Line]:
    file = Path(__file__).with_name("border_lines.jsonl")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def read(trained: None) -> list[tuple[Line, Reading]]:
    border = lines()
    return list(zip(border, reading.reader().read_many([str(line["text"]) for line in border]), strict=True))


def offered(line: Line, got: Reading) -> int:
    """How many of the services that could be meant are among the three that a resident would be offered."""
    return sum(name in line["either"] for name, _ in got.ranking[:3])


def test_no_border_line_is_an_example_of_anything() -> None:
    taught = {text.casefold() for text, _ in own_rows()}
    assert [line["text"] for line in lines() if str(line["text"]).casefold() in taught] == []


def test_each_border_line_names_two_meanings_or_more_that_exist() -> None:
    labels = {label for _, label in own_rows()}
    assert [line for line in lines() if len(set(line["either"])) < 2 or not set(line["either"]) <= labels] == []
    assert len({line["text"] for line in lines()}) == len(lines())


def test_what_could_be_meant_is_among_the_choices(read: list[tuple[Line, Reading]]) -> None:
    assert sum(offered(line, got) >= 1 for line, got in read) / len(read) >= 0.88
    assert sum(offered(line, got) >= 2 for line, got in read) / len(read) >= 0.52


def test_the_assistant_asks_or_answers_one_of_the_two(read: list[tuple[Line, Reading]]) -> None:
    content = [got.abstained or got.label in line["either"] for line, got in read]
    assert sum(content) / len(content) >= 0.91
