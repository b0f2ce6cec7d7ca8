"""The council's page, the widget's address, and the accessibility statement."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse

from triage.access import Anyone
from triage.catalogue import catalogue
from triage.pages import STATIC, council_css, render

router = APIRouter(include_in_schema=False, dependencies=[Anyone])


@router.get("/")
async def home(request: Request) -> Response:
    """A council page with the widget, a link to what is asked most, and the rest in a list that opens."""
    known = catalogue()
    most = known.council.get("most_asked", [])
    first = [known.services[one] for one in most if one in known.services]
    rest = sorted((one for one in known.services.values() if one not in first), key=lambda one: one.name)
    return render(request, "home.html", services=first, others=rest)


@router.get("/widget.js")
async def widget() -> Response:
    """The widget, at the address that other sites name. They are told when it changes by its ETag."""
    return FileResponse(
        STATIC / "widget.js", media_type="text/javascript", headers={"Cache-Control": "public, max-age=300"}
    )


@router.get("/council.css")
async def colours() -> Response:
    """The council's colours, for pages and for the widget on other sites."""
    return Response(
        council_css(catalogue().council["colours"]),
        media_type="text/css",
        headers={"Cache-Control": "public, max-age=300"},
    )


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """How accessible this is, and what is not yet."""
    return render(request, "accessibility.html")
