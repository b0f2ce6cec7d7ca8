"""Trains the danger model on data/danger/examples.jsonl: `python -m language.danger.train <home>`.

Five-fold cross-validation gives every example, and every piece of a long one, chances from models that never saw
it. The thresholds are set on those so that few enough messages without danger are alarmed or asked about: of the
near misses among the examples ("books on domestic abuse"), and of the ordinary messages of the services named in
data/danger/ordinary_services.txt, which it learns from as well.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from language.danger import DangerDataWrong, DangerRules
from language.danger.model import NONE, DangerModel, Thresholds, weigh
from language.danger.pieces import pieces
from language.danger.signals import Level
from language.encoder import Encoder
from language.intents.fits import WORDS_WORTH, as_table, fit_likeness, fit_meaning, kernel
from language.intents.lexicon import Lexicon
from language.intents.reader import Model, Reader, softmax
from language.intents.training import FOLDS, fit_shares, folds

Chances = NDArray[np.float64]


@dataclass(frozen=True)
class Shares:
    """Of messages without danger, the largest shares that may reach each threshold."""

    now: float
    alarm: float
    ask: float


DATA = Path(__file__).parents[2] / "data"
EXAMPLES = "examples.jsonl"
_ENTITY = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
ORDINARY = "ordinary_services.txt"
# At most these shares of near misses, and of ordinary messages, may be taken for level "now", may raise any alarm,
# and may be asked about (alarms included).
SHARES_HARD = Shares(now=0.01, alarm=0.02, ask=0.12)
SHARES_ORDINARY = Shares(now=0.003, alarm=0.005, ask=0.05)


@dataclass(frozen=True)
class Example:
    """A message to learn from: `signal` is None where there is no danger; `ordinary` where none was near."""

    text: str
    signal: str | None
    ordinary: bool = False


@dataclass(frozen=True)
class Unseen:
    """Chances of each example from models that had not seen it: one array (1 + pieces, labels) an example."""

    chances: tuple[Chances, ...]
    fold_of: NDArray[np.int64]


def read_examples(file: Path, rules: DangerRules) -> list[Example]:
    """Read the examples. Raises DangerDataWrong naming the line of an unknown signal, a wrong level or a repeat."""
    found: list[Example] = []
    seen: set[str] = set()
    for at, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            text, signal, level = row["text"], row["signal"], row["level"]
        except (ValueError, KeyError, TypeError) as error:
            raise DangerDataWrong(file, f"line {at}", f"must hold text, signal and level ({error})") from error
        if not isinstance(text, str) or not text.strip() or text in seen:
            raise DangerDataWrong(file, f"line {at}", "its text is empty or was there before")
        if signal is not None and signal not in rules.signals:
            raise DangerDataWrong(file, f"line {at}", f"no signal {signal}")
        if level != (rules.sighting(signal).level if signal else None):
            raise DangerDataWrong(file, f"line {at}", f"its level is not that of {signal}")
        seen.add(text)
        found.append(Example(text, signal))
    return found


def read_ordinary(names: Path, services: Path) -> list[Example]:
    """The example messages of the intents named in the file, from `services`/*/nlu.yml. Raises DangerDataWrong."""
    wanted = {line for line in names.read_text(encoding="utf-8").split("\n") if line and not line.startswith("#")}
    found: dict[str, Example] = {}
    for file in sorted(services.glob("*/nlu*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if block.get("intent") in wanted:
                lines = (line.strip().removeprefix("-").strip() for line in block["examples"].splitlines())
                plain = (_ENTITY.sub(r"\1", line) for line in lines)
                found |= {text: Example(text, None, True) for text in plain if text}
    if not found:
        raise DangerDataWrong(names, "services", f"none of them has examples in {services}")
    return list(found.values())


def train(examples: Sequence[Example], rules: DangerRules, encoder: Encoder) -> tuple[DangerModel, Unseen]:
    """Learn the model and its thresholds; also returns the chances that they were chosen on."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    texts = [example.text for example in examples]
    labels = tuple(sorted({example.signal or NONE for example in examples}))
    levels: tuple[Level | None, ...] = tuple(None if name == NONE else rules.sighting(name).level for name in labels)
    y = np.array([labels.index(example.signal or NONE) for example in examples], dtype=np.int64)
    parts = [pieces(text) for text in texts]
    ends = np.cumsum([len(part) for part in parts])
    with threadpool_limits(1):  # two threads on matrices this small mostly wait for each other
        lexicon = Lexicon.fit(texts)
        vectors = encoder.encode(texts)
        table = as_table(lexicon.rows(texts), len(lexicon.terms))
        square = kernel(vectors, table, vectors, table)
        loose = [piece for part in parts for piece in part]
        loose_vectors = encoder.encode(loose)
        loose_square = kernel(loose_vectors, as_table(lexicon.rows(loose), len(lexicon.terms)), vectors, table)
        owner = np.repeat(np.arange(len(texts)), [len(part) for part in parts])
        both_vectors, both_square = np.vstack([vectors, loose_vectors]), np.vstack([square, loose_square])
        fold_of = folds(y)
        by_meaning, by_likeness = _unseen(both_vectors, both_square, y, np.append(fold_of, fold_of[owner]), len(labels))
        whole = len(texts)
        shares = fit_shares(by_meaning[:whole], by_likeness[:whole], y)
        chances = softmax(shares[0] * by_meaning + shares[1] * by_likeness)
        own = [chances[whole + end - len(part) : whole + end] for part, end in zip(parts, ends, strict=True)]
        unseen = Unseen(tuple(np.vstack([chances[at], own[at]]) for at in range(whole)), fold_of)
        meaning, likeness = fit_meaning(vectors, y, len(labels)), fit_likeness(square, y, len(labels))
    thresholds = choose_thresholds(examples, unseen.chances, levels)
    model = Model(
        labels=labels,
        outside=NONE,
        meaning=meaning.weights,
        meaning_bias=meaning.bias,
        examples=vectors,
        pulls=likeness.pulls,
        words=np.asarray(WORDS_WORTH * (table.T @ likeness.pulls), dtype=np.float32),
        likeness_bias=likeness.bias,
        shares=shares,
        threshold=thresholds.alarm,
    )
    return DangerModel(Reader(model, lexicon, encoder), levels, thresholds), unseen


def _unseen(
    vectors: NDArray[np.float32],
    square: NDArray[np.float32],
    y: NDArray[np.int64],
    fold_of: NDArray[np.int64],
    labels: int,
) -> tuple[Chances, Chances]:
    """Both models' scores of each row from folds without it; the rows after the first len(y) are only scored."""
    by_meaning = np.zeros((len(fold_of), labels))
    by_likeness = np.zeros((len(fold_of), labels))
    for fold in range(FOLDS):
        held, kept = np.flatnonzero(fold_of == fold), np.flatnonzero(fold_of[: len(y)] != fold)
        meaning = fit_meaning(vectors[kept], y[kept], labels)
        by_meaning[held] = vectors[held] @ meaning.weights + meaning.bias
        likeness = fit_likeness(square[np.ix_(kept, kept)], y[kept], labels)
        by_likeness[held] = square[np.ix_(held, kept)] @ likeness.pulls + likeness.bias
    return by_meaning, by_likeness


def choose_thresholds(
    examples: Sequence[Example], chances: Sequence[Chances], levels: Sequence[Level | None]
) -> Thresholds:
    """The lowest thresholds that no more than the shares above of the messages without danger reach."""
    limits = []
    for ordinary, shares in ((False, SHARES_HARD), (True, SHARES_ORDINARY)):
        kind = [one for e, one in zip(examples, chances, strict=True) if e.signal is None and e.ordinary is ordinary]
        if kind:
            weighed = [weigh(rows, levels) for rows in kind]
            now = np.array([rows.max() for rows, _ in weighed])
            any_danger = np.array([rows.max() for _, rows in weighed])
            limits.append((_least(now, shares.now), _least(any_danger, shares.alarm), _least(any_danger, shares.ask)))
    return Thresholds(*(max(each) for each in zip(*limits, strict=True)))


def _least(values: NDArray[np.float64], share: float) -> float:
    """The least threshold that at most `share` of the values reach: just above the first that may not."""
    falling = np.sort(values)[::-1]
    first_kept_out = int(len(falling) * share)
    return float(np.nextafter(falling[first_kept_out], 2.0)) if first_kept_out < len(falling) else 0.0


def read_all(data: Path, rules: DangerRules) -> list[Example]:
    """Everything the model learns from: the examples, then ordinary messages that are not among them."""
    examples = read_examples(data / "danger" / EXAMPLES, rules)
    known = {example.text for example in examples}
    ordinary = read_ordinary(data / "danger" / ORDINARY, data / "services")
    return [*examples, *(one for one in ordinary if one.text not in known)]


def train_into(home: Path, folder: Path, data: Path = DATA) -> Path:
    """Train and write the model to `folder`, whole or not at all; `home` holds the built encoder."""
    rules = DangerRules.load(data / "danger")
    model, _ = train(read_all(data, rules), rules, Encoder.load(home))
    half = folder.with_name(f"new-{folder.name}")
    shutil.rmtree(half, ignore_errors=True)
    model.save(half)
    shutil.rmtree(folder, ignore_errors=True)
    half.replace(folder)
    return folder


def main(argv: list[str] | None = None) -> int:
    """Train into `<home>/models/danger`, or into the folder given second; `.frontdoor` is home when none is."""
    given = sys.argv[1:] if argv is None else argv
    home = Path(given[0] if given else ".frontdoor")
    folder = Path(given[1]) if len(given) > 1 else home / "models" / "danger"
    sys.stdout.write(f"{train_into(home, folder)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
