"""The reader as it is shipped: it reads what a council hears, never breaks, and reads the same after it was saved."""

from pathlib import Path

import pytest

from language.themes import ThemeModelMismatch, ThemeReader
from triage import reading
from triage.metrics.comments.themes import themes

WAITING, MANNER, GETTING_THROUGH = "waiting", "manner", "getting_through"


@pytest.fixture(scope="module")
def reader(trained: None) -> ThemeReader:
    found = reading.themes()
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I had to wait six weeks for a reply", {WAITING}),
        ("the man at the desk was rude to me", {MANNER}),
        ("could not get through on the phone, kept ringing out", {GETTING_THROUGH}),
        ("Waited ages but the staff were lovely and kind", {WAITING, MANNER}),
    ],
)
def test_what_a_comment_is_about(reader: ThemeReader, text: str, wanted: set[str]) -> None:
    assert wanted <= set(themes().of_comment(text, reader.read(text).themes))


def test_how_a_comment_sounds(reader: ThemeReader) -> None:
    assert reader.read("Excellent service, everyone was wonderful, thank you so much").sentiment <= 2
    assert reader.read("Disgusting. Rude staff and nobody ever rang me back").sentiment >= 4


@pytest.mark.parametrize("text", ["", " ", "🙂", "\ud83d", "?", "a" * 5_000, "١٢٣", "=HYPERLINK(1)"])
def test_any_comment_is_read(reader: ThemeReader, text: str) -> None:
    assert reader.read(text).sentiment in (1, 2, 3, 4, 5)


def test_together_or_alone_is_the_same(reader: ThemeReader) -> None:
    texts = ["Too slow", "Lovely lady on the phone", "Nothing"]
    assert reader.read_many(texts) == [reader.read(text) for text in texts]
    assert reader.read_many([]) == []


def test_what_is_saved_reads_the_same(reader: ThemeReader, tmp_path: Path) -> None:
    reader.save(tmp_path / "themes")
    again = ThemeReader.load(tmp_path / "themes", reader.encoder)
    texts = ["Waited an hour in the cold", "The letter was hard to understand"]
    assert again.read_many(texts) == reader.read_many(texts)


def test_a_model_of_another_format_is_refused(reader: ThemeReader, tmp_path: Path) -> None:
    reader.save(tmp_path / "themes")
    note = tmp_path / "themes" / "themes.json"
    note.write_text(note.read_text(encoding="utf-8").replace('"format": 1', '"format": 0'), encoding="utf-8")
    with pytest.raises(ThemeModelMismatch):
        ThemeReader.load(tmp_path / "themes", reader.encoder)


def test_every_theme_of_the_reader_has_a_place_in_the_council(reader: ThemeReader) -> None:
    taken = {of for one in themes().theme for of in one.of}
    assert set(reader.themes) - taken == {"Not assigned"}
