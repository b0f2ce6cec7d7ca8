"""A GeoReport v2 endpoint of our own making, from the specification's text; it shares nothing with connectors/open311.

Read afresh (the text of wiki.open311.org/GeoReport_v2, as open311/open311.github.io keeps it) on 27 November 2026.
`world.batch` makes it answer with tokens, each numbered when it has been asked for so many times; `world.blackbox` with
neither number nor token, and `world.listed` says whether such requests are in its list. JSON follows the examples
there: true, false and null, and numbers where there are numbers.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEY = "a-key-for-tests"
JURISDICTION = "council.example"
SERVICES = {"BIN": "Missed bin", "POT": "Pothole"}


@dataclass
class World:
    """What the endpoint holds."""

    batch: int | None = None
    blackbox: bool = False
    listed: bool = True
    requests: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: list[dict[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)

    def made_at(self, number: str, at: datetime) -> None:
        """Pretend that a request was made at another time."""
        self.requests[number]["requested_datetime"] = at.isoformat()


class Problem(Exception):
    """An error with its code, as the specification has them; `more`: others that are told with it."""

    def __init__(self, code: int, description: str, *more: tuple[str, str]) -> None:
        self.code, self.description, self.more = code, description, more


def _xml(value: Any, name: str) -> str:
    if isinstance(value, list):
        return "".join(_xml(one, name) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{''.join(_xml(one, key) for key, one in value.items())}</{name}>"
    if isinstance(value, bool):
        value = str(value).lower()
    return f"<{name}>{escape('' if value is None else str(value))}</{name}>"


def _answer(request: Request, root: str, item: str, rows: list[dict[str, Any]], status: int = 200) -> Response:
    if request.path_params["format"] == "json":
        return Response(json.dumps(rows), status, media_type="application/json; charset=utf-8")
    body = f'<?xml version="1.0" encoding="utf-8"?><{root}>{_xml(rows, item)}</{root}>'
    return Response(body, status, media_type="text/xml; charset=utf-8")


def _jurisdiction(given: Any) -> None:
    if not given.get("jurisdiction_id"):
        raise Problem(400, "jurisdiction_id was not provided")
    if given["jurisdiction_id"] != JURISDICTION:
        raise Problem(404, "jurisdiction_id provided was not found")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise Problem(400, "a date-time is not in the W3C's format") from None
    if found.tzinfo is None:
        raise Problem(400, "a date-time has no zone")
    return found


def build(world: World) -> Starlette:
    """The endpoint."""

    async def services(request: Request) -> Response:
        _jurisdiction(request.query_params)
        rows = [
            {"service_code": code, "service_name": name, "description": name, "metadata": True,
             "type": "blackbox" if world.blackbox else "realtime" if world.batch is None else "batch",
             "keywords": "street, bin", "group": "street"}
            for code, name in SERVICES.items()
        ]  # fmt: skip
        return _answer(request, "services", "service", rows)

    async def definition(request: Request) -> Response:
        _jurisdiction(request.query_params)
        if request.path_params["code"] not in SERVICES:
            raise Problem(404, "service_code provided was not found")
        attributes: list[dict[str, Any]] = [
            {"variable": False, "code": "READ", "datatype": "text", "required": False, "datatype_description": None,
             "order": 2, "description": "We empty bins from 7am."},
            {"variable": True, "code": "COLOUR", "datatype": "singlevaluelist", "required": True,
             "datatype_description": "The lid's colour", "order": 1, "description": "Which bin?",
             "values": [{"key": 1, "name": "Blue & white"}, {"key": "B", "name": "Black"}]},
        ]  # fmt: skip
        code = request.path_params["code"]
        if request.path_params["format"] == "json":
            return Response(json.dumps({"service_code": code, "attributes": attributes}), media_type="application/json")
        for one in attributes:
            one["values"] = {"value": one.get("values", [])}
        body = _xml({"service_code": code, "attributes": {"attribute": attributes}}, "service_definition")
        return Response(body, media_type="text/xml")

    async def create(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        world.forms.append(form)
        _jurisdiction(form)
        if form.get("api_key") != KEY:
            raise Problem(403, "api_key missing or not valid")
        if not form.get("service_code"):
            raise Problem(400, "service_code was not provided")
        if form["service_code"] not in SERVICES:
            raise Problem(404, "service_code provided was not found")
        if not (("lat" in form and "long" in form) or form.get("address_string") or form.get("address_id")):
            raise Problem(400, "location missing", ("no_place", "there is no place"), ("said", "Ada's own words!"))
        if len(form.get("description", "")) > 4000:
            raise Problem(400, "description is longer than 4000 characters")
        now = datetime.now(UTC)
        number = str(638_000 + len(world.requests) + len(world.tokens))
        row = {
            "service_request_id": number, "status": "open", "status_notes": "", "service_code": form["service_code"],
            "service_name": SERVICES[form["service_code"]], "description": form.get("description", ""),
            "requested_datetime": now.isoformat(), "updated_datetime": now.isoformat(),
            "lat": form.get("lat", ""), "long": form.get("long", ""), "address": form.get("address_string", ""),
        }  # fmt: skip
        if world.blackbox:
            if world.listed:
                world.requests[number] = row
            else:
                world.tokens[number] = {"left": 0, "row": row}
            return _answer(request, "service_requests", "request", [{"service_notice": "Thank you"}])
        if world.batch is None:
            world.requests[number] = row
            notice = {"service_request_id": number, "service_notice": "Seen within a day", "account_id": None}
            return _answer(request, "service_requests", "request", [notice])
        token = f"t-{number}"
        world.tokens[token] = {"left": world.batch, "row": row}
        return _answer(request, "service_requests", "request", [{"token": token, "service_notice": "Later"}])

    async def token(request: Request) -> Response:
        _jurisdiction(request.query_params)
        name = request.path_params["token"]
        if name not in world.tokens:
            raise Problem(404, "token provided was not found")
        kept = world.tokens[name]
        if kept["left"] > 0:
            kept["left"] -= 1
            return _answer(request, "service_requests", "request", [{"token": name, "service_request_id": None}])
        number = kept["row"]["service_request_id"]
        world.requests[number] = kept["row"]
        return _answer(request, "service_requests", "request", [{"token": name, "service_request_id": number}])

    async def listed(request: Request) -> Response:
        asked = request.query_params
        _jurisdiction(asked)
        rows = list(world.requests.values())
        if asked.get("service_request_id"):
            wanted = asked["service_request_id"].split(",")
            rows = [row for row in rows if row["service_request_id"] in wanted]
        else:
            end = _moment(asked["end_date"]) if "end_date" in asked else datetime.now(UTC)
            start = _moment(asked["start_date"]) if "start_date" in asked else end - timedelta(days=90)
            if end - start > timedelta(days=90, seconds=1):
                raise Problem(400, "the span is longer than 90 days")
            rows = [row for row in rows if start <= _moment(row["requested_datetime"]) <= end]
            for name in ("service_code", "status"):
                if asked.get(name):
                    rows = [row for row in rows if row[name] in asked[name].split(",")]
        return _answer(request, "service_requests", "request", rows[:1000])

    async def one(request: Request) -> Response:
        _jurisdiction(request.query_params)
        row = world.requests.get(request.path_params["number"])
        if row is None:
            raise Problem(404, "service_request_id provided was not found")
        return _answer(request, "service_requests", "request", [row])

    async def updates(request: Request) -> Response:
        asked = request.query_params
        _jurisdiction(asked)
        start, end = _moment(asked["start_date"]), _moment(asked["end_date"])
        rows = [row for row in world.updates if start <= _moment(row["updated_datetime"]) <= end]
        return _answer(request, "service_request_updates", "request_update", rows)

    async def update(request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        _jurisdiction(form)
        if form.get("api_key") != KEY:
            raise Problem(403, "api_key missing or not valid")
        if form.get("service_request_id") not in world.requests:
            raise Problem(404, "service_request_id provided was not found")
        if all(row["update_id"] != form["update_id"] for row in world.updates):
            world.updates.append({name: form[name] for name in form if name not in ("api_key", "jurisdiction_id")})
        row = {"update_id": f"theirs-{form['update_id']}"}
        return _answer(request, "service_request_updates", "request_update", [row])

    async def discovery(request: Request) -> Response:
        endpoint = {"specification": "http://wiki.open311.org/GeoReport_v2", "url": "https://council.example/v2",
                    "changeset": "2026-01-01T00:00:00Z", "type": "production"}  # fmt: skip
        if request.path_params["format"] == "json":
            return Response(json.dumps({"endpoints": [endpoint]}), media_type="application/json")
        body = f"<discovery><endpoints>{_xml(endpoint, 'endpoint')}</endpoints></discovery>"
        return Response(body, media_type="text/xml")

    async def problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        rows = [(error.code, error.description), *error.more]
        errors = [{"code": code, "description": description} for code, description in rows]
        return _answer(request, "errors", "error", errors, error.code)

    return Starlette(
        routes=[
            Route("/discovery.{format}", discovery),
            Route("/services.{format}", services),
            Route("/services/{code}.{format}", definition),
            Route("/requests.{format}", create, methods=["POST"]),
            Route("/requests.{format}", listed),
            Route("/requests/{number}.{format}", one),
            Route("/tokens/{token}.{format}", token),
            Route("/servicerequestupdates.{format}", update, methods=["POST"]),
            Route("/servicerequestupdates.{format}", updates),
        ],
        exception_handlers={Problem: problem},
    )
