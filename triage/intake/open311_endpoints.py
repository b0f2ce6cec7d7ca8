"""Our Open311 GeoReport v2 endpoint: other systems report to us, and ask how what they reported stands.

Who asks needs a key, for reading too: what residents report is nobody else's business, although the specification
would let anybody read it. A system sees what came through itself. Keys are the setting open311_keys.
"""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from language.danger.model import MAY_BE
from triage import codes, limits
from triage.access import Anyone, OtherSystem
from triage.catalogue import catalogue
from triage.contacts import file_contact, once_key
from triage.database import transaction
from triage.errors import FrontdoorError, Invalid, NotFound
from triage.helping import look_for_danger
from triage.intake import open311, open311_repository
from triage.intake.open311 import FORMATS, Row
from triage.settings import get_settings

DEFAULT = "xml"
NOT_THERE = "service_request_id or token provided was not found"
# The specification has 400 for whatever is not right with a request.
STATUSES = {422: 400}


# What a form may hold, for our own description of the API; it is read as the specification says, in open311.py.
_FIELDS = (
    *("api_key", "service_code", "jurisdiction_id", "lat", "long", "address_string", "address_id", "description"),
    *("email", "first_name", "last_name", "phone", "media_url"),
)
REPORT_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["api_key", "service_code"],
                    "properties": {name: {"type": "string"} for name in _FIELDS},
                    "additionalProperties": {"type": "string"},
                }
            }
        },
    }
}


class GeoReportRoute(APIRoute):
    """Tells errors as GeoReport does, a code and a description, in the format that was asked for."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See the class."""
        handle = super().get_route_handler()

        async def told(request: Request) -> Response:
            try:
                return await handle(request)
            except FrontdoorError as error:
                return _problem(request, STATUSES.get(error.status, error.status), error.detail)
            except HTTPException as error:
                return _problem(request, error.status_code, str(error.detail))
            except RequestValidationError:
                return _problem(request, 400, Invalid().detail)

        return told


# Errors come in the format that was asked for, as answers do.
ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, "content": {kind: {} for kind in FORMATS.values()}}
    for status in (200, 400, 403, 404, 413, 429)
}
router = APIRouter(
    prefix="/open311/v2",
    tags=["open311"],
    route_class=GeoReportRoute,
    default_response_class=Response,
    responses=ANSWERS,
)


def _asked_for(request: Request) -> tuple[str, str]:
    """The last part of the address without its format, and the format."""
    name, dot, form = request.url.path.rpartition("/")[2].rpartition(".")
    return (name, form) if dot and form in FORMATS else (request.url.path.rpartition("/")[2], DEFAULT)


def _answer(request: Request, content: Row | Sequence[Row], root: str, item: str, status: int = 200) -> Response:
    form = _asked_for(request)[1]
    headers = {"Cache-Control": "no-store"}
    return Response(open311.written(content, root, item, form), status, headers, media_type=FORMATS[form])


def _problem(request: Request, status: int, description: str) -> Response:
    return _answer(request, [{"code": status, "description": description}], "errors", "error", status)


@router.get("/discovery", dependencies=[Anyone])
@router.get("/discovery.{form}", dependencies=[Anyone], include_in_schema=False)
async def discovery(request: Request) -> Response:
    """Where the endpoint is and what it speaks."""
    return _answer(request, open311.discovery(), "discovery", "")


@router.get("/services", dependencies=[Anyone])
@router.get("/services.{form}", dependencies=[Anyone], include_in_schema=False)
async def services(request: Request) -> Response:
    """What may be reported."""
    open311.check_jurisdiction(request.query_params)
    return _answer(request, [open311.service_row(code) for code in open311.services()], "services", "service")


@router.get("/services/{code}", dependencies=[Anyone])
async def definition(request: Request, code: str) -> Response:
    """What is asked about a service: nothing beyond the specification's own fields, so far."""
    open311.check_jurisdiction(request.query_params)
    name, _ = _asked_for(request)
    if name not in open311.services():
        raise NotFound("service_code provided was not found")
    return _answer(request, {"service_code": name, "attributes": []}, "service_definition", "")


@router.post("/requests", openapi_extra=REPORT_FORM)
@router.post("/requests.{form}", include_in_schema=False)
async def report(
    request: Request, system: OtherSystem, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
) -> Response:
    """Report something: a form with api_key, service_code, a place, and description.

    With the same Idempotency-Key and words it is stored once, however often sent.
    """
    form = open311.form_of((await request.form()).multi_items())
    open311.check_jurisdiction(form)
    new = open311.told(form, system)
    danger = look_for_danger(new.text)
    new = replace(
        new,
        danger=danger[0].signal if danger and danger[0].signal != MAY_BE else None,
        idempotency_key=once_key(idempotency_key, "open311", system, new.service, new.text),
    )
    async with transaction() as session:
        if danger is None:
            # A limit never keeps a cry for help out.
            await limits.count(session, "open311", system, get_settings().contacts_per_hour, timedelta(hours=1))
        filed = await file_contact(session, new, catalogue().council["reference_prefix"])
    row = {"service_request_id": filed.reference, "service_notice": _notice(danger), "account_id": ""}
    return _answer(request, [row], "service_requests", "request")


def _notice(danger: tuple[Any, dict[str, Any]] | None) -> str:
    """What the other system is asked to show at once to whoever is in danger."""
    if danger is None:
        return ""
    shown = danger[1]
    return " ".join([shown["line"], *(f"{one['label']}: {one['value']}." for one in shown["numbers"])])


@router.get("/requests")
@router.get("/requests.{form}", include_in_schema=False)
async def requests(request: Request, system: OtherSystem) -> Response:
    """What this system reported: by service_request_id, or by service_code, start_date, end_date and status."""
    open311.check_jurisdiction(request.query_params)
    asked = open311.asked(request.query_params)
    async with transaction() as session:
        found = await open311_repository.reported(session, system, asked)
        rows = [open311.request_row(contact) for contact in found]
    return _answer(request, rows, "service_requests", "request")


@router.get("/requests/{number}")
async def one(request: Request, system: OtherSystem, number: str) -> Response:
    """How one stands."""
    open311.check_jurisdiction(request.query_params)
    return _answer(request, [await _row(request, system)], "service_requests", "request")


@router.get("/tokens/{token}")
async def number_of(request: Request, system: OtherSystem, token: str) -> Response:
    """The number for a token. We number at once, so our number is its own token."""
    open311.check_jurisdiction(request.query_params)
    number = (await _row(request, system))["service_request_id"]
    return _answer(request, [{"service_request_id": number, "token": number}], "service_requests", "request")


@router.get("/{path:path}", dependencies=[Anyone], include_in_schema=False)
async def nothing(request: Request, path: str) -> Response:
    """There is no such call: told as GeoReport does, and not in the words of the rest of the product."""
    return _no_such_call(request)


@router.api_route("/{path:path}", methods=["POST", "PUT", "PATCH", "DELETE"], include_in_schema=False)
async def nothing_to_change(request: Request, system: OtherSystem, path: str) -> Response:
    """The same, for whoever has a key."""
    return _no_such_call(request)


def _no_such_call(request: Request) -> Response:
    there = [one for one in router.routes if isinstance(one, APIRoute) and ":path}" not in one.path]
    there = [one for one in there if one.path_regex.match(request.url.path)]
    methods = ", ".join(sorted({method for one in there for method in one.methods or ()}))
    if not methods:
        raise NotFound("there is nothing at this address")
    answer = _problem(request, 405, f"this address is for {methods}")
    answer.headers["Allow"] = methods
    return answer


async def _row(request: Request, system: str) -> Row:
    reference = codes.find_reference(_asked_for(request)[0])
    async with transaction() as session:
        contact = await open311_repository.one(session, system, reference) if reference else None
        if contact is None:
            raise NotFound(NOT_THERE)
        return open311.request_row(contact)
