"""References and codes: guessed by nobody, read out by anybody."""

from uuid import uuid4

import pytest

from triage import codes


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_SIGNING_KEY", "a key for tests")
    codes.get_settings.cache_clear()


def test_a_code_has_130_bits_and_belongs_to_its_contact() -> None:
    first, second = uuid4(), uuid4()
    assert len(codes.tidy_code(codes.code_for(first))) == 26
    assert codes.code_for(first) == codes.code_for(first) != codes.code_for(second)


@pytest.mark.parametrize("typed", [str.lower, lambda c: c.replace("-", " "), lambda c: c.replace("-", "")])
def test_a_code_is_known_however_it_is_typed(typed: object) -> None:
    code = codes.code_for(uuid4())
    assert codes.hash_code(typed(code)) == codes.hash_code(code)  # type: ignore[operator]


def test_a_code_in_a_sentence_is_found_and_hidden() -> None:
    code = codes.code_for(uuid4())
    text = f"my code is {code}, the reference BN-7K3M-9QXF"
    assert codes.find_code(text) == codes.tidy_code(code)
    assert codes.hide_codes(text) == "my code is [code], the reference BN-7K3M-9QXF"


@pytest.mark.parametrize("text", ["BN-7K3M-9QXF", "bn 7k3m 9qxf please", "it's bn7k3m9qxf", "BN-7K3M-9QXF."])
def test_a_reference_is_found_however_it_is_typed(text: str) -> None:
    assert codes.find_reference(text) == "BN-7K3M-9QXF"


def test_ordinary_words_are_no_code() -> None:
    text = "The collection of recycling bins in Golders Green was missed again yesterday morning"
    assert codes.hide_codes(text) == text and codes.find_code(text) is None
