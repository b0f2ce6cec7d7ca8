"""How a resident's words are read as the answer to one question."""

import pytest

from bot.actions import parsing


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("yes", "yes"),
        ("Yep!", "yes"),
        ("yes it was out by 7", "yes"),
        ("No", "no"),
        ("no it wasn't", "no"),
        ("It wasn't", "no"),
        ("I'm not sure", "not sure"),
        ("not sure", "not sure"),
        ("dunno", "not sure"),
        ("12 N3 1AB", None),
        ("north road", None),
        ("the blue one", None),
        ("", None),
    ],
)
def test_yes_and_no(text: str, meant: str | None) -> None:
    assert parsing.yes_no(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("nothing", "nothing"),
        ("No", "nothing"),
        ("not sure", "nothing"),
        ("tag", "tag"),
        ("they left a sticker on it", "tag"),
        ("no tag", "nothing"),
        ("it was too heavy", "too heavy"),
        ("it wasn't heavy", None),
        ("no it was blocked by a car", "blocked"),
        ("wrong things", "wrong things"),
        ("a fox lives in it", None),
    ],
)
def test_problems(text: str, meant: str | None) -> None:
    assert parsing.problem(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("12 N3 1AB", True),
        ("Flat 3, 12 Church Lane", True),
        ("4a Green Lane", True),
        ("how do I pay my council tax", False),
        ("I want to speak to a person", False),
        ("the blue one", False),
    ],
)
def test_what_looks_like_an_address(text: str, meant: bool) -> None:
    assert parsing.looks_like_address(text) is meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Jo.Bloggs@Example.com", "jo.bloggs@example.com"),
        ("you can email me at jo@example.org thanks", "jo@example.org"),
        ("07700 900123", "07700 900123"),
        ("+44 20 7946 0000", "+44 20 7946 0000"),
        ("skip", "skip"),
        ("no thanks", "skip"),
        ("12345", None),
        ("my phone", None),
    ],
)
def test_contact_details(text: str, meant: str | None) -> None:
    assert parsing.contact_details(text) == meant


def test_a_code_is_only_ever_its_mark() -> None:
    assert parsing.code("it is [code]") == "[code]"
    assert parsing.code("ABCDE-FGHJK") is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [("no, the blue one", True), ("change the address", True), ("that's wrong", True), ("yes", False), ("blue", False)],
)
def test_corrections(text: str, meant: bool) -> None:
    assert parsing.correction(text) is meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [("what goes in the blue bin", True), ("is it open today?", True), ("the blue bin", False), ("yes", False)],
)
def test_questions(text: str, meant: bool) -> None:
    assert parsing.is_question(text) is meant
