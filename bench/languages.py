"""How well other languages are told apart and their dangers seen, on lines that nothing was written for.

`python -m bench languages`. The held-out lines of tests/language/other_languages.jsonl, by one writer; English is every
line of ours that imagines a resident. Danger is what the rules of all languages see; the model reads English alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from bench.reporting.figures import Figure, printed
from bench.reporting.own import own_rows
from language.danger import DangerRules
from language.danger.model import MAY_BE
from language.languages import Languages
from language.languages.danger import LanguageRules
from triage.settings import ROOT

LINES = ROOT / "tests" / "language" / "other_languages.jsonl"


def main(_: Sequence[str]) -> int:
    """Measure and print."""
    lines = [json.loads(line) for line in LINES.read_text(encoding="utf-8").splitlines()]
    held_out = [line for line in lines if line["held_out"]]
    languages = Languages.load(ROOT / "data" / "languages")
    rules = LanguageRules.load(ROOT / "data" / "danger" / "languages", DangerRules.load(ROOT / "data" / "danger"))
    heard = [found.code if (found := languages.detect(line["text"])) else None for line in held_out]
    right = sum(code == line["language"] for code, line in zip(heard, held_out, strict=True))
    other = sum(code not in (line["language"], None) for code, line in zip(heard, held_out, strict=True))
    english = [text for text, _ in own_rows()]
    taken = sum(languages.detect(text) is not None for text in english)
    figures = [
        Figure("held-out lines heard in their language", _share(right, len(held_out)), "%"),
        Figure("… taken for another", _share(other, len(held_out)), "%"),
        Figure("our own English lines taken for another language", _share(taken, len(english)), "%"),
    ]
    for code in sorted({line["language"] for line in held_out}):
        mine = [line for line in held_out if line["language"] == code]
        now = [line for line in mine if line["level"] == "now"]
        calm = [line for line in mine if line["level"] is None]
        seen = [rules.look(line["text"]) for line in now]
        alarmed = sum(found is not None and found[0] != MAY_BE for found in seen)
        wrong = sum((found := rules.look(line["text"])) is not None and found[0] != MAY_BE for line in calm)
        raises = "raises alarms" if code in rules.alarms else "asks only"
        figures += [
            Figure(f"{code}, {raises}: danger now, alarmed", _share(alarmed, len(now)), "%"),
            Figure(f"{code}: … noticed", _share(sum(found is not None for found in seen), len(now)), "%"),
            Figure(f"{code}: no danger, alarmed", _share(wrong, len(calm)), "%"),
        ]
    return printed("languages", figures, {"lines": len(held_out), "english": len(english)})


def _share(some: int, every: int) -> float | None:
    return round(100 * some / every, 1) if every else None
