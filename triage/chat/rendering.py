"""From what was decided to what is said: content from data/, with this council's facts, source and next steps."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from triage.catalogue import Catalogue
from triage.content import PLACEHOLDER, Choice, Wording


@dataclass
class Said:
    """One message of the assistant, ready to store. `extras` are what tables/message.py lists."""

    text: str
    extras: dict[str, Any] = field(default_factory=dict)
    author: str = "assistant"


def plain_date(day: date) -> str:
    """A date as it is read aloud: Thursday 26 November 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def pounds(amount: Decimal) -> str:
    """A sum as it is written on a bill: £1,250.40, and £125 when there are no pence."""
    return f"£{amount:,.2f}".removesuffix(".00")


def render(
    wording: Wording,
    catalogue: Catalogue,
    day: date,
    *,
    service: str | None = None,
    values: dict[str, Any] | None = None,
) -> Said:
    """`wording` as a message on `day`.

    A sentence whose fact cannot be stated that day gives way to its `otherwise`, or is left out when it has none
    (DESIGN decision 6). A sentence with a value that is not given is left out too.
    """
    sentences = []
    for sentence in wording.say:
        filled = _fill(sentence.text, catalogue, day, service, values or {})
        if filled is None and sentence.otherwise:
            filled = _fill(sentence.otherwise, catalogue, day, service, values or {})
        if filled:
            sentences.append(filled)
    extras: dict[str, Any] = {}
    if wording.links:
        extras["links"] = [
            {
                "label": link.label,
                "href": link.href if link.href else catalogue.source(str(link.source), service).url,
            }
            for link in wording.links
        ]
    if wording.source:
        source = catalogue.source(wording.source, service)
        extras["source"] = {"name": source.name, "href": source.url, "checked": source.checked.isoformat()}
    if options := (*wording.choices, *wording.next):
        extras["choices"] = choices(options)
    return Said("\n\n".join(sentences), extras)


def choices(options: tuple[Choice, ...] | list[Choice], start: int = 1) -> list[dict[str, Any]]:
    """Choices as stored: an id that the resident sends back, a label, and what it means (never sent to a browser)."""
    return [
        {
            "id": f"c{number}",
            "label": option.label,
            "send": option.model_dump(include={"service", "do", "say"}, exclude_none=True),
        }
        for number, option in enumerate(options, start)
    ]


def _fill(text: str, catalogue: Catalogue, day: date, service: str | None, values: dict[str, Any]) -> str | None:
    missing = False

    def put(match: re.Match[str]) -> str:
        nonlocal missing
        kind, key = match.groups()
        if kind == "value":
            if values.get(key) in (None, ""):
                missing = True
                return ""
            return str(values[key])
        fact = catalogue.fact(key, service)
        if fact is None or not fact.can_state(day):
            missing = True
            return ""
        return fact.value

    filled = PLACEHOLDER.sub(put, text).replace("{council}", str(catalogue.council["name"]))
    return None if missing else filled
