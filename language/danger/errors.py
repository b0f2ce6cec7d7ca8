"""What goes wrong when danger data is read."""

from __future__ import annotations

from pathlib import Path


class DangerDataWrong(Exception):
    """The danger data cannot be used: says which file, which key and what is wrong with it."""

    def __init__(self, file: Path, key: str, wrong: str) -> None:
        super().__init__(f"{file.name}: {key}: {wrong}")
        self.file = file
        self.key = key
        self.wrong = wrong
