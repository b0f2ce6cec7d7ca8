"""Which of a partner's services an indicator is about: named by whoever enters it, and kept by the service's id."""

from collections.abc import Mapping
from typing import Any

from triage.catalogue import catalogue
from triage.metrics.periods import Period


def of_partner(partner: str, period: Period) -> dict[str, str]:
    """The services whose work a partner did at some time in a quarter, id to name; the partner by its name or id."""
    known = catalogue()
    ids = {key for key, one in known.partners.items() if _same(partner, key) or _same(partner, one.name)}
    queues = {
        row.queue
        for row in known.run_by
        if row.partner in ids
        and row.profile == known.council["profile"]
        and row.from_ <= period.end
        and (row.to is None or row.to >= period.start)
    }
    return {one.id: one.name for one in known.services.values() if known.queue(one.queue) in queues}


def read(row: Mapping[str, Any], period: Period) -> tuple[str, str]:
    """The id of the service that a row names by its name or id ('': none), and what is wrong with it ('': nothing)."""
    typed = row.get("service") or ""
    if not typed:
        return "", ""
    theirs = of_partner(row["partner"], period)
    found = next((key for key, name in theirs.items() if _same(typed, key) or _same(typed, name)), "")
    if found:
        return found, ""
    if not theirs:
        return "", (
            f"We know of no service that {row['partner']} delivered in this quarter. Leave the service empty, or "
            "choose who delivers it from the list."
        )
    return "", f"{typed} is none of the services that {row['partner']} delivered in this quarter. Choose one of them."


def name_of(service: str) -> str:
    """A service's name as people read it; one that has gone keeps its id."""
    known = catalogue().services.get(service)
    return known.name if known else service


def names(period: Period) -> list[str]:
    """The names of all services that a partner delivered in a quarter, to choose from."""
    every = {name for partner in catalogue().partners for name in of_partner(partner, period).values()}
    return sorted(every, key=str.casefold)


def _same(one: str, two: str) -> bool:
    return one.strip().casefold() == two.casefold()
