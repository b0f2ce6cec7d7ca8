"""What the content editor's pages have to show: the services and how each stands, and one service whole."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from language.intents.unseen import Line, share_right
from triage import clock
from triage.catalogue import DATA, Catalogue, CatalogueWrong, catalogue
from triage.checking import Fault, check
from triage.content import Service, Wording
from triage.editing import facts, fallen, repository, rules
from triage.editing.examples import Crossed, Examples, crossed, examples
from triage.editing.schemas import Filters, Overview, Pair, Said, ServicePage, ServiceRow
from triage.editing.wording import sentences
from triage.errors import NotFound
from triage.rehearsal import Rehearses
from triage.settings import get_settings

log = structlog.get_logger(__name__)

# "Lately", everywhere on these pages.
LATELY = timedelta(days=28)
# Fell-through messages shown beside one service.
MOST_BESIDE = 10
DETAIL_NAMES = {
    "cost": "How much is it?",
    "time": "How long does it take?",
    "documents": "What do I need?",
    "eligible": "Can I have it?",
    "where": "Where?",
    "how": "How do I do it?",
    "contact": "Who do I ring?",
    "flats": "What about flats?",
    "someone_else": "For somebody else?",
    "problem": "What if it goes wrong?",
}


async def overview(session: AsyncSession, view: Filters) -> Overview:
    """The services that are looked for, in the order asked for, and how the whole content stands."""
    known, today = catalogue(), clock.today()
    faults, broken = await asyncio.to_thread(_faults, known, today)
    shown, lines = await asyncio.to_thread(lambda: (crossed(), examples()))
    asked, fell = await _counts(session)
    rows = [
        _row(service, known, lines, shown, faults, asked, fell, today)
        for service in known.services.values()
        if rules.sought(_bare(service), view.q)
    ]
    review = facts.review(known, today)
    accuracy = share_right(shown.lines) if shown else None
    return Overview(
        rows=rules.in_order(rows, view.sort),
        every=len(known.services),
        crossed=shown,
        accuracy=None if accuracy is None else round(100 * accuracy),
        broken=broken,
        faults=[fault for fault in faults if not _service_of(fault)],
        overdue=len(review.overdue) + len(review.answers_overdue),
        soon=len(review.soon) + len(review.answers_soon),
        fell=sum(fell.values()),
    )


async def one(session: AsyncSession, rehearsal: Rehearses, service_id: str) -> ServicePage:
    """One service whole. Raises NotFound when there is none of that id."""
    known, today = catalogue(), clock.today()
    service = known.services.get(service_id)
    if service is None:
        raise NotFound("There is no service at this address. Go back to the list and choose one.")
    faults, broken = await asyncio.to_thread(_faults, known, today)
    shown, lines = await asyncio.to_thread(lambda: (crossed(), examples()))
    asked, fell = await _counts(session)
    own = lines.get(service_id, ())
    return ServicePage(
        row=_row(service, known, lines, shown, faults, asked, fell, today),
        answer=_said("The answer", service.answer, known, service_id, today, rehearsal.shown(service_id)),
        details=[
            _said(DETAIL_NAMES[key], wording, known, service_id, today, rehearsal.shown(service_id, key, number))
            for number, (key, wording) in enumerate(service.details.items(), 2)
        ]
        + [
            _said(f"“{one.asks[0]}”", one, known, service_id, today, rehearsal.shown(service_id, None, number, key))
            for number, (key, one) in enumerate(service.points.items(), 50)
        ],
        facts=facts.of_service(service, known, today),
        examples=own,
        crossed=shown,
        changed=shown.changed(service_id, own) if shown else 0,
        mistaken=_pairs(shown.mistaken(service_id), known) if shown else [],
        taken_for=_pairs(shown.taken_for(service_id), known) if shown else [],
        faults=[fault for fault in faults if _service_of(fault) == service_id],
        broken=broken,
        fallen=await fallen.near(session, clock.now() - LATELY, service_id, MOST_BESIDE),
    )


def name_of(label: str, known: Catalogue) -> str:
    """A label as an editor reads it: a service's name, or what an everyday intent is called."""
    if label in known.services:
        return known.services[label].name
    if label == "outside":
        return "None of our services"
    return f"Everyday talk: {label.replace('_', ' ')}"


async def _counts(session: AsyncSession) -> tuple[dict[str, int], dict[str, int]]:
    since = clock.now() - LATELY
    return await repository.asked_since(session, since), await fallen.counts(session, since)


def _row(
    service: Service,
    known: Catalogue,
    lines: Examples,
    shown: Crossed | None,
    faults: Iterable[Fault],
    asked: dict[str, int],
    fell: dict[str, int],
    today: date,
) -> ServiceRow:
    held = facts.of_service(service, known, today)
    of_it = [fault for fault in faults if _service_of(fault) == service.id]
    counted: dict[str, Any] = {
        "examples": len(lines.get(service.id, ())),
        "overdue": sum(fact.state == "overdue" for fact in held),
        "soon": sum(fact.state == "stated" and rules.is_soon(fact.review_by, today) for fact in held),
        "unverified": sum(fact.state == "unverified" for fact in held),
        "accuracy": shown.accuracy(service.id) if shown else None,
        "serious": sum(fault.serious for fault in of_it),
        "to_look_at": sum(not fault.serious for fault in of_it),
        "asked": asked.get(service.id, 0),
        "fell": fell.get(service.id, 0),
    }
    row = _bare(service, **counted)
    return _bare(service, **counted, why=rules.reasons(row))


def _bare(service: Service, **counted: Any) -> ServiceRow:
    """A service's row with what was counted, zero where nothing was."""
    counts = dict.fromkeys(("examples", "overdue", "soon", "unverified", "serious", "to_look_at", "asked", "fell"), 0)
    return ServiceRow(
        **{"id": service.id, "name": service.name, "summary": service.summary, "accuracy": None, **counts, **counted}
    )


def _said(title: str, wording: Wording, known: Catalogue, service: str, today: date, message: Any) -> Said:
    return Said(title, sentences(wording, known, service, today), message)


def _pairs(found: Sequence[tuple[str, list[Line]]], known: Catalogue) -> list[Pair]:
    return [Pair(label if label in known.services else "", name_of(label, known), lines) for label, lines in found]


class _Same:
    """A catalogue as a key: one that was read again is another one."""

    def __init__(self, held: Catalogue) -> None:
        self.held = held

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.held is self.held

    def __hash__(self) -> int:
        return id(self.held)


def _faults(known: Catalogue, today: date) -> tuple[tuple[Fault, ...], str]:
    """The checker's faults, and why the content cannot be read at all when a slip in an edit is the cause."""
    files = (path for path in DATA.rglob("*") if path.suffix in (".toml", ".yml"))
    return _checked(_Same(known), max(path.stat().st_mtime_ns for path in files), today)


@lru_cache(maxsize=2)
def _checked(known: _Same, newest: int, today: date) -> tuple[tuple[Fault, ...], str]:
    try:
        return tuple(check(DATA, get_settings().council, today)), ""
    except CatalogueWrong as wrong:
        return (), str(wrong).replace(f"{DATA.parent}/", "")


def _service_of(fault: Fault) -> str | None:
    """The service in whose folder a fault stands."""
    parts = fault.path.relative_to(DATA).parts
    return parts[1] if parts[0] == "services" and parts[1] != "everyday" else None


def place_of(fault: Fault) -> str:
    """Where to mend a fault: its file in the checkout and its line."""
    return f"{fault.path.relative_to(DATA.parent)}:{fault.line}"
