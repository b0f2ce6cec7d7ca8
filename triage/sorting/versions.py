"""The sorter as something that can be trained again: see sorters/contract.py.

Each version has two models. The one that is used learns from every contact; the other from all but the development
quarter of data/sorting, so that it can be scored on what it has not seen. Every model reads with the process's own
encoder, intent reader and danger model, so another version costs a few megabytes and no second encoder.
"""

import asyncio
import json
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from triage import reading
from triage.catalogue import catalogue
from triage.settings import get_settings
from triage.sorters import contract, keeping
from triage.sorters.contract import Decided, Given, Score, Tell, Trained
from triage.sorting.features import Features, Readers
from triage.sorting.fitting import fitted
from triage.sorting.loading import readers
from triage.sorting.model import NOTE, Example, Model, ModelMismatch
from triage.sorting.rules import Decision
from triage.sorting.service import Sorter
from triage.sorting.training import here, is_development, queues_of, read_contacts

log = structlog.get_logger(__name__)

USED, SCORED = "used", "scored"
BATCH = 32
MOST_MISSED = 50  # urgent contacts that are named
NOT_TRAINED = "not trained yet"


def built_folder() -> Path:
    """Where `frontdoor train` left the sorter. Raises ReaderNotTrained."""
    folder = get_settings().home / "models" / "sorting"
    if not folder.exists():
        raise reading.ReaderNotTrained(f"Nothing at {folder}. {reading.ReaderNotTrained.__doc__}")
    return folder.resolve()


@lru_cache(maxsize=4)
def _model(folder: Path) -> Model:
    return Model.load(folder, _readers(reading.reader_folder()))


@lru_cache(maxsize=1)
def _readers(reader: Path) -> Readers:
    return readers()


def model_of(folder: Path | None) -> Model:
    """The model that sorts with a version; None: the one that was built. Raises ModelMismatch and ReaderNotTrained."""
    return _model(folder / USED if folder else built_folder())


class Sorters:
    """Trains, scores and decides; what the learning room asks of a sorter."""

    def built(self) -> str:
        """The version of the one that was built from data/ alone; the intent reader's where none was built.

        NOT_TRAINED before the first training: a page that names versions says so, where it can show the rest.
        """
        if not (get_settings().home / "models" / "sorting").exists():
            try:
                return reading.reader_version()
            except reading.ReaderNotTrained:
                return NOT_TRAINED
        return str(json.loads((built_folder() / NOTE).read_text(encoding="utf-8"))["version"])

    def train(self, extra: Sequence[contract.Example], folder: Path, tell: Tell) -> Trained:
        """Train on data/sorting and `extra` into `folder`."""
        known = catalogue()
        added = [Example(one.text, one.channel, one.service, one.queue) for one in extra]
        rows = here([*read_contacts(), *added], known)
        used = fit_both(rows, len(added), folder, tell)
        return Trained(used.version, len(rows))

    def score(self, folder: Path | None, tell: Tell) -> Score:
        """How the version's other model does on the development quarter, with every rule that sorts with it."""
        where = folder / SCORED if folder else self._built_without(tell)
        model = Model.load(where, _readers(reading.reader_folder()))
        rows = [one for one in here(read_contacts(), catalogue()) if is_development(one.text)]
        held, right, missed = 0, 0, []
        for at, row in enumerate(rows):
            if at % BATCH == 0:
                tell("Reading contacts held out of training", at, len(rows))
            decided = decide_with(model, Given(text=row.text, channel=row.channel))
            held += decided.holding
            right += not decided.holding and decided.queue == row.queue
            if row.priority in ("P0", "P1") and decided.priority not in ("P0", "P1"):
                missed.append(f"contact {at + 1} of the held-out ones ({row.priority}, {row.queue})")
        return Score(len(rows), held, right, tuple(missed[:MOST_MISSED]))

    def decide(self, folder: Path | None, given: Given) -> Decided:
        """Decide one contact, without rules that people have added."""
        return decide_with(model_of(folder), given)

    def _built_without(self, tell: Tell) -> Path:
        """The built sorter's other model, fitted when it is first asked for and kept."""
        kept = get_settings().home / "models" / "sorters-built" / self.built()
        if not kept.is_dir():
            kept.parent.mkdir(parents=True, exist_ok=True)
            half = Path(tempfile.mkdtemp(prefix="new-", dir=kept.parent))
            fit_both(here(read_contacts(), catalogue()), 0, half, tell)
            if not kept.is_dir():
                half.replace(kept)
        return kept / SCORED


def fit_both(rows: Sequence[Example], added: int, folder: Path, tell: Tell) -> Model:
    """Fit and save the two models of a version; the one that is used. The last `added` rows are corrections."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    held = _readers(reading.reader_folder())
    with threadpool_limits(1):
        features = _features(rows, held, tell)
        tell("Learning from all of them", 0, 0)
        used = fitted(rows, features, held, queues_of(catalogue()))
        used.save(folder / USED)
        tell("Learning from all but those that it is scored on", 0, 0)
        written = len(rows) - added
        kept = [at for at, row in enumerate(rows) if at >= written or not is_development(row.text)]
        fitted([rows[at] for at in kept], features.take(kept), held, queues_of(catalogue())).save(folder / SCORED)
    return used


def _features(rows: Sequence[Example], held: Readers, tell: Tell) -> Features:
    parts = []
    for at in range(0, len(rows), BATCH):
        tell("Reading the examples", at, len(rows))
        batch = rows[at : at + BATCH]
        parts.append(held.features([one.text for one in batch], [one.channel for one in batch]))
    arrays = [name for name in Features.__dataclass_fields__ if name != "rows"]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in arrays}
    return Features(**joined, rows=tuple(row for part in parts for row in part.rows))


def decide_with(model: Model, given: Given) -> Decided:
    """Decide one contact with a model, as triage would but for what people have added as rules."""
    decision = decision_of(replace(Sorter.current(), model=model), given)
    return Decided(decision.service, decision.queue, decision.priority, round(decision.confidence, 4), decision.holding)


def decision_of(sorter: Sorter, given: Given) -> Decision:
    """What a sorter decides of a contact as it was known."""
    return sorter.sort(
        given.text,
        channel=given.channel,
        service=given.service,
        danger=given.danger,
        priority=given.priority,
        heard=given.heard,
        request=given.request,
        queue=given.queue,
        law=given.statutory,
        typed=given.typed,
        means=given.means,
        now=given.arrived_at,
    )


async def live_sorter(session: AsyncSession) -> Sorter:
    """What this process sorts with now: the version that a person promoted, else the one that was built.

    Which it is, is read for every decision. One that cannot be read is not a reason for anybody to wait: the built
    one sorts meanwhile, and the log says so.
    """
    version = await keeping.live_version(session)
    if version is None:
        return Sorter.current()
    try:
        folder = await keeping.folder_of(session, version)
        return replace(Sorter.current(), model=await asyncio.to_thread(model_of, folder))
    except (ModelMismatch, OSError, KeyError, ValueError, tarfile.TarError) as error:
        log.error("sorter.live_refused", version=version, why=type(error).__name__)
        return Sorter.current()
