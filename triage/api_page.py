"""The API's document for people to read, at /docs: drawn by the server from the OpenAPI document.

Swagger UI would need scripts and styles inside the page, which our Content-Security-Policy forbids, and is hard going
with a screen reader; this page says the same with headings and tables.
"""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from triage.access import Anyone
from triage.pages import render

router = APIRouter(include_in_schema=False, dependencies=[Anyone])


# FastAPI's own words for a call with wrong values; we send none of them (faults.py).
THEIRS = ("HTTPValidationError", "ValidationError")
PROBLEM = "#/components/schemas/Problem"


def say_errors_as_sent(document: dict[str, Any]) -> dict[str, Any]:
    """An OpenAPI document in which wrong values are answered as faults.py answers them, in the shape of all our errors.

    FastAPI describes each with a shape of its own and the status 422. Here what is wrong in an address leads nowhere
    (404); what is wrong elsewhere is 422; and pages for people say so in a page. Open311 has its own errors already.
    """
    for path, calls in document["paths"].items():
        for operation in calls.values():
            answers = operation["responses"]
            schema = answers.get("422", {}).get("content", {}).get("application/json", {}).get("schema", {})
            if not str(schema.get("$ref", "")).endswith(THEIRS[0]):
                continue
            del answers["422"]
            if "open311" in operation.get("tags", ()):
                continue
            where = {one["in"] for one in operation.get("parameters", ())}
            wrong = {404: "path" in where, 422: "requestBody" in operation or bool(where - {"path"})}
            for status in (str(status) for status, can_be in wrong.items() if can_be):
                answers.setdefault(status, _problem(HTTPStatus(int(status)).phrase, path))
    for name in THEIRS:
        document["components"]["schemas"].pop(name, None)
    return document


def _problem(phrase: str, path: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": {"$ref": PROBLEM}}}
    if not path.startswith("/api/"):
        content["text/html"] = {"schema": {"type": "string"}}
    return {"description": phrase, "content": content}


def describe(app: FastAPI) -> None:
    """Have the app's OpenAPI document say what is really sent."""
    by_fastapi = app.openapi

    def document() -> dict[str, Any]:
        made = app.openapi_schema is not None
        found = by_fastapi()
        return found if made else say_errors_as_sent(found)

    app.openapi = document  # type: ignore[method-assign]


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words: its name, or its types."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"] if one.get("type") != "null")
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    return str(schema.get("format") or schema.get("type") or "anything")


def _body(operation: dict[str, Any]) -> str | None:
    for content in operation.get("requestBody", {}).get("content", {}).values():
        return _type(content.get("schema", {}))
    return None


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Each call of an OpenAPI document: method, path, what it is for, what it takes and gives."""
    found = []
    for path, calls in document["paths"].items():
        for method, operation in calls.items():
            answers = []
            for status, answer in operation.get("responses", {}).items():
                schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
                answers.append({"status": status, "gives": _type(schema) if schema else answer.get("description", "")})
            found.append(
                {
                    "method": method.upper(),
                    "path": path,
                    "about": operation.get("description") or operation.get("summary", ""),
                    "takes": [
                        {"name": one["name"], "where": one["in"], "type": _type(one.get("schema", {}))}
                        for one in operation.get("parameters", [])
                    ],
                    "body": _body(operation),
                    "answers": answers,
                }
            )
    return found


def shapes(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Each named shape: its fields with their types and whether they are needed."""
    return [
        {
            "name": name,
            "about": shape.get("description", ""),
            "fields": [
                {"name": field, "type": _type(schema), "needed": field in shape.get("required", [])}
                for field, schema in shape.get("properties", {}).items()
            ],
        }
        for name, shape in document.get("components", {}).get("schemas", {}).items()
    ]


@router.get("/docs")
async def docs(request: Request) -> Response:
    """Every call of the API."""
    document = request.app.openapi()
    return render(request, "docs.html", operations=operations(document), shapes=shapes(document))
