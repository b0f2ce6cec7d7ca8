"""How trouble is told: as a page to a person in a browser, as {error, detail} to a program."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from triage.errors import FrontdoorError, Invalid, NotAllowed, NotFound, SignInNeeded, Unavailable
from triage.pages import render

log = structlog.get_logger(__name__)


class Problem(BaseModel):
    """What a program is told of trouble: the error's name, and a sentence that a person may be shown."""

    error: str
    detail: str


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These answers, for our own description of the API."""
    return {status: {"model": Problem, "description": HTTPStatus(status).phrase} for status in statuses}


# What any call of the API may be answered.
PROBLEMS = problems(403, 404, 409, 410, 413, 422, 429, 503)


def _for_a_person(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    return "text/html" in accepts and not request.url.path.startswith(("/api", "/internal"))


def tell(request: Request, error: FrontdoorError) -> Response:
    """The answer that tells of `error`: a page for a person, JSON for a program."""
    if isinstance(error, SignInNeeded) and _for_a_person(request):
        return RedirectResponse(f"/desk/sign-in?after={quote(request.url.path)}", status_code=303)
    if _for_a_person(request):
        return render(request, "error.html", status=error.status, detail=error.detail)
    return JSONResponse({"error": type(error).__name__, "detail": error.detail}, status_code=error.status)


async def _named(request: Request, error: Exception) -> Response:
    assert isinstance(error, FrontdoorError)
    return tell(request, error)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}" for fault in error.errors()[:5]]
    # An id in the address that is not an id leads nowhere: the same answer as a wrong one.
    if any(fault["loc"][0] == "path" for fault in error.errors()):
        return tell(request, NotFound())
    return tell(request, Invalid("; ".join(faults)))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return tell(request, NotFound("There is nothing at this address. Go to the first page and start from there."))
    if error.status_code == 400:
        # A body that is no text, or a form that breaks off: as wrong as one with wrong values, and told alike.
        return tell(request, Invalid("We could not read what you sent. Send it again, whole and in UTF-8."))
    if error.status_code == 403:
        return tell(request, NotAllowed())
    named = FrontdoorError(str(error.detail))
    named.status = error.status_code
    return tell(request, named)


async def _database(request: Request, error: Exception) -> Response:
    log.error("database.unavailable", error=type(error).__name__)
    return tell(request, Unavailable())


async def _unexpected(request: Request, error: Exception) -> Response:
    log.exception("unexpected", error=type(error).__name__, path=request.scope.get("route") and request.method)
    return tell(request, FrontdoorError())


def install(app: FastAPI) -> None:
    """One handler for each family; nothing of ours ends in a bare 500 page."""
    app.add_exception_handler(FrontdoorError, _named)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(Exception, _unexpected)
