"""The command line's reading commands, line by line, as DESIGN section 5 fixes them."""

import io
import json
import os
import threading
from typing import Any

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
    fixed = ["service", "queue", "priority", "confidence", "holding", "reasons"]
    assert list(sorted_) == [*fixed, "complaint", "statutory", "vulnerable", "language"]
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


def through(given: bytes) -> list[dict[str, Any]]:
    """What `understand` writes for these lines."""
    out = io.StringIO()
    lines.through(lines.understand_many, io.BytesIO(given), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_many_lines_are_read_as_each_would_be_alone_and_in_their_order() -> None:
    texts = ["my bin was not emptied", "/restart", "he hit me. My bin is full. When is it emptied?", "", "ok"] * 30
    read = through(b"\n\n".join(json.dumps({"text": text}).encode() for text in texts))
    assert len(read) == len(texts)
    for text, row in zip(texts[:5], read[:5], strict=True):
        alone = lines.understand({"text": text})
        assert row.pop("confidence") == pytest.approx(alone.pop("confidence"), abs=1e-3)
        assert row == alone
    assert [row["danger"] for row in read[:5]] == [row["danger"] for row in read[-5:]]


def test_a_line_that_comes_alone_is_answered_before_the_next() -> None:
    reading_end, writing_end = os.pipe()
    answered = threading.Event()

    class Out(io.StringIO):
        def flush(self) -> None:
            answered.set()

    with os.fdopen(reading_end, "rb") as source, os.fdopen(writing_end, "wb", buffering=0) as sink:
        work = threading.Thread(target=lines.through, args=(lines.understand_many, source, out := Out()))
        work.start()
        sink.write(b'{"text": "my bin was not emptied"}\n{"text": "o')
        assert answered.wait(30) and len(out.getvalue().splitlines()) == 1
        sink.write(b'k"}')
        sink.close()
        work.join(30)
    assert len(out.getvalue().splitlines()) == 2


@pytest.mark.parametrize("wrong", [b"{", b"[]", b'{"words": "bin"}', b"7", b'{"text": "\xff"}'])
def test_a_wrong_line_is_named_after_the_lines_before_it(wrong: bytes) -> None:
    out = io.StringIO()
    with pytest.raises(lines.LineWrong, match="line 3:"):
        source = io.BytesIO(b'{"text": "hello"}\n\n' + wrong + b'\n{"text": "bye"}\n')
        lines.through(lines.understand_many, source, out)
    assert len(out.getvalue().splitlines()) == 1


def test_half_a_surrogate_pair_is_read_and_written() -> None:
    assert through(b'{"text": "my bin was not emptied \\ud83d"}')[0]["service"] == "missed_bin"
    assert lines.redact({"text": "im priya \ud83d, 07700 900123"})["text"] == "im [name] ?, [phone]"


def test_themes_reads_comments_in_order() -> None:
    texts = ["Waited six weeks for a reply", "Nothing", "The lady was kind, thank you"]
    read = lines.themes([{"text": text} for text in texts])
    assert [set(one) for one in read] == [{"themes", "sentiment", "council"}] * 3
    assert "Timeliness of care" in read[0]["themes"] and read[0]["sentiment"] >= 3
    assert read[1]["council"] == ["other"]
    assert "manner" in read[2]["council"] and read[2]["sentiment"] <= 2
