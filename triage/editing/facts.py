"""Facts with their proof, for the pages that show when somebody must look at them again."""

from datetime import date

from triage.catalogue import Catalogue
from triage.content import Fact, Service
from triage.editing import rules
from triage.editing.schemas import AnswerDue, FactRow, Review
from triage.editing.wording import facts_of
from triage.settings import get_settings


def of_service(service: Service, known: Catalogue, today: date) -> list[FactRow]:
    """Every fact that a service's words lean on: those not said first, then by the day to look again."""
    held = ((key, known.fact(key, service.id)) for key in facts_of(service))
    rows = [_row(key, fact, service.id if key in service.facts else None, known, today) for key, fact in held if fact]
    return sorted(rows, key=lambda row: (row.state == "stated", row.review_by, row.key))


def review(known: Catalogue, today: date) -> Review:
    """What is past its day, what is due within thirty days, and what nobody has verified."""
    users: dict[str, list[tuple[str, str]]] = {}
    rows = []
    for service in known.services.values():
        for key in facts_of(service):
            if key not in service.facts:
                users.setdefault(key, []).append((service.id, service.name))
        rows += [
            _row(key, fact, service.id, known, today, ((service.id, service.name),))
            for key, fact in service.facts.items()
        ]
    rows += [_row(key, fact, None, known, today, tuple(users.get(key, ()))) for key, fact in known.facts.items()]
    rows.sort(key=lambda row: (row.review_by, row.key))
    answers = sorted(_answers(known, today), key=lambda one: (one.look_by, one.name))
    return Review(
        overdue=[row for row in rows if row.state == "overdue"],
        soon=[row for row in rows if row.state != "overdue" and rules.is_soon(row.review_by, today)],
        unverified=[row for row in rows if row.state == "unverified"],
        answers_overdue=[one for one in answers if one.days < 0],
        answers_soon=[one for one in answers if rules.is_soon(one.look_by, today)],
    )


def _row(
    key: str,
    fact: Fact,
    service: str | None,
    known: Catalogue,
    today: date,
    used_by: tuple[tuple[str, str], ...] = (),
) -> FactRow:
    source = known.source(fact.source, service)
    council = get_settings().council
    return FactRow(
        key=key,
        value=fact.value,
        source=source.name,
        href=source.url,
        reviewed_on=fact.reviewed_on,
        review_by=fact.review_by,
        state=rules.fact_state(fact, today),
        days=(fact.review_by - today).days,
        file=f"data/services/{service}/service.toml" if service else f"data/councils/{council}/facts",
        used_by=used_by,
    )


def _answers(known: Catalogue, today: date) -> list[AnswerDue]:
    found = []
    for service in known.services.values():
        if service.answer.source is None:
            continue
        source = known.source(service.answer.source, service.id)
        by = rules.look_again_by(source)
        found.append(
            AnswerDue(
                service=service.id,
                name=service.name,
                source=source.name,
                href=source.url,
                checked=source.checked,
                look_by=by,
                days=(by - today).days,
            )
        )
    return found
