"""What the readers make of a whole text and of its pieces, as arrays that the sorter is fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from language.danger import Sighting
from language.danger.model import DangerModel, Dangers
from language.intents import Reader
from language.intents.lexicon import Row
from language.tuned import Tuned
from triage.sorting.letters import pieces, read_letter
from triage.sorting.words import SorterWords
from triage.tables.contact import CHANNELS

Array = NDArray[np.float32]
READ = ("whole", "mean", "read_whole", "read_mean", "read_most", "dangers", "channel", "cues")
HEARD = ("heard", "heard_queues")
ARRAYS = (*READ, *HEARD)
LEAST = 1e-4  # of a chance, so that its logarithm is a number


@dataclass(frozen=True)
class Features:
    """Of several texts, one row each. `L` are the intent reader's labels, `D` the danger model's and its rules'."""

    whole: Array  # (texts, 768): the vector of the first 128 tokens
    mean: Array  # (texts, 768): the mean of the pieces' vectors, of length 1
    read_whole: Array  # (texts, L): the reader's chances of the whole
    read_mean: Array  # (texts, L): the mean of its chances of the pieces
    read_most: Array  # (texts, L): the largest of them
    dangers: Array  # (texts, D): what the danger model and rules see
    channel: Array  # (texts, channels), one of them 1
    cues: Array  # (texts, queues of the cues): how much its words speak of each
    heard: Array  # (texts, 384): the tuned encoder's vector
    heard_queues: Array  # (texts, the tuned head's queues): logarithms of their chances
    rows: tuple[Row, ...]  # weighted words, by the reader's lexicon

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, at: Sequence[int] | NDArray[np.int64]) -> Features:
        """The rows at these places, in that order."""
        places = np.asarray(at, dtype=np.int64)
        arrays = {name: getattr(self, name)[places] for name in ARRAYS}
        return Features(**arrays, rows=tuple(self.rows[int(at)] for at in places))


@dataclass(frozen=True)
class Readers:
    """The models whose reading the sorter builds on; made once, shared freely."""

    reader: Reader
    dangers: Dangers
    words: SorterWords
    tuned: Tuned

    def features(
        self,
        texts: Sequence[str],
        channels: Sequence[str],
        seen: Sequence[Sighting | None] | None = None,
        *,
        calm: bool = False,
    ) -> Features:
        """What each text looks like. `seen` is what the danger rules saw in each, when the caller has it already.

        `calm`: nothing is asked about danger, where the texts are only examples of wording.
        """
        encoder = self.reader.encoder
        bodies = [self.words.shorthand.written_out(read_letter(text).body) for text in texts]
        parts = [pieces(body) for body in bodies]
        ruled = [None if calm else self.dangers.first_look(text) for text in texts] if seen is None else seen
        found = []
        for text, body, part, sighting, channel in zip(texts, bodies, parts, ruled, channels, strict=True):
            said = part if len(part) > 1 else [body]
            every = [body] if said == [body] else [body, *said]
            vectors = encoder.encode(every)
            rows = self.reader.lexicon.rows(every)
            chances = self.reader.chances(vectors, rows)
            own = slice(1, None) if len(every) > 1 else slice(0, 1)
            mean = vectors[own].mean(axis=0)
            found.append(
                (
                    vectors[0],
                    mean / max(float(np.linalg.norm(mean)), LEAST),
                    chances[0],
                    chances[own].mean(axis=0),
                    chances[own].max(axis=0),
                    self._danger("" if calm else text, sighting, vectors[0]),
                    np.array([channel == one for one in CHANNELS], dtype=np.float32),
                    self.words.cues.count(text),
                    rows[0],
                )
            )
        columns = list(zip(*found, strict=True))
        arrays = {name: np.stack(column).astype(np.float32) for name, column in zip(READ, columns[:-1], strict=True)}
        heard = self.tuned.hear(bodies)
        arrays |= dict(zip(HEARD, (heard.vectors, heard.queues), strict=True))
        return Features(**arrays, rows=tuple(columns[-1]))

    def _danger(self, text: str, seen: Sighting | None, vector: Array) -> Array:
        """The model's chances in the gravest place, then which rules matched and how surely."""
        names = self.dangers.signals
        ruled = np.zeros(len(names) + 2, dtype=np.float32)
        if seen is not None:
            for name in (seen.signal, *seen.also):
                ruled[names.index(name)] = 1.0
            ruled[-2], ruled[-1] = float(seen.level != "concern"), float(seen.sure)
        model: DangerModel | None = self.dangers.model
        if model is None:
            return ruled
        if not text.strip():
            return np.concatenate([np.full(2 + 2 * len(model.labels), _odds(np.array(0.0)), dtype=np.float32), ruled])
        said = model.read([text], vector[None, :])[0]
        odds = _odds(np.concatenate([model.chances(said), said.blended.max(axis=0), said.blended.mean(axis=0)]))
        return np.concatenate([odds.astype(np.float32), ruled])


def _odds(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    held = np.clip(chance, LEAST, 1.0 - LEAST)
    return np.asarray(np.log(held / (1.0 - held)))
