"""Every route says who may call it, and means it."""

from uuid import uuid4

import httpx2
import pytest
from fastapi.routing import APIRoute

from triage import access


def routes() -> list[APIRoute]:
    from triage.app import app

    found: list[APIRoute] = []

    def walk(items: list[object]) -> None:
        for item in items:
            if isinstance(item, APIRoute):
                found.append(item)
            elif hasattr(item, "original_router"):
                walk(item.original_router.routes)

    walk(list(app.router.routes))
    return found


def guards(route: APIRoute) -> set[object]:
    """The guards of access.py that a route depends on, directly or through another guard."""
    seen: set[object] = set()

    def look(dependant: object) -> None:
        for one in dependant.dependencies:  # type: ignore[attr-defined]
            if one.call in access.GUARDS:
                seen.add(one.call)
            look(one)

    look(route.dependant)
    return seen


ROUTES = routes()
# Documentation of the API is FastAPI's own and open to anybody.
WITHOUT = {"/docs", "/openapi.json", "/docs/oauth2-redirect"}
STAFF = ("/desk", "/owner", "/content")
SIGNED_IN = {*access.NEEDS, access._signed_in}


def test_there_are_routes_to_look_at() -> None:
    assert len(ROUTES) > 35


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{','.join(sorted(route.methods))} {route.path}")
def test_a_route_says_who_may_call_it(route: APIRoute) -> None:
    assert guards(route), f"{route.path} names none of triage.access's guards"


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{','.join(sorted(route.methods))} {route.path}")
def test_the_desk_is_for_people_who_signed_in(route: APIRoute) -> None:
    if route.path.startswith(STAFF) and "sign-in" not in route.path and "sign-out" not in route.path:
        assert guards(route) & SIGNED_IN, route.path


def test_each_room_of_the_staff_is_for_its_own_people() -> None:
    rooms = {
        "/owner": access._owner,
        "/content": access._editor,
        "/desk/people": access._administrator,
        "/desk/audit": access._auditor,
    }
    for room, guard in rooms.items():
        of_room = [
            route for route in ROUTES if route.path.startswith(room) and not route.path.startswith("/owner/reports")
        ]
        assert of_room and all(guard in guards(route) for route in of_room), room
    reports = [route for route in ROUTES if route.path.startswith("/owner/reports")]
    # Whoever gives access approves a report too, and reads no figures besides.
    assert reports and all({access._reporter, access._approver} & set(guards(route)) for route in reports)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{','.join(sorted(route.methods))} {route.path}")
def test_a_form_of_ours_is_only_taken_from_our_pages(route: APIRoute) -> None:
    """A route that changes something by cookie checks where it was sent from; the API is called with a secret."""
    by_secret = {access._resident, access._internal, access._other_system}
    checked = {
        access._anyone_from_here,
        access._resident_by_cookie,
        access._half_signed_in,
        *SIGNED_IN,
    }
    if (
        route.methods - {"GET", "HEAD", "OPTIONS"}
        and not route.path.startswith("/api")
        and not guards(route) & by_secret
    ):
        assert guards(route) & checked, route.path


async def test_nobody_who_is_not_signed_in_gets_behind_the_desk(app_client: httpx2.AsyncClient) -> None:
    for route in ROUTES:
        if not guards(route) & SIGNED_IN:
            continue
        path = route.path
        for name in route.param_convertors:
            path = path.replace(f"{{{name}}}", str(uuid4())).replace(f"{{{name}:path}}", "x")
        method = sorted(route.methods)[0]
        response = await app_client.request(method, path, headers={"Sec-Fetch-Site": "same-origin"})
        assert response.status_code == 401, f"{method} {path}: {response.status_code}"
