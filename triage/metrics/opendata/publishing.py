"""Files from rows: CSV, JSON, and what describes them (CSV on the Web, JSON Schema)."""

import json
from typing import Any

from triage.metrics.exports import as_csv
from triage.metrics.opendata.datasets import Column, Dataset
from triage.metrics.opendata.licence import Licence
from triage.metrics.opendata.service import Line


def csv_file(dataset: Dataset, rows: list[Line]) -> str:
    """The rows as CSV (RFC 4180), no cell of which a spreadsheet runs; an empty cell: withheld."""
    head = [column.name for column in dataset.columns]
    return as_csv(head, (["" if row[name] is None else row[name] for name in head] for row in rows))  # type: ignore[misc]


def json_file(dataset: Dataset, rows: list[Line], licence: Licence, schema: str) -> str:
    """The rows as JSON with their licence and the address of their schema; null: withheld."""
    whole = {
        "$schema": schema,
        "title": dataset.title,
        "description": dataset.about,
        "publisher": licence.publisher,
        "licence": {"name": licence.name, "url": licence.url, "attribution": licence.attribution},
        "rows": rows,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def csvw(dataset: Dataset, licence: Licence, address: str) -> dict[str, Any]:
    """CSV on the Web metadata (W3C Recommendation of 17 December 2015) of the file at `address`."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": address,
        "dc:title": dataset.title,
        "dc:description": dataset.about,
        "dc:publisher": licence.publisher,
        "dc:license": {"@id": licence.url},
        "dc:rights": licence.attribution,
        "tableSchema": {
            "primaryKey": list(dataset.key),
            "columns": [_csvw_column(column) for column in dataset.columns],
        },
    }


def _csvw_column(column: Column) -> dict[str, Any]:
    kind: Any = column.kind
    if column.one_of:
        kind = {"base": "string", "format": "|".join(column.one_of)}
    return {
        "name": column.name,
        "titles": column.name,
        "dc:description": column.about,
        "datatype": kind,
        "required": not column.empty and column.name != "code",
    }


def json_schema(dataset: Dataset, address: str) -> dict[str, Any]:
    """JSON Schema (2020-12) of the JSON file whose schema is at `address`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": dataset.title,
        "type": "object",
        "required": ["rows", "licence"],
        "properties": {
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [column.name for column in dataset.columns],
                    "properties": {column.name: _json_column(column) for column in dataset.columns},
                },
            },
            "licence": {"type": "object", "required": ["name", "url", "attribution"]},
        },
    }


def _json_column(column: Column) -> dict[str, Any]:
    kind = "string" if column.kind == "date" else column.kind
    made: dict[str, Any] = {"description": column.about, "type": [kind, "null"] if column.empty else kind}
    if column.kind == "date":
        made["format"] = "date"
    if column.one_of:
        made["enum"] = list(column.one_of)
    return made
