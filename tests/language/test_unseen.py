"""Lines as models read them that had not seen them: counted in one way, kept beside the reader."""

from pathlib import Path

import pytest

from language.encoder import Encoder
from language.intents import Reader
from language.intents.unseen import Line, answered, load, macro_f1, mistaken, share_right
from tests.language.test_intents import OUTSIDE, ROWS, encoder, home

__all__ = ["encoder", "home"]


def line(label: str, guess: str, confidence: float = 0.9, *, abstained: bool = False) -> Line:
    return Line(f"{label} {confidence}", label, guess, confidence, abstained)


def test_training_leaves_every_line_with_a_guess_that_was_made_without_it(encoder: Encoder, tmp_path: Path) -> None:
    rows = [*ROWS, *((text, "outside") for text in OUTSIDE), ("pay my council tax bill", "library")]
    reader = Reader.fit([text for text, _ in rows], [label for _, label in rows], encoder)
    reader.save(tmp_path)
    lines = load(tmp_path)
    assert [(one.text, one.label) for one in lines] == rows
    # Its label is wrong: whoever had seen the line would have read it as labelled.
    assert lines[-1].guess == "council_tax" and not lines[-1].right
    assert all(one.abstained == (one.confidence < round(reader.model.threshold, 4)) for one in lines[:-1])


def test_a_reader_that_was_opened_has_no_lines_to_keep(encoder: Encoder, tmp_path: Path) -> None:
    reader = Reader.fit([text for text, _ in ROWS], [label for _, label in ROWS], encoder)
    reader.save(tmp_path / "trained")
    Reader.load(tmp_path / "trained", encoder).save(tmp_path / "copied")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "copied")


def test_what_a_label_is_mistaken_for_most_often_first() -> None:
    lines = [line("a", "a"), line("a", "b", 0.5), line("a", "c"), line("a", "b", 0.7), line("b", "a")]
    found = mistaken(lines, "a")
    assert [(guess, [one.confidence for one in some]) for guess, some in found] == [("b", [0.7, 0.5]), ("c", [0.9])]
    assert mistaken(lines, "z") == []


def test_shares() -> None:
    lines = [line("a", "a"), line("a", "b"), line("a", "a", abstained=True), line("a", "outside")]
    assert share_right(lines) == 0.5
    assert share_right([]) is None
    assert answered(lines, "outside") == lines[:2]


def test_macro_f1_counts_each_label_alike() -> None:
    assert macro_f1([line("a", "a"), line("a", "a"), line("b", "b")]) == 1.0
    assert macro_f1([line("a", "a")] * 3 + [line("b", "a")]) == pytest.approx((6 / 7) / 2)
