"""What says who somebody is leaves the text; what a service needs stays in it.

`redaction_lines.jsonl` holds lines written by imagining residents before any pattern was made; half of those are marked
`held_out`. The rest were read and tuned on, with 157 more written later for that. The misses of held-out lines were
not read, but their totals were seen several times on the way: see the decision for how far to trust them.
"""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.entities import CouncilWords
from language.redaction import KINDS, Redacted, Redactor, Span, checks, redact, without_placeholders
from language.redaction.lexicon import fold, group, lexicon
from language.redaction.placeholders import placeholder

BARNET = Path(__file__).parents[2] / "data" / "councils" / "barnet"
Line = dict[str, Any]
LINES: list[Line] = [
    json.loads(line)
    for line in (Path(__file__).parent / "redaction_lines.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.fixture(scope="module")
def redactor() -> Redactor:
    """As the product reads: with Barnet's public places and its own telephone number left in."""
    return Redactor(places=CouncilWords.load(BARNET).kept_places, phones=["020 8359 2000"])


def covered(read: Redacted) -> set[int]:
    return {place for span in read.spans for place in range(span.start, span.end)}


def recall(redactor: Redactor, *, names: bool, held_out: bool) -> float:
    """The share of names (or of all else) that leave whole; one letter or figure left is a miss. Prints misses."""
    right = total = 0
    for line in LINES:
        if line["held_out"] is not held_out:
            continue
        read, at = redactor.redact(line["text"]), 0
        for span in line["spans"]:
            at = line["text"].index(span["value"], at)
            needed = {at + place for place, c in enumerate(span["value"]) if c.isalnum()}
            at += len(span["value"])
            if (span["kind"] == "name") is not names:
                continue
            total += 1
            if needed <= covered(read):
                right += 1
            else:
                print(f"missed {span['kind']} {span['value']!r}: {read.text!r}")
    print(f"{'names' if names else 'identifiers'}, held out {held_out}: {right} of {total}")
    return right / total


def over_redacted(redactor: Redactor, held_out: bool) -> tuple[int, int]:
    """How many ordinary lines lost anything, of how many. Prints each."""
    lines = [line for line in LINES if not line["spans"] and line["held_out"] is held_out]
    lost = [(line["text"], read.text) for line in lines if (read := redactor.redact(line["text"])).spans]
    for was, now in lost:
        print(f"over-redacted: {was!r} -> {now!r}")
    print(f"ordinary, held out {held_out}: {len(lost)} of {len(lines)}")
    return len(lost), len(lines)


def test_the_lines_are_many_varied_and_whole() -> None:
    assert len(LINES) >= 300
    assert len({line["text"] for line in LINES}) == len(LINES)
    kinds = [span["kind"] for line in LINES for span in line["spans"]]
    assert set(kinds) == set(KINDS)
    assert kinds.count("name") >= 100
    assert sum(any(span["kind"] != "name" for span in line["spans"]) for line in LINES) >= 100
    assert sum(not line["spans"] for line in LINES) >= 100
    for line in LINES:
        assert all(span["value"] in line["text"] for span in line["spans"]), line


@pytest.mark.parametrize("held_out", [False, True])
def test_identifiers_leave(redactor: Redactor, held_out: bool) -> None:
    assert recall(redactor, names=False, held_out=held_out) >= 0.95


@pytest.mark.parametrize("held_out", [False, True])
def test_names_leave(redactor: Redactor, held_out: bool) -> None:
    assert recall(redactor, names=True, held_out=held_out) >= 0.85


def test_ordinary_messages_stay_as_they_are(redactor: Redactor) -> None:
    tuned, held_out = over_redacted(redactor, False), over_redacted(redactor, True)
    assert (tuned[0] + held_out[0]) / (tuned[1] + held_out[1]) <= 0.02
    assert held_out[0] / held_out[1] <= 0.02


@pytest.mark.parametrize("file", ["redaction_ordinary_held_out.jsonl", "redaction_ordinary_held_out_2.jsonl"])
def test_streets_sites_shops_and_dates_stay(redactor: Redactor, file: str) -> None:
    """Every line names a place, so they are harder than a day's messages: see docs/decisions/2026-11-26-danger.md."""
    lines = [json.loads(line)["text"] for line in (Path(__file__).parent / file).read_text().splitlines()]
    lost = [(text, read.text) for text in lines if (read := redactor.redact(text)).spans]
    assert len(lines) >= 120
    assert len(lost) / len(lines) <= 0.02, lost


def test_a_house_number_is_hidden_where_somebody_lives_and_stays_where_a_thing_is(redactor: Redactor) -> None:
    assert not redactor.redact("there is a pothole outside number 40").spans
    assert redactor.redact("the people at number 40 keep shouting").spans
    assert redactor.redact("we moved from number 40").spans
    assert redactor.redact("the lamp outside 40 Woodhouse Road").spans


def test_a_public_office_may_be_named_and_a_home_beside_it_may_not(redactor: Redactor) -> None:
    assert not redactor.redact("how do I get to 2 Bristol Avenue").spans
    assert redactor.redact("I live at 4 Bristol Avenue").spans


@pytest.mark.parametrize(
    "text",
    [
        "Golders Green library",
        "Friern Barnet Road has no bins",
        "Victoria Road",
        "Mill Hill",
        "Jack (road works)",
        "my reference is BN-7K3M-9QXF",
        "26/1234/FUL and PCN BT12345678",
        "dial 101, 999, 111 or 0300 123 1234",
        "band D, bin day Tuesday 3/4/26 at 17:30",
    ],
)
def test_services_own_words_keep_their_place_without_a_council(text: str) -> None:
    assert redact(text) == Redacted(text, ())


def test_a_placeholder_says_what_it_stands_for() -> None:
    read = redact("I'm Priya Shah of 12 Park Road N3 1AB, NI AB123456C, 07700 900123")
    assert read.text == "I'm [name] of [address] [postcode], NI [ni number], [phone]"
    assert [span.kind for span in read.spans] == ["name", "address", "postcode", "ni_number", "phone"]
    assert read.spans[0] == Span("name", 4, 14)


def test_a_councils_public_places_and_numbers_stay(redactor: Redactor) -> None:
    text = "is Henrietta Barnett full, and is 020 8359 2000 still right"
    assert redactor.redact(text).text == text
    assert redact(text).text != text


def test_one_canary_of_each_kind_leaves() -> None:
    canaries = {
        "name": "my name is Zebedee Quillfeather",
        "address": "i live at 47 Nonesuch Gardens",
        "postcode": "NW7 3QX",
        "phone": "07700 900 987",
        "email": "canary.bird@example.org",
        "ni_number": "QQ 12 34 56 C",
        "nhs_number": "943 476 5919",
        "card": "4111 1111 1111 1111",
        "bank_account": "sort code 20-45-67 account 31926819",
        "account": "council tax account number 61023345",
        "vehicle": "LK19 XYZ",
        "date_of_birth": "born 15/03/1984",
        "passport": "passport 533401372",
        "driving_licence": "MORGA657054SM9IJ",
        "url_secret": "https://frontdoor.example/survey/Zk93hTqLm20VxP7wYb4d",
    }
    assert set(canaries) == set(KINDS)
    for kind, text in canaries.items():
        assert kind in {span.kind for span in redact(text).spans}, text


def test_checks_know_right_from_nearly_right() -> None:
    assert checks.luhn("4111111111111111") and not checks.luhn("4111111111111112")
    assert checks.nhs("9434765919") and not checks.nhs("9434765918")
    assert checks.ni_prefix("AB") and not checks.ni_prefix("DA") and not checks.ni_prefix("GB")
    assert checks.iban("GB29 NWBK 6016 1331 9268 19") and not checks.iban("GB28 NWBK 6016 1331 9268 19")
    assert checks.outcode("NW7") and not checks.outcode("ZZ1")


def test_the_lists_are_clean() -> None:
    lists = lexicon()
    assert len(lists.given) > 3000 and len(lists.surnames) > 3000
    assert not lists.given & lists.ordinary and not lists.surnames & lists.ordinary
    assert not lists.given & lists.given_also and not lists.surnames & lists.surnames_also
    assert not (lists.given | lists.surnames) & group("place_words")
    assert all(word == fold(word) for word in lists.given | lists.surnames)


@given(st.text(max_size=400))
@settings(max_examples=200, deadline=None)
def test_any_text_comes_back_whole(text: str) -> None:
    read = redact(text)
    at = 0
    rest = []
    for span in read.spans:
        assert at <= span.start < span.end <= len(text)
        rest.append(text[at : span.start])
        at = span.end
    rest.append(text[at:])
    assert all(piece in read.text for piece in rest)
    assert read.spans or read.text == text


@pytest.mark.parametrize(
    "piece", ["a", "1", "1 ", "a@", "a.", "o'", "Ab ", "0 ", "AB12 ", "12 ab ", "flat 1, ", "my name is "]
)
def test_the_longest_message_of_anything_is_read_in_bounded_time(piece: str) -> None:
    text = (piece * 5000)[:5000]
    start = time.process_time()
    redact(text)
    assert time.process_time() - start < 1.0


def test_an_ordinary_message_takes_less_than_two_milliseconds(redactor: Redactor) -> None:
    redactor.redact("warm")
    start = time.process_time()
    for line in LINES:
        redactor.redact(line["text"])
    assert (time.process_time() - start) / len(LINES) < 0.002


@pytest.mark.parametrize(
    ("redacted", "left"),
    [
        ("hi im [name], my bin was missed", "hi my bin was missed"),
        ("my bin was missed at [address], [postcode]", "my bin was missed"),
        ("[name]'s bin, ring me on [phone]", "bin,"),
        ("my bin was missed", "my bin was missed"),
        ("[address] [postcode]", "[address] [postcode]"),
        ("is there a report [code]", "is there a report [code]"),
        ("when is Golders Green library open", "when is Golders Green library open"),
    ],
)
def test_what_is_left_for_the_reader_of_needs(redacted: str, left: str) -> None:
    assert without_placeholders(redacted) == left


def test_no_placeholder_of_any_kind_is_left() -> None:
    assert all(without_placeholders(f"my bin {placeholder(kind)} today") == "my bin today" for kind in KINDS)
