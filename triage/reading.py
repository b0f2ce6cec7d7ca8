"""The process's own intent reader, danger rules and redactor, loaded once for chat, sorting and the command line."""

from functools import lru_cache
from pathlib import Path

from language.danger import DangerRules
from language.danger.model import DangerModel, Dangers
from language.encoder import Encoder
from language.entities import CouncilWords
from language.intents import Reader
from language.languages import Languages
from language.languages.danger import DangersInAnyLanguage, LanguageRules
from language.languages.needs import Needs
from language.redaction import Redactor
from language.themes import ThemeReader
from language.tuned import Tuned
from triage.catalogue import DATA, catalogue
from triage.settings import get_settings


class ReaderNotTrained(RuntimeError):
    """There is no trained reader yet. Run `make run`, or `uv run frontdoor train`."""


def reader_folder() -> Path:
    """Where training left the reader: a link to the newest. Raises ReaderNotTrained."""
    folder = get_settings().home / "models" / "reader"
    if not folder.exists():
        raise ReaderNotTrained(f"Nothing at {folder}. {ReaderNotTrained.__doc__}")
    return folder.resolve()


@lru_cache
def _encoder(home: Path) -> Encoder:
    return Encoder.load(home)


def encoder() -> Encoder:
    """The sentence encoder. Raises language.encoder.EncoderNotBuilt."""
    return _encoder(get_settings().home)


@lru_cache
def _tuned(home: Path) -> Tuned:
    return Tuned.load(home)


def tuned() -> Tuned:
    """The encoder that was tuned on contacts. Raises language.tuned.TunedNotBuilt."""
    return _tuned(get_settings().home)


@lru_cache
def _load(folder: Path) -> Reader:
    return Reader.load(folder, _encoder(get_settings().home))


def reader() -> Reader:
    """The trained reader. Raises ReaderNotTrained."""
    return _load(reader_folder())


def reader_version() -> str:
    """The reader's version: the hash of the content and code that it was trained from."""
    return reader_folder().name


@lru_cache
def _dangers(model: Path | None) -> Dangers:
    rules = DangerRules.load(DATA / "danger")
    others = LanguageRules.load(DATA / "danger" / "languages", rules)
    trained = DangerModel.load(model, _encoder(get_settings().home)) if model else None
    return DangersInAnyLanguage(rules, trained, others, languages())


def dangers() -> Dangers:
    """The danger rules of data/danger in every language, and the model beside them; rules alone before training.

    Raises language.danger.DangerDataWrong.
    """
    folder = get_settings().home / "models" / "danger"
    return _dangers(folder.resolve() if folder.exists() else None)


@lru_cache
def council_words() -> CouncilWords:
    """What this council calls its bins, libraries, areas and roads. Raises what CouncilWords.load raises."""
    return CouncilWords.load(DATA / "councils" / get_settings().council)


@lru_cache
def redactor() -> Redactor:
    """Takes personal details out of a text, and leaves this council's public places and telephone numbers in."""
    phones = [fact.value for fact in catalogue().facts.values() if fact.kind == "phone"]
    return Redactor(places=council_words().kept_places, phones=phones)


@lru_cache
def languages() -> Languages:
    """What tells the language of a message. Raises language.languages.LanguageDataWrong."""
    return Languages.load(DATA / "languages")


@lru_cache
def needs() -> Needs:
    """What knows the commonest needs in other languages. Raises language.languages.LanguageDataWrong."""
    return Needs.load(DATA / "languages")


def _themes_folder() -> Path | None:
    folder = get_settings().home / "models" / "themes"
    return folder.resolve() if folder.exists() else None


@lru_cache
def _themes(folder: Path) -> ThemeReader:
    return ThemeReader.load(folder, _encoder(get_settings().home))


def themes() -> ThemeReader | None:
    """The trained reader of comments; None before the first training. Raises language.themes.ThemeModelMismatch."""
    folder = _themes_folder()
    return _themes(folder) if folder else None


def themes_version() -> str:
    """The version of the reader of comments: the hash of what it was trained from; '' before the first training."""
    folder = _themes_folder()
    return folder.name if folder else ""
