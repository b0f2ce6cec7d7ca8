"""Comments with their themes and sentiment, as JSON lines: `text`, `themes`, `sentiment` (1 to 5, or null)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SENTIMENTS = (1, 2, 3, 4, 5)


class CommentsWrong(ValueError):
    """A line that is no comment with themes and a sentiment: says which file, which line and what is wrong."""

    def __init__(self, file: Path, line: int, wrong: str) -> None:
        super().__init__(f"{file.name}: line {line}: {wrong}")


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote, what a person read in it, and how it sounds: None where nobody could say."""

    text: str
    themes: tuple[str, ...]
    sentiment: int | None


def read_comments(file: Path) -> list[Comment]:
    """Every comment of a file, in order. Raises CommentsWrong."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            found.append(_comment(file, number, line))
    if not found:
        raise CommentsWrong(file, 1, "there is no comment in it")
    return found


def _comment(file: Path, number: int, line: str) -> Comment:
    try:
        row: Any = json.loads(line)
        text, themes, sentiment = row["text"], row["themes"], row.get("sentiment")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CommentsWrong(file, number, f"must hold text, themes and sentiment ({type(error).__name__})") from error
    if not isinstance(text, str) or not text.strip():
        raise CommentsWrong(file, number, "its text is empty")
    if not isinstance(themes, list) or not all(isinstance(theme, str) and theme for theme in themes):
        raise CommentsWrong(file, number, "its themes are no list of names")
    if sentiment is not None and sentiment not in SENTIMENTS:
        raise CommentsWrong(file, number, "its sentiment is not 1 to 5")
    return Comment(text, tuple(dict.fromkeys(themes)), sentiment)


def write_comments(file: Path, comments: Iterable[Comment]) -> None:
    """Write comments as `read_comments` reads them."""
    lines = (
        json.dumps({"text": one.text, "themes": list(one.themes), "sentiment": one.sentiment}, ensure_ascii=False)
        for one in comments
    )
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
