"""A report as files for machines: its indicators as CSV, the whole as JSON, and the dictionary of both."""

import json
from typing import Any

from fastapi import Response

from triage.metrics.exports import Cell, as_csv
from triage.metrics.opendata.licence import Licence
from triage.metrics.reporting.content import FORMAT
from triage.metrics.reporting.fields import ALL, ENTERED_NAMES, NAMES, Field
from triage.metrics.reporting.presets import NAMES as RATINGS
from triage.metrics.reporting.presets import presets

SCHEMA = "/reports/schema.json"
# Of the report besides its indicators: where it stands in the JSON, and what it means.
PARTS = (
    ("format", "The version of this structure."),
    ("council", "Whose report it is."),
    ("quarter", "code, name, first day (start) and last day (end)."),
    ("title", "The report's title."),
    ("front", "The fields of the front page in their order: name, label, text."),
    ("ratings", "How results were rated: the preset, its levels best first, what Green means, where it comes from."),
    ("headline", "The report in sentences."),
    (
        "summary",
        "Counts of all indicators; `said` is the share and the count as shown. Shares are rounded one by one. "
        "on_target: the target itself was met, whatever tolerance the rating has.",
    ),
    ("sections", "One for each partner and service area: summary, successes, challenges, experience, indicators."),
    ("satisfaction", "What residents answered: sentences, and rows by team; too few to show has a reason instead."),
    ("method", "How it was counted."),
    ("approved_by", "The role that approved it."),
    ("published_at", "When it was published."),
    ("digest", "SHA-256 of everything above, as JSON with sorted keys and without spaces."),
    ("corrections", "What was put right after publication, oldest first: at, role, about, was, now, why."),
    ("licence", "Under what licence it may be used: name, url, attribution. It is not part of the digest."),
    ("$schema", "The address of the JSON Schema of this file. It is not part of the digest."),
)


def indicators_csv(content: dict[str, Any]) -> str:
    """One line an indicator, the columns of the dictionary in its order."""
    rows = (one for section in content["sections"] for one in section["indicators"])
    # A report keeps the fields that it was published with: a column that came later is empty.
    return as_csv(NAMES, ([_cell(one.get(name)) for name in NAMES] for one in rows))


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return " ".join(value)
    return "" if value is None else value


def empty_csv() -> str:
    """The first line of a file to fill in."""
    return as_csv(ENTERED_NAMES, [])


def whole(content: dict[str, Any], digest: str, corrections: list[dict[str, Any]], licence: Licence | None) -> Response:
    """The published report as JSON, with what was put right since, and under what licence it may be used."""
    links = f'<{SCHEMA}>; rel="describedby"'
    more: dict[str, Any] = {"$schema": SCHEMA}
    if licence:
        links = f'<{licence.url}>; rel="license", {links}'
        more["licence"] = {"name": licence.name, "url": licence.url, "attribution": licence.attribution}
    sent = _json(content | {"digest": digest, "corrections": corrections} | more)
    sent.headers["Link"] = links
    return sent


def schema() -> Response:
    """JSON Schema (2020-12) of a published report's JSON: what is said of an indicator comes from the dictionary.

    Fields may be missing from a report that was published before there were such.
    """
    sections = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["partner", "service_area", "indicators"],
            "properties": {
                "partner": {"type": "string"},
                "service_area": {"type": "string"},
                "indicators": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": [one.name for one in ALL if one.required],
                        "properties": {one.name: _in_schema(one) for one in ALL},
                    },
                },
            },
        },
    }
    described: dict[str, Any] = {name: {"description": meaning} for name, meaning in PARTS}
    described["sections"] |= sections
    described["licence"] |= {"type": "object", "required": ["name", "url", "attribution"]}
    return _json(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": SCHEMA,
            "title": "Quarterly contract report",
            "type": "object",
            "required": ["format", "council", "quarter", "title", "sections", "digest", "corrections"],
            "properties": described,
        },
        "application/schema+json",
    )


def _in_schema(one: Field) -> dict[str, Any]:
    kinds: Any = ["number", "null"] if one.kind == "number" else "string"
    made: dict[str, Any] = {"description": one.meaning, "type": kinds}
    if one.name == "rag_reasons":
        made |= {"type": "array", "items": {"type": "string"}}
    if one.choices:
        made["enum"] = [value for value, _ in one.choices]
    return made


def dictionary() -> Response:
    """What each field of the files means."""
    return _json(
        {
            "format": FORMAT,
            "indicator": [_described(one) for one in ALL],
            "report": [{"name": name, "meaning": meaning} for name, meaning in PARTS],
            "ratings": [{"rag": rag, "name": name} for rag, name in RATINGS.items()],
            "presets": [
                {"id": one.id, "name": one.name, "about": one.about, "source": one.source, "verified": one.verified}
                for one in presets().values()
            ],
        }
    )


def _described(one: Field) -> dict[str, Any]:
    kind = "number" if one.kind == "number" else "text"
    described: dict[str, Any] = {"name": one.name, "type": kind, "meaning": one.meaning, "required": one.required}
    if one.choices:
        described["one_of"] = [value for value, _ in one.choices]
    return described


def _json(made: dict[str, Any], kind: str = "application/json") -> Response:
    return Response(json.dumps(made, ensure_ascii=False, indent=1).encode(), media_type=kind)
