"""What residents are told: in plain words, and nothing that somebody else may not read."""

import re

import pytest
from pydantic import ValidationError

from triage.care.wording import Words, put_together, words
from triage.tables.notice import KINDS

VALUES = {
    "council": "The council",
    "reference": "one",
    "link": "here",
    "due": "Thursday",
    "code": "ABCDE",
    "outcome": "It is mended.",
    "team": "Parks",
    "reason": "It has many parts.",
    "answer_by": "Friday",
    "settle_by": "Sunday",
    "must_by": "Tuesday",
}


def syllables(word: str) -> int:
    """About how many syllables: groups of vowels, without a silent e."""
    groups = re.findall(r"[aeiouy]+", re.sub(r"(?<=[^aeiouyl])e$|(?<=[^aeiouy])es$|(?<=[^aeiouytd])ed$", "", word))
    return max(1, len(groups))


def reading_age(sentences: list[str]) -> float:
    """Flesch and Kincaid's grade, plus the five years before school."""
    said = [re.findall(r"[a-z']+", one.lower()) for one in sentences]
    count = sum(len(one) for one in said)
    sounds = sum(syllables(word) for one in said for word in one)
    return 0.39 * count / len(said) + 11.8 * sounds / count - 15.59 + 5


def sentences(kind: str) -> list[str]:
    told = words()[kind]
    whole = " ".join(text.format_map(VALUES) for text in (*told.say, *told.chat))
    return [one for one in re.split(r"[.:]\s|\.$", whole) if one.strip()]


@pytest.mark.parametrize("kind", KINDS)
def test_a_child_of_eleven_can_read_it(kind: str) -> None:
    assert reading_age(sentences(kind)) <= 11
    assert max(len(one.split()) for one in sentences(kind)) <= 15


def test_the_measure_knows_hard_words_from_plain_ones() -> None:
    hard = ["Your enquiry has been escalated to the appropriate departmental representative for consideration"]
    assert reading_age(hard) > 18 > 11 > reading_age(["We have your note", "We will write to you soon"])


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_names_only_the_reference_and_where_to_look(kind: str) -> None:
    text = put_together(words()[kind].say, VALUES, " ")
    assert "one" in text and "here" in text
    assert "It is mended." not in text and "Parks" not in text
    assert len(text.replace("here", "https://www.example.gov.uk/contacts/BN-7K3M-9QXF")) < 306, "two text messages"


def test_a_wording_that_would_tell_of_the_need_is_refused() -> None:
    with pytest.raises(ValidationError, match="may not say outcome"):
        Words(subject="News", say=("We say: {outcome}",))


def test_a_sentence_without_its_value_is_left_out() -> None:
    assert put_together(("By {due}.", "See {link}"), {"due": None, "link": "here"}, " ") == "See here"
