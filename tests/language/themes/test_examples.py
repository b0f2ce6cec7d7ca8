"""Comments to learn from are read whole, or the faulty line is named."""

from pathlib import Path

import pytest

from language.themes.examples import Comment, CommentsWrong, read_comments, write_comments
from triage.catalogue import DATA


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    written = [Comment("Waited ages", ("Timeliness of care",), 4), Comment("…", (), None)]
    write_comments(tmp_path / "a.jsonl", written)
    assert read_comments(tmp_path / "a.jsonl") == written


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ('{"text": " ", "themes": [], "sentiment": 1}', "empty"),
        ('{"text": "a", "themes": "Food", "sentiment": 1}', "list"),
        ('{"text": "a", "themes": [], "sentiment": 6}', "1 to 5"),
        ('{"text": "a"}', "must hold"),
        ("[]", "must hold"),
        ("{", "must hold"),
    ],
)
def test_a_faulty_line_is_named(tmp_path: Path, line: str, wrong: str) -> None:
    file = tmp_path / "comments.jsonl"
    file.write_text(f'{{"text": "fine", "themes": [], "sentiment": 1}}\n{line}\n', encoding="utf-8")
    with pytest.raises(CommentsWrong, match=rf"comments\.jsonl: line 2: .*{wrong}"):
        read_comments(file)


def test_our_own_comments_use_the_themes_of_the_public_ones() -> None:
    public = {theme for one in read_comments(DATA / "themes" / "nhs_fft.jsonl") for theme in one.themes}
    own = read_comments(DATA / "themes" / "council.jsonl")
    assert {theme for one in own for theme in one.themes} <= public
    assert len({one.text for one in own}) == len(own)
