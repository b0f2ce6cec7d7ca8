"""One property's bin days, for both feeds: a black, blue and brown bin each Wednesday, a green one every other."""

from datetime import date, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

UPRN = "100000000123"
# Around the day that the conformance suite calls today, which is a Tuesday.
FIRST = date(2026, 11, 4)
NAMES = {"Refuse": 1, "Dry recycling": 1, "Food waste": 1, "Garden waste": 2, "Clinical waste": 1}
STREAMS = {"refuse": "black", "recycling": "blue", "food": "brown", "garden": "green"}


def days(weeks: int) -> list[date]:
    """Every so many weeks for two months."""
    return [FIRST + timedelta(weeks=number) for number in range(0, 9, weeks)]


def build(body: str, content_type: str, ending: str) -> Starlette:
    """A server with one property's feed."""

    async def feed(request: Request) -> Response:
        if request.path_params["file"] != f"{UPRN}.{ending}":
            return Response("Not found", 404)
        return Response(body, media_type=content_type)

    return Starlette(routes=[Route("/{file}", feed)])
