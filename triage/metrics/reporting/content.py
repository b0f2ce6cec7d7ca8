"""What a report says, as one plain structure that the page, the PDF, the CSV and the JSON are all made from. Pure.

It is stored whole when the report is published, so that what anybody reads later is what was published.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from triage.metrics.figure_pages.showing import length
from triage.metrics.periods import Period
from triage.metrics.reporting.fields import COLUMNS, ENTERED, FRONT
from triage.metrics.reporting.presets import NAMES, Preset, Rag
from triage.metrics.reporting.rules import Judged, Measured, Summary, judge, per_cent, plain, share, summarise

FORMAT = "frontdoor-contract-report-1"
# Parts of a section in the order in which they are read.
NOTES = {"success": "successes", "challenge": "challenges", "experience": "experience"}


@dataclass(frozen=True, slots=True)
class Given:
    """Everything that a report is made from. `indicators` and `notes` are rows as columns' names and values."""

    council: str
    period: Period
    preset: Preset
    front: dict[str, str]
    indicators: Sequence[dict[str, Any]]
    notes: Sequence[dict[str, str]]
    satisfaction: dict[str, Any]


def said(value: Decimal | None, unit: str) -> str:
    """A number with its unit, to two decimal places at most: 93.5%, £1,204, 12 days.

    Minutes are said as on other pages: 2 days 4 hours.
    """
    if value is None:
        return "–"
    if unit == "minutes" and value >= 0:
        return length(float(value))
    text = plain(value.quantize(Decimal("0.01"), ROUND_HALF_UP))
    return _with_unit(text, unit)


def _with_unit(text: str, unit: str) -> str:
    if unit == "£":
        return f"-£{text[1:]}" if text.startswith("-") else f"£{text}"
    return f"{text}{unit}" if unit in ("", "%") else f"{text} {unit}"


def both_said(result: Decimal | None, target: Decimal | None, unit: str) -> tuple[str, str]:
    """A result and its target; with every decimal place where two would show them as the same though they are not."""
    one, two = said(result, unit), said(target, unit)
    if one == two and result is not None and target is not None and result != target:
        return _with_unit(plain(result), unit), _with_unit(plain(target), unit)
    return one, two


def counts_said(some: Decimal | None, n: Decimal | None) -> str:
    """What a share was worked out from: '30 of 40'; '' where that was not given."""
    return "" if some is None or n is None else f"{plain(some)} of {plain(n)}"


def measured(row: dict[str, Any]) -> Measured:
    """What an indicator's rating is made from."""
    return Measured(row["polarity"], row["target"], row["result"], row["year_before"], row.get("other_question", ""))


def as_number(value: Decimal | None) -> int | float | None:
    """A decimal for JSON."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def indicator(row: dict[str, Any], judged: Judged, period: str) -> dict[str, Any]:
    """One indicator under the names of the data dictionary, and what the page shows of its numbers."""
    shown: dict[str, Any] = {}
    for one in ENTERED:
        value = row[COLUMNS.get(one.name, one.name)]
        shown[one.name] = as_number(value) if one.kind == "number" else value
    result, target = both_said(row["result"], row["target"], row["unit"])
    return shown | {
        "service_name": row.get("service_name", ""),
        "period": period,
        "rag": judged.rating.rag,
        "rag_reasons": list(judged.rating.reasons),
        "target_met": ("yes" if judged.rating.on_target else "no") if judged.rating.rated else "",
        "direction_of_travel": judged.direction.way or "",
        "direction_reason": judged.direction.reason,
        "origin": row["origin"],
        "said": {
            "result": result,
            "target": target,
            "counts": counts_said(row["numerator"], row["denominator"]),
            "prior_period": said(row["prior"], row["unit"]),
            "same_period_last_year": said(row["year_before"], row["unit"]),
            "rag": judged.rating.name,
            "direction_of_travel": judged.direction.name,
            "direction_reason": judged.direction.reason,
        },
    }


def counted(found: Summary) -> dict[str, Any]:
    """A summary as counts, each with the share that is shown beside it."""

    def of(count: int, n: int) -> dict[str, Any]:
        return {"count": count, "said": share(count, n)}

    return {
        "reported": found.reported,
        "rated": found.rated,
        "levels": {level: of(count, found.rated) for level, count in found.levels.items()},
        "monitor": found.monitor,
        "on_target": of(found.on_target, found.rated),
        "below_target": of(found.below, found.rated),
        "with_direction": found.with_direction,
        "improved_or_same": of(found.improved_or_same, found.with_direction),
        "worsened": of(found.worsened, found.with_direction),
    }


def headline(found: Summary, preset: Preset, ungiven: int) -> list[str]:
    """Sentences that a councillor could read aloud. `ungiven`: how many have a target and no result."""
    if not found.reported:
        return ["No indicator was reported in this quarter."]
    lines = []
    rest = found.rated - found.green
    if found.rated:
        lines.append(
            f"Of {_indicators(found.rated)} with a rating, {_of(found.green, found.rated)} "
            f"{'was' if found.green == 1 else 'were'} {preset.on_target} and {_of(rest, found.rated)} "
            f"{'was' if rest == 1 else 'were'} not."
        )
    if found.tolerated:
        lines.append(
            f"{_indicators(found.tolerated)} counted as Green here missed {_their(found.tolerated)}, by no more than "
            "this way of rating allows."
        )
    if found.with_direction:
        lines.append(
            f"Of {_indicators(found.with_direction)} that can be compared with the same quarter of last year, "
            f"{_of(found.improved_or_same, found.with_direction)} improved or stayed the same and "
            f"{_of(found.worsened, found.with_direction)} worsened."
        )
    were = "was" if found.reported == 1 else "were"
    followed = f"{found.monitor:,} of them without a rating (Monitor)" if found.monitor else "each with a rating"
    lines.append(f"{_indicators(found.reported)} {were} reported, {followed}.")
    if ungiven:
        lines.append(f"{_indicators(ungiven)} with a target {'has' if ungiven == 1 else 'have'} no result.")
    return lines


def _indicators(count: int) -> str:
    return "1 indicator" if count == 1 else f"{count:,} indicators"


def _their(count: int) -> str:
    return "its target" if count == 1 else "their targets"


def _of(some: int, n: int) -> str:
    """A count with its share, as a sentence has it: '191 (78%)'."""
    return f"{some:,} ({per_cent(some, n)}%)"


def method(preset: Preset, satisfaction: Iterable[str]) -> list[str]:
    """How everything was counted, for who wants to check it."""
    return [
        f"Ratings: {preset.about} {NAMES['monitor']}: reported, with no target or no result, and so not rated.",
        "A result is rated as it was recorded, not as it is rounded for the page. Each one's reasons are in the files.",
        "Direction of travel: the result against that of the same quarter of last year. Better or worse by any amount "
        "counts; whether chance could explain it is not part of this rating. Answers to different questions are not "
        "compared.",
        "Percentages are of those rated, or of those with a direction. Each is rounded by itself, a half up, so a row "
        "may add up to 99 or 101.",
        "Quarters are those of the calendar: quarter 1 is January to March.",
        *satisfaction,
    ]


def build(given: Given) -> dict[str, Any]:
    """The report's content. The same rows always make the same content, in the same order."""
    rows = sorted(given.indicators, key=_place)
    each = [(row, judge(given.preset, measured(row))) for row in rows]
    levels = given.preset.levels
    total = summarise((judged for _, judged in each), levels)
    ungiven = sum(row["target"] is not None and row["result"] is None for row in rows)
    code = given.period.code
    sections = []
    for partner, area in _places(rows, given.notes):
        here = [(row, judged) for row, judged in each if (row["partner"], row["area"]) == (partner, area)]
        notes = [note for note in given.notes if (note["partner"], note["area"]) == (partner, area)]
        sections.append(
            {
                "partner": partner,
                "service_area": area,
                "title": partner if partner == area else f"{partner}: {area}",
                "summary": counted(summarise((judged for _, judged in here), levels)),
                **{part: [note["text"] for note in notes if note["kind"] == kind] for kind, part in NOTES.items()},
                "indicators": [indicator(row, judged, code) for row, judged in here],
            }
        )
    return {
        "format": FORMAT,
        "council": given.council,
        "quarter": {
            "code": code,
            "name": given.period.name,
            "start": given.period.start.isoformat(),
            "end": given.period.end.isoformat(),
        },
        "front": [
            {"name": part.name, "label": part.label, "text": given.front.get(part.name, "")}
            for part in FRONT
            if given.front.get(part.name)
        ],
        "title": given.front.get("title") or f"Contract performance, {given.period.name}",
        "ratings": {
            "id": given.preset.id,
            "name": given.preset.name,
            "levels": [{"rag": level, "name": NAMES[level]} for level in levels],
            "on_target": given.preset.on_target,
            "source": given.preset.source,
        },
        "headline": headline(total, given.preset, ungiven),
        "summary": counted(total),
        "sections": sections,
        "satisfaction": given.satisfaction,
        "method": method(given.preset, given.satisfaction["method"]),
    }


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    """Where a row stands: under its partner and area, those of no one service first, and then service by service."""
    names = (row["partner"], row["area"], row.get("service_name", ""))
    return *(name.casefold() for name in names), row["key"]


def _places(rows: Iterable[dict[str, Any]], notes: Iterable[dict[str, str]]) -> list[tuple[str, str]]:
    places = {(row["partner"], row["area"]) for row in (*rows, *notes)}
    return sorted(places, key=lambda place: (place[0].casefold(), place[1].casefold()))


def below_target(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Every rated indicator that missed its target, worst first; Green ones, inside a preset's tolerance, come last."""
    order: list[Rag] = [level["rag"] for level in content["ratings"]["levels"]]
    found = [one for section in content["sections"] for one in section["indicators"]]
    missed = [one for one in found if one["rag"] != "monitor" and not _met(one)]
    return sorted(missed, key=lambda one: -order.index(one["rag"]))


def _met(one: dict[str, Any]) -> bool:
    # Reports from before this was kept say only whether it is Green.
    return bool(one["target_met"] == "yes" if "target_met" in one else one["rag"] == "green")


def no_result(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Every indicator that has a target and no result, which is not rated and must not go unseen."""
    found = [one for section in content["sections"] for one in section["indicators"]]
    return [one for one in found if one["target"] is not None and one["result"] is None]


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of the content, by which a copy can be told from another."""
    return hashlib.sha256(canonical(content)).hexdigest()


def canonical(content: dict[str, Any]) -> bytes:
    """The content as bytes, the same for the same content."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
