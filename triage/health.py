"""Whether the house is up (/health), and what a monitor counts (/metrics)."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from triage.access import Anyone
from triage.database import transaction

router = APIRouter(tags=["health"])


@router.get("/health/live", dependencies=[Anyone])
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready", dependencies=[Anyone])
async def ready(request: Request, response: Response) -> dict[str, str]:
    """The database answers and is migrated. Rasa's state is told, but its absence does not make us unready:
    residents still get answers and can leave messages.
    """
    try:
        async with transaction() as session:
            await session.execute(text("select 1 from conversation limit 1"))
        database = "ready"
    except Exception:  # Whatever is wrong with the database, the answer is the same: not ready.
        database = "unavailable"
        response.status_code = 503
    assistant = "ready" if await request.app.state.engine.ready() else "unavailable"
    return {"database": database, "assistant": assistant}


@router.get("/metrics", dependencies=[Anyone], include_in_schema=False)
async def metrics() -> Response:
    """Prometheus text: counts and times only, never a resident's words. The front proxy does not pass it on."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
