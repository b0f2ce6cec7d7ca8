"""The process's own sorting model, loaded once and again when another takes its place."""

from functools import lru_cache
from pathlib import Path

import structlog

from triage import reading
from triage.catalogue import DATA
from triage.settings import get_settings
from triage.sorting.features import Readers
from triage.sorting.model import Model, ModelMismatch
from triage.sorting.words import SorterWords

log = structlog.get_logger(__name__)


def readers() -> Readers:
    """The process's own readers. Raises ReaderNotTrained."""
    return Readers(reading.reader(), reading.dangers(), SorterWords.load(DATA / "sorting"), reading.tuned())


@lru_cache(maxsize=1)
def _load(folder: Path, reader: str) -> Model | None:
    try:
        return Model.load(folder, readers())
    except ModelMismatch as error:
        # Contacts are sorted by the intent reader meanwhile, as before there was a sorter: none waits.
        log.warning("sorting.model_refused", why=str(error))
        return None


def model() -> Model | None:
    """The model at models/sorting; None before the first training. Raises ReaderNotTrained."""
    folder = get_settings().home / "models" / "sorting"
    return _load(folder.resolve(), reading.reader_version()) if folder.exists() else None
