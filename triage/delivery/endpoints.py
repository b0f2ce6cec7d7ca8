"""What could not be handed on, for supervisors; and what suppliers post to us of their cases."""

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from connectors.errors import ConnectorError
from connectors.manifest import manifests
from connectors.shapes import CaseUpdate
from triage import clock, taking, undelivered
from triage.access import Anyone, SignedInSupervisor
from triage.database import transaction
from triage.delivery import hearing, repository, rules, service, steps
from triage.errors import Invalid, NotFound
from triage.faults import PROBLEMS
from triage.pages import render
from triage.sending import repository as breakers

router = APIRouter(tags=["desk"])

MOST_SHOWN = 100
# One posting of a supplier's.
MOST_HEARD = 1000


def title(connector: str) -> str:
    """What a system is called by people."""
    known = manifests().get(connector)
    return known.title if known else connector


@router.get("/desk/deliveries", include_in_schema=False)
async def deliveries(request: Request, agent: SignedInSupervisor) -> Response:
    """What a person must see to and how much waits, of this supervisor's queues, and how each supplier is doing."""
    now = clock.now()
    async with transaction() as session:
        queues = taking.queues_of(agent)
        failed = await repository.failed(session, queues, MOST_SHOWN)
        waiting = await repository.waiting(session, queues)
        suppliers = await breakers.suppliers(session)
        waits_for_me = await undelivered.count(session, agent)
    return render(
        request,
        "delivery/deliveries.html",
        agent=agent,
        undelivered=waits_for_me,
        failed=failed,
        why=rules.WHY,
        title=title,
        waiting=waiting,
        suppliers=[
            {
                "name": one.connector,
                "title": title(one.connector),
                "away": one.opened_until is not None,
                "until": one.opened_until if one.opened_until and one.opened_until > now else None,
                "failures": one.failures,
                "worked_at": one.worked_at,
            }
            for one in suppliers
        ],
        most=MOST_SHOWN,
    )


@router.post("/desk/deliveries/{delivery_id}/again", include_in_schema=False)
async def again(delivery_id: UUID, agent: SignedInSupervisor) -> Response:
    """Send one again, now that it or the supplier has been put right."""
    async with transaction() as session:
        await service.send_again(session, delivery_id, agent)
    return RedirectResponse("/desk/deliveries", status_code=303)


@router.post("/desk/deliveries/{delivery_id}/by-hand", include_in_schema=False)
async def by_hand(delivery_id: UUID, agent: SignedInSupervisor) -> Response:
    """Somebody deals with it by hand: it leaves the list, and what stands behind it goes on."""
    async with transaction() as session:
        await service.drop(session, delivery_id, agent)
    return RedirectResponse("/desk/deliveries", status_code=303)


@router.post("/api/suppliers/{connector}/updates", dependencies=[Anyone], status_code=202, responses=PROBLEMS)
async def updates(request: Request, connector: str) -> dict[str, int]:
    """What a supplier says of its cases or of our messages, signed as its connector's README says. Twice counts once.

    Raises NotFound for a supplier that is not switched on, and for what is not signed by it; Invalid for what cannot
    be read; SupplierNotSetUp where our own settings are wrong, so that it is posted again.
    """
    inbound = steps.inbound(connector)
    body = await request.body()
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        said = inbound.read(headers, body, clock.now())
    except ConnectorError as error:
        if type(error).__name__ == "NotGenuine":
            # Whoever has no key is told nothing, not even that there is such a supplier.
            raise NotFound from None
        raise Invalid("We could not read this.") from None
    heard = 0
    for one in said[:MOST_HEARD]:
        async with transaction() as session:
            if isinstance(one, CaseUpdate):
                heard += await hearing.hear(session, connector, one)
            else:
                heard += await hearing.hear_of_message(session, one)
    return {"heard": heard}
