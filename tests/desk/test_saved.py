"""Saved replies: a file anybody may edit, and what is refused in it."""

from pathlib import Path

import pytest

from triage.desk import rules, saved


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "replies.toml"
    file.write_text(f'[[reply]]\ntitle = "A title"\ntext = "{text}"\n', encoding="utf-8")
    return file


def test_ours_can_be_used_and_each_has_a_title_of_its_own() -> None:
    replies = saved.for_every_service()
    titles = [one.title for one in replies]
    assert len(titles) == len(set(titles)) >= 10
    assert any(rules.GAP in one.text for one in replies)
    assert all(len(one.text.split()) <= 90 for one in replies)


@pytest.mark.parametrize(
    "text",
    ["Dear {name}, we have this.", "We come on […", "We come on [day] at noon.", "Short"],
)
def test_a_name_or_a_gap_that_is_not_one_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="reply"):
        saved.for_every_service(written(tmp_path, text))
