"""From entities to what bears on building at a place. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from connectors.errors import AnswerUnreadable
from connectors.shapes import PlanningApplication, PlanningConstraint

Entity = Mapping[str, Any]


def entities(content: Any) -> list[Entity]:
    """The entities of an answer. Raises AnswerUnreadable."""
    found = content.get("entities") if isinstance(content, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise AnswerUnreadable("planning.data.gov.uk gave no entities.")
    return found


def constraint_of(entity: Entity, home: str) -> PlanningConstraint | None:
    """One constraint; None for one that has ended."""
    if entity.get("end-date"):
        return None
    kind, reference = str(entity.get("dataset") or ""), str(entity.get("reference") or entity.get("entity") or "")
    # Many entities have no name of their own; their kind says more than nothing.
    name = str(entity.get("name") or kind.replace("-", " ").capitalize())
    return PlanningConstraint(kind, name, reference, _link(entity, home)) if kind and reference else None


def application_of(entity: Entity, home: str) -> PlanningApplication | None:
    """One application; None for one without its reference."""
    reference = str(entity.get("reference") or "")
    if not reference:
        return None
    return PlanningApplication(
        reference=reference,
        about=str(entity.get("description") or entity.get("name") or ""),
        address=str(entity.get("address-text") or "") or None,
        decided=str(entity.get("planning-decision") or "") or None,
        received=_day(entity.get("start-date") or entity.get("entry-date")),
        link=_link(entity, home),
    )


def _link(entity: Entity, home: str) -> str | None:
    number = entity.get("entity")
    return f"{home}/entity/{number}" if isinstance(number, int) else None


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
