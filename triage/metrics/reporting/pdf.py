"""The report as PDF/UA-1: tagged, titled, in English, every table with its heads.

typst writes it and refuses to when it would not comply. What people typed reaches it as data (JSON strings), which it
never reads as its own language, so nothing typed can be run: docs/decisions/2026-11-26-the-quarterly-report.md.
"""

import asyncio
import json
import unicodedata
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import font_source_sans_pro
import typst

from triage.catalogue import catalogue
from triage.clock import LONDON
from triage.metrics.reporting.content import below_target, no_result
from triage.pages import HERE, plain_date

TEMPLATE = HERE / "templates" / "reporting" / "report.typ"
# PDF/UA forbids a character that no font in the file has: these blocks are in ours (a test prints every one of them).
_HAS = (
    (0x20, 0x7E),
    (0xA0, 0xAC),
    (0xAE, 0x17F),
    (0x1CD, 0x1DC),
    (0x218, 0x21B),
    (0x386, 0x386),
    (0x388, 0x38A),
    (0x38E, 0x3A1),
    (0x3A3, 0x3CE),
    (0x400, 0x45F),
    (0x490, 0x491),
    (0x1E80, 0x1E85),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20AC, 0x20AC),
    (0x2122, 0x2122),
    (0x2190, 0x2193),
    (0x2212, 0x2212),
    (0x2260, 0x2260),
    (0x2264, 0x2265),
)


@lru_cache
def has() -> frozenset[str]:
    """Every character that can be printed, and the end of a line."""
    return frozenset(chr(code) for first, last in _HAS for code in range(first, last + 1)) | {"\n"}


def printable(text: str) -> str:
    """The text with what cannot be printed said by its name in brackets: '[grinning face]'."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(one if one in has() else _named(one) for one in composed)


def _named(one: str) -> str:
    if unicodedata.category(one)[0] in "CM" or one.isspace():
        return " "
    return f"[{unicodedata.name(one, f'U+{ord(one):04X}').lower()}]"


def _all_printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, list):
        return [_all_printable(one) for one in value]
    if isinstance(value, dict):
        return {key: _all_printable(one) for key, one in value.items()}
    return value


def _fonts() -> Path:
    """The folder of the typeface, from its package, so that a file is the same wherever it is made."""
    return Path(font_source_sans_pro.__file__).parent / "files"


def make(content: dict[str, Any], at: datetime) -> bytes:
    """The file, made as of `at`. Raises typst.TypstError when it would not be PDF/UA-1."""
    given = _all_printable(
        content
        | {
            "below": below_target(content),
            "ungiven": no_result(content),
            "colour": catalogue().council["colours"]["brand"],
            "is_draft": not content.get("published_at"),
            "day": plain_date(at.astimezone(LONDON)),
        }
    )
    made = typst.compile(
        str(TEMPLATE),
        root=str(TEMPLATE.parent),
        font_paths=[str(_fonts())],
        ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(given, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


async def made(content: dict[str, Any], at: datetime) -> bytes:
    """The same, without holding anybody else up: a long report takes seconds."""
    return await asyncio.to_thread(make, content, at)
