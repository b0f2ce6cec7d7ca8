"""Trains the danger model on data/danger/examples: `python -m language.danger.train <home>`.

Cross-validation in four folds gives every example, and every piece of a long one, scores from networks that never saw
it, and a likeness to the examples of the other folds. From those the weigher is fitted, and again without each fold, so
that the thresholds are set on chances that nothing in them had seen. Long messages are put together from the examples
of a fold and read by what never saw it: from them it is learned how bad one of many pieces must be. The model is all
that was trained on the way, side by side: four networks and one wording of each fold, all examples, and the weigher of
all. So what reads is steadier than what was measured.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.danger import DangerRules, Sighting
from language.danger.examples import Example, read_all
from language.danger.fits import (
    Network,
    Wording,
    directions,
    fit_neighbours,
    fit_network,
    fit_weigher,
    fit_wording,
)
from language.danger.heads import GROUPS, Heads, blend
from language.danger.letters import LENGTHS, letters
from language.danger.model import NONE, DangerModel, Thresholds
from language.danger.neighbours import NEAREST, Neighbours
from language.danger.pieces import pieces
from language.danger.signals import LEVELS, Level
from language.danger.weighing import GATHERED, GATHERED_WORDS, Features, Said, Weigher, features, gathered
from language.encoder import Encoder
from language.intents.fits import Table, as_table
from language.intents.lexicon import Lexicon

DATA = Path(__file__).parents[2] / "data"
FOLDS = 4
NETWORKS = 4  # of each fold
SEED = 20261123
FEWEST_TEXTS = 2  # that hold a term, for wording to learn it


@dataclass(frozen=True)
class Shares:
    """Of messages without danger, the largest shares that may raise an alarm, or be asked about (alarms included)."""

    alarm: float
    ask: float


# The marks the model was asked to keep: see docs/decisions/2026-11-23-danger.md.
SHARES_NEAR = Shares(alarm=0.02, ask=0.12)
SHARES_ORDINARY = Shares(alarm=0.005, ask=0.05)
# Of the shortest and of the longest letters without danger; the question stands beside the answer, and such are rare.
SHARES_LETTERS = (Shares(alarm=0.03, ask=0.2), Shares(alarm=0.05, ask=0.5))
UNSEEN = "unseen.npz"
SHARE_LOWERED = 0.01  # of the dangers that the rules are rightly alarmed by, the most that the model may doubt


@dataclass(frozen=True)
class Unseen:
    """What readers that had not seen an example say of it and its pieces; its chances of an alarm and of any danger.

    Kept with the model, so that its thresholds can be checked without training it again.
    """

    blended: tuple[Features, ...]
    weighed: Features

    def save(self, folder: Path) -> None:
        """Write them beside the model that was chosen on them."""
        ends = np.cumsum([len(one) for one in self.blended])[:-1]
        np.savez(folder / UNSEEN, blended=np.concatenate(self.blended), ends=ends, weighed=self.weighed)

    @classmethod
    def load(cls, folder: Path) -> Unseen:
        """What `save` wrote."""
        with np.load(folder / UNSEEN) as kept:
            return cls(tuple(np.split(kept["blended"], kept["ends"])), kept["weighed"])


@dataclass(frozen=True)
class _Texts:
    """Every text and every piece, in that order, as the readers see them.

    `words` is how many each has, `owner` the text that it is of.
    """

    vectors: NDArray[np.float32]
    table: Table
    words: NDArray[np.int64]
    owner: NDArray[np.int64]
    lexicon: Lexicon


def train(examples: Sequence[Example], rules: DangerRules, encoder: Encoder) -> tuple[DangerModel, Unseen]:
    """Learn the model and its thresholds; also returns the chances that they were chosen on."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    labels = tuple(sorted({example.signal or NONE for example in examples}))
    levels: tuple[Level | None, ...] = tuple(None if name == NONE else rules.sighting(name).level for name in labels)
    y = np.array([labels.index(example.signal or NONE) for example in examples], dtype=np.int64)
    with threadpool_limits(1):  # two threads on matrices this small mostly wait for each other
        read = _read([example.text for example in examples], encoder)
        fold_of = folds(examples)
        networks: list[Network] = []
        wordings: list[Wording] = []
        neighbours: list[Neighbours] = []
        meaning = np.zeros((len(read.owner), len(labels)))
        by_words = np.zeros((len(read.owner), len(GROUPS)))
        likeness = np.zeros((len(read.owner), len(NEAREST)))
        of_level = [levels[label] for label in y]
        grave = np.array([level in LEVELS[:2] for level in of_level])
        middle, axes = directions(read.vectors[: len(examples)])
        for fold in range(FOLDS):
            kept = np.flatnonzero(fold_of != fold)
            held = np.flatnonzero(fold_of[read.owner] == fold)
            own = [fit_network(read.vectors[kept], y[kept], len(labels), SEED + i) for i in range(NETWORKS)]
            wording = fit_wording(read.table[kept], np.array([GROUPS.index(of_level[at]) for at in kept]), len(GROUPS))
            meaning[held] = np.mean([network.scores(read.vectors[held]) for network in own], axis=0)
            by_words[held] = wording.scores(read.table[held])
            neighbours.append(fit_neighbours(read.vectors[kept], grave[kept], middle, axes))
            likeness[held] = neighbours[-1].likeness(read.vectors[held])
            networks += own
            wordings.append(wording)
        blended = blend(meaning, by_words, levels)
        said = tuple(
            Said(blended[own], meaning[own], by_words[own], likeness[own], read.words[own]) for own in _rows(read.owner)
        )
        found = np.stack([features(one, levels) for one in said])
        danger = np.array([level is not None for level in of_level])
        weighed = np.zeros((len(examples), 2))
        weighers: list[Weigher] = []
        for fold in range(FOLDS):
            kept, held = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
            weighers.append(fit_weigher(found[kept], grave[kept], danger[kept]))
            weighed[held] = weighers[-1].weigh(found[held])
        weigher = fit_weigher(found, grave, danger)
        seen = [rules.look(example.text) for example in examples]
        thresholds = choose_thresholds(examples, weighed, seen)
        heads = [_side_by_side(networks[fold * NETWORKS :][:NETWORKS], [wordings[fold]]) for fold in range(FOLDS)]
        by_fold = [
            DangerModel(labels, levels, thresholds, *parts, _never(), read.lexicon, encoder)
            for parts in zip(heads, neighbours, weighers, strict=True)
        ]
        gatherer = _fit_gatherer(by_fold, examples, fold_of)
        for at, one in enumerate(said):
            apart = gathered(one, weighed[at], levels, weighers[int(fold_of[at])])
            if apart is not None:
                weighed[at] = np.maximum(weighed[at], gatherer.weigh(apart))
        every = fit_neighbours(read.vectors[: len(examples)], grave, middle, axes)
    thresholds = choose_thresholds(examples, weighed, seen)
    whole = _side_by_side(networks, wordings)
    model = DangerModel(labels, levels, thresholds, whole, every, weigher, gatherer, read.lexicon, encoder)
    return model, Unseen(tuple(one.blended for one in said), weighed)


def _fit_gatherer(by_fold: Sequence[DangerModel], examples: Sequence[Example], fold_of: NDArray[np.int64]) -> Weigher:
    """Learn from long messages what their pieces say, read by models that saw none of their lines.

    Its odds are moved, the more the longer the message, so that at the thresholds of any message the shares of ordinary
    ones are kept.
    """
    rows: list[Features] = []
    told: list[tuple[Example, int]] = []
    lengths: list[int] = []
    for fold, model in enumerate(by_fold):
        for text, example, length in letters(
            [examples[int(at)] for at in np.flatnonzero(fold_of == fold)], SEED + fold
        ):
            said = model.read([text])[0]
            apart = gathered(said, model.weigher.weigh(features(said, model.levels)), model.levels, model.weigher)
            if apart is not None:
                rows.append(apart)
                told.append((example, fold))
                lengths.append(length)
    first = by_fold[0]
    if not rows:
        return _never()
    found, of_fold, length_of = np.stack(rows), np.array([fold for _, fold in told]), np.array(lengths)
    level_of = dict(zip(first.labels, first.levels, strict=True))
    of_level = [level_of[example.signal or NONE] for example, _ in told]
    alarm, danger = np.array([level in LEVELS[:2] for level in of_level]), np.array([bool(level) for level in of_level])
    odds = np.zeros((len(found), 2))
    for fold in range(len(by_fold)):
        kept, held = of_fold != fold, of_fold == fold
        part = fit_weigher(found[kept], alarm[kept], danger[kept])
        odds[held] = found[held] @ part.weights + part.bias
    fitted = fit_weigher(found, alarm, danger)
    ordinary = np.array([example.ordinary for example, _ in told])
    ends = [ordinary & (length_of == one) for one in (LENGTHS[0], LENGTHS[-1])]
    words = [float(found[end, GATHERED_WORDS].mean()) for end in ends]
    for at, limit in enumerate((first.thresholds.alarm, first.thresholds.ask)):
        wanted = [(shares.alarm, shares.ask)[at] for shares in SHARES_LETTERS]
        short, long = (least(odds[end, at], share) for end, share in zip(ends, wanted, strict=True))
        steeper = (short - long) / (words[1] - words[0])
        fitted.weights[GATHERED_WORDS, at] += steeper
        fitted.bias[at] += np.log(limit / (1.0 - limit)) - short - steeper * words[0]
    return fitted


def _never() -> Weigher:
    """What sees nothing in pieces: for models that are only read with, and where no message is long."""
    return Weigher(np.zeros((GATHERED, 2)), np.full(2, -np.inf))


def _read(texts: Sequence[str], encoder: Encoder) -> _Texts:
    parts = [pieces(text) for text in texts]
    every = [*texts, *(piece for part in parts for piece in part)]
    owner = np.concatenate([np.arange(len(texts)), np.repeat(np.arange(len(texts)), [len(part) for part in parts])])
    lexicon = frequent(Lexicon.fit(texts), texts)
    table = as_table(lexicon.rows(every), len(lexicon.terms))
    words = np.array([len(text.split()) for text in every])
    return _Texts(encoder.encode(every), table, words, owner, lexicon)


def frequent(lexicon: Lexicon, texts: Sequence[str]) -> Lexicon:
    """The lexicon without the terms that fewer than FEWEST_TEXTS texts hold."""
    # A term's rarity falls with the texts that hold it, so the limit is the rarity of a term that just enough hold.
    limit = np.log((1 + len(texts)) / (1 + FEWEST_TEXTS)) + 1 + 1e-4
    kept = np.flatnonzero(lexicon.rarity <= limit)
    return Lexicon([lexicon.terms[place] for place in kept], lexicon.rarity[kept])


def _rows(owner: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Of each text, its own row and those of its pieces, in that order."""
    order = np.argsort(owner, kind="stable")
    return list(np.split(order, np.flatnonzero(np.diff(owner[order])) + 1))


def _side_by_side(networks: Sequence[Network], wordings: Sequence[Wording]) -> Heads:
    """One network whose scores are the mean of all, and one wording likewise."""
    return Heads(
        hidden=np.hstack([each.hidden for each in networks]).astype(np.float32),
        hidden_bias=np.concatenate([each.hidden_bias for each in networks]).astype(np.float32),
        out=(np.vstack([each.out for each in networks]) / len(networks)).astype(np.float32),
        out_bias=np.mean([each.out_bias for each in networks], axis=0).astype(np.float32),
        words=np.mean([each.weights for each in wordings], axis=0).astype(np.float32),
        words_bias=np.mean([each.bias for each in wordings], axis=0).astype(np.float32),
    )


def folds(examples: Sequence[Example]) -> NDArray[np.int64]:
    """A fold for each example, each kind spread as evenly as it goes; the same examples always get the same folds."""
    chance = np.random.default_rng(SEED)
    kinds: dict[tuple[str | None, bool], list[int]] = {}
    for at, example in enumerate(examples):
        kinds.setdefault((example.signal, example.ordinary), []).append(at)
    fold_of = np.zeros(len(examples), dtype=np.int64)
    for rows in kinds.values():
        fold_of[chance.permutation(rows)] = (np.arange(len(rows)) + chance.integers(FOLDS)) % FOLDS
    return fold_of


def choose_thresholds(
    examples: Sequence[Example],
    weighed: Features,
    seen: Sequence[Sighting | None],
) -> Thresholds:
    """The lowest thresholds that keep the shares above, given what the rules saw in each example.

    `weighed` are the chances of an alarm and of any danger, shape (examples, 2).
    """
    alarm, any_danger = weighed[:, 0], weighed[:, 1]
    ruled = np.array([one is not None and one.level != "concern" for one in seen])
    sure = np.array([one is not None and one.sure for one in seen]) & ruled
    danger = np.array([example.signal is not None for example in examples])
    rightly = np.sort(alarm[ruled & ~sure & danger])
    doubt = float(rightly[int(len(rightly) * SHARE_LOWERED)]) if len(rightly) else 0.0
    # What the rules alarm and the model does not doubt is alarmed at any threshold, as if its chance were 1.
    standing = sure | (ruled & (alarm >= doubt))
    least_alarm, least_ask = 0.0, 0.0
    for ordinary, shares in ((False, SHARES_NEAR), (True, SHARES_ORDINARY)):
        kind = np.array([e.signal is None and e.ordinary is ordinary for e in examples])
        if kind.any():
            least_alarm = max(least_alarm, least(np.where(standing, 1.0, alarm)[kind], shares.alarm))
            least_ask = max(least_ask, least(np.where(ruled, 1.0, any_danger)[kind], shares.ask))
    return Thresholds(alarm=least_alarm, ask=least_ask, doubt=min(doubt, least_alarm))


def least(values: NDArray[np.float64], share: float) -> float:
    """The least threshold that at most `share` of the values reach: just above the first that may not."""
    falling = np.sort(values)[::-1]
    first_kept_out = int(len(falling) * share)
    return float(np.nextafter(falling[first_kept_out], 2.0)) if first_kept_out < len(falling) else 0.0


def train_into(home: Path, folder: Path, data: Path = DATA) -> Path:
    """Train and write the model to `folder`, whole or not at all; `home` holds the built encoder."""
    rules = DangerRules.load(data / "danger")
    model, unseen = train(read_all(data, rules), rules, Encoder.load(home))
    half = folder.with_name(f"new-{folder.name}")
    shutil.rmtree(half, ignore_errors=True)
    model.save(half)
    unseen.save(half)
    if folder.is_symlink():
        folder.unlink()  # `frontdoor train` leaves a link there, and no folder can take the place of a link.
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
