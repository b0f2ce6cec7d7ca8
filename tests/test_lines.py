"""The command line's reading commands, line by line, as DESIGN section 5 fixes them."""

import pytest

from triage import lines

pytestmark = pytest.mark.usefixtures("trained")


def test_understand_says_how_the_chat_would_read_it() -> None:
    read = lines.understand({"text": "i live on my own, do i pay less council tax"})
    assert set(read) == {"service", "confidence", "abstained", "danger", "entities"}
    assert read["service"] == "council_tax_single_person" and not read["abstained"] and read["danger"] is None


def test_understand_sees_danger() -> None:
    assert lines.understand({"text": "my husband is hitting me"})["danger"] == "domestic_abuse"


def test_sort_gives_queue_priority_and_reasons() -> None:
    sorted_ = lines.sort({"text": "my rubbish bin was not emptied this morning", "channel": "email"})
    assert set(sorted_) == {"service", "queue", "priority", "confidence", "holding", "reasons"}
    assert sorted_["queue"] == "Q-WASTE" and sorted_["reasons"]
    danger = lines.sort({"text": "the four year old next door is left alone all night", "channel": "phone"})
    assert (danger["queue"], danger["priority"]) == ("Q-SAFE-C", "P0")


def test_answer_has_its_source() -> None:
    answered = lines.answer({"text": "how do i pay my council tax"})
    assert answered["service"] == "council_tax_bill" and answered["source"] and len(answered["text"].split()) <= 90


def test_another_language_is_answered_in_it_and_not_guessed_at() -> None:
    answered = lines.answer({"text": "nie mówię po angielsku, mam pytanie do urzędu"})
    assert (
        answered["service"] is None and "999" in answered["text"] and "Porozmawiaj z człowiekiem" in answered["choices"]
    )


def test_redact_keeps_the_need_and_loses_the_person() -> None:
    text = "My name is Rivka Levy, 12 Ballards Lane N3 1AB, 07700 900123, blue bin not emptied in Golders Green"
    redacted = lines.redact({"text": text})
    for private in ("Rivka", "Levy", "Ballards", "N3 1AB", "900123"):
        assert private not in redacted["text"]
    assert "blue bin not emptied in Golders Green" in redacted["text"]
    for span in redacted["spans"]:
        assert text[span["start"] : span["end"]].strip()


def test_services_are_all_listed_with_their_partner() -> None:
    rows = list(lines.services())
    assert len(rows) >= 12 and all(set(row) == {"service", "name", "lgsl", "queue", "partner"} for row in rows)
    assert all(row["partner"] for row in rows)
