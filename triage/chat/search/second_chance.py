"""The second chance of a message that no service fits: the best passage of the content, or nothing."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import structlog
from prometheus_client import Counter, Histogram

from language.encoder import EncoderNotBuilt
from language.intents.reader import OUTSIDE
from language.redaction import without_placeholders
from triage import clock, reading
from triage.catalogue import Catalogue, catalogue
from triage.chat.answering import MESSAGE, PERSON, Room
from triage.chat.engine import Turn, Understood
from triage.chat.rendering import Said, choices
from triage.chat.search import asking, ranking, repository
from triage.chat.search.passages import Passages, gather
from triage.chat.search.repository import Vector
from triage.content import Choice
from triage.database import transaction
from triage.settings import get_settings

log = structlog.get_logger(__name__)

# A search that takes longer is given up: the turn goes on without it.
LONGEST_S = 0.5
# Talk, not a question: nothing is looked for when the reader's best guess, sure or not, is one of these.
TALK = frozenset(["greeting", "thanks", "goodbye", "affirm", "deny", "stop", "rude", "robot", "repeat", "start_again"])

SEARCH_SECONDS = Histogram("frontdoor_search_seconds", "Looking for a passage, beside a turn that was not understood.")
SEARCHES = Counter("frontdoor_searches", "Messages that were looked for in the content.", ["outcome"])


@dataclass(frozen=True)
class Found:
    """What is shown: an answer by name (tip.cost), as it was said when it was found, and the service it belongs to."""

    says: str
    said: Said
    service: str | None


@lru_cache(maxsize=2)
def _gathered(known: "_Same", day: date) -> Passages:
    return gather(known.catalogue, day)


@dataclass(frozen=True, eq=False)
class _Same:
    """A catalogue as a key: one that was read again is another one."""

    catalogue: Catalogue

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.catalogue is self.catalogue

    def __hash__(self) -> int:
        return id(self.catalogue)


# Database address → whether it has vectors, asked once for each process.
_meaning: dict[str, bool] = {}


async def begin() -> None:
    """Make ready at start, and say so plainly when the database cannot search by meaning."""
    await asyncio.to_thread(_gathered, _Same(catalogue()), clock.today())
    if not await _by_meaning():
        log.warning("search.words_only", reason="the database has no pgvector extension for us")


async def _by_meaning() -> bool:
    url = get_settings().database_url
    if url not in _meaning:
        async with transaction() as session:
            _meaning[url] = await repository.has_meaning(session)
    return _meaning[url]


def wanted(turn: Turn, context: dict[str, Any]) -> bool:
    """Whether a second chance is due: not understood, in no form, and no small talk."""
    return (
        turn.says == ({"do": "clarify"},)
        and not (turn.form or context.get("form"))
        and turn.understood.service not in TALK
    )


def doubt_of(ranking: Iterable[tuple[str, float]]) -> float:
    """The chance, 0 to 1, that a message asks what no service answers, by the reader's likeliest labels."""
    return dict(ranking).get(OUTSIDE, 0.0)


async def look_for(text: str, understood: Understood) -> Found | None:
    """The passage that answers `text`, a resident's words with personal details taken out, or None.

    Never raises: a search that fails or takes too long finds nothing. Nothing of `text` is stored or logged. No
    database session is open while it is read.
    """
    asked = without_placeholders(text)
    if not asking.long_enough(asked):
        return None
    try:
        with SEARCH_SECONDS.time():
            async with asyncio.timeout(LONGEST_S):
                found = await _look_for(asked, doubt_of(understood.ranking))
    except Exception as error:
        log.warning("search.failed", error=type(error).__name__)
        SEARCHES.labels("failed").inc()
        return None
    SEARCHES.labels("shown" if found else "nothing").inc()
    return found


async def _look_for(asked: str, doubt: float) -> Found | None:
    known, today = _Same(catalogue()), clock.today()
    by_meaning = await _by_meaning()
    passages, terms, vector = await asyncio.to_thread(_read, known, today, asked, by_meaning)
    async with transaction() as session:
        candidates = await repository.candidates(session, terms, vector)
    best = ranking.best(candidates, fit(passages, candidates, asked, _fingerprint()))
    if best is None or not ranking.worth_showing(best, doubt):
        return None
    passage = passages.by_id[best.one.id]
    return Found(passage.says, passages.said[passage.says], passage.service)


def _read(known: _Same, today: date, asked: str, by_meaning: bool) -> tuple[Passages, str, Vector | None]:
    """Everything that costs time and needs no database: run in a thread."""
    passages = _gathered(known, today)
    return passages, *looked_for(passages, asked, by_meaning=by_meaning)


def looked_for(passages: Passages, asked: str, *, by_meaning: bool) -> tuple[str, Vector | None]:
    """The words of a question that are looked for, and its vector of 768 numbers where meaning is."""
    text = asking.mended(asked, passages.spelling)
    return asking.terms(text), reading.encoder().encode([text])[0] if by_meaning else None


def _fingerprint() -> str:
    """The encoder's fingerprint, which is part of every passage's hash; empty before it is built."""
    try:
        return reading.encoder().fingerprint
    except EncoderNotBuilt:
        return ""


def fit(passages: Passages, candidates: Iterable[ranking.Candidate], asked: str, encoder: str) -> dict[str, str]:
    """The candidates that this process's own content says today, word for word, and that could answer.

    Each with the service it belongs to, or the answer's own name where it belongs to none.
    """
    return {
        one.id: here.service or here.says
        for one in candidates
        if (here := passages.by_id.get(one.id))
        and here.hash(encoder) == one.hash
        and asking.could_answer(asked, passages.said[here.says].text)
    }


def beside(room: Room, found: Found | None, otherwise: Said) -> list[Said]:
    """What is said when nothing was understood: what was found and then `otherwise`, or `otherwise` alone.

    `otherwise` keeps its guesses and its ways to a person. Where it has no guess left, "I can't answer that" would
    contradict what was just shown, so a plain way on is said in its place.
    """
    if found is None:
        return [otherwise]
    shown = Said(
        f"{room.line('may_help').text}\n\n{found.said.text}",
        {name: found.said.extras[name] for name in ("source", "links") if name in found.said.extras},
    )
    name = _name(room, found.service)
    if name and found.service:
        shown.extras["choices"] = choices([Choice(label=name, service=found.service)])
    others = [one for one in otherwise.extras.get("choices", ()) if one["send"].get("service") != found.service]
    guesses = [one for one in others if one["send"].get("service") in room.catalogue.services]
    if guesses and otherwise.text == room.line("clarify").text:
        return [shown, Said(otherwise.text, {**otherwise.extras, "choices": others})]
    return [shown, Said(room.line("may_help_if_not").text, {"choices": choices([PERSON, MESSAGE])})]


def now_spoken_of(room: Room, found: Found | None, understood: Understood) -> dict[str, Any]:
    """What the conversation remembers of it: a question that leans on the last one ("how much is it?") means this."""
    if found is None or found.service not in room.catalogue.services:
        return {}
    return {"service": found.service, "nearest": [name for name, _ in understood.ranking]}


def _name(room: Room, service: str | None) -> str | None:
    if service in room.catalogue.services:
        return room.catalogue.services[service].name
    # An everyday answer is asked for by its own name.
    return service.replace("_", " ").capitalize() if service else None
