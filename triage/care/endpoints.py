"""What could not be told: the list that a supervisor sees to."""

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from triage import clock, taking, undelivered
from triage.access import SignedInSupervisor
from triage.care import repository, rules, service
from triage.database import transaction
from triage.pages import render

router = APIRouter(tags=["desk"])

MOST_SHOWN = 100
COUNTED = timedelta(days=7)


@router.get("/desk/notices")
async def notices(request: Request, agent: SignedInSupervisor) -> Response:
    """Messages that could not be sent, and how the last week's went, of the queues that this supervisor looks after."""
    async with transaction() as session:
        queues = taking.queues_of(agent)
        failed = await repository.failed(session, queues, MOST_SHOWN)
        counts = await repository.counts(session, queues, clock.now() - COUNTED)
        waiting = await undelivered.count(session, agent)
    return render(
        request,
        "care/notices.html",
        agent=agent,
        undelivered=waiting,
        failed=[
            {
                "id": notice.id,
                "contact_id": contact.id,
                "reference": contact.reference,
                "kind": service.KIND_NAMES[notice.kind],
                "why": rules.WHY.get(notice.why or "", ""),
                "at": notice.made_at,
                "attempts": notice.attempts,
            }
            for notice, contact in failed
        ],
        counts=_in_words(counts),
        most=MOST_SHOWN,
    )


def _in_words(counts: dict[tuple[str, str | None, str | None], int]) -> list[tuple[str, int]]:
    """How the notices of a week stand, as sentences with their numbers, the largest first."""
    names = {"chat": "Told in the chat", "message": "Told by message"}
    found: dict[str, int] = {}
    for (state, channel, why), count in counts.items():
        reason = rules.WHY.get(why or "", "")
        words = {
            "due": "Not sent yet",
            "failed": f"Failed. {reason}",
            "not_sent": f"Not told. {reason}",
            "sent": names.get(channel or "", "Told"),
        }[state]
        found[words] = found.get(words, 0) + count
    return sorted(found.items(), key=lambda item: -item[1])


@router.post("/desk/notices/{notice_id}/again")
async def again(notice_id: UUID, agent: SignedInSupervisor) -> Response:
    """Try to send one again, now that its address or the supplier has been put right."""
    async with transaction() as session:
        await service.try_again(session, notice_id, agent)
    return RedirectResponse("/desk/notices", status_code=303)


@router.post("/desk/notices/{notice_id}/seen")
async def seen(notice_id: UUID, agent: SignedInSupervisor) -> Response:
    """The resident was told another way, or need not be: it leaves the list."""
    async with transaction() as session:
        await service.see_to(session, notice_id, agent)
    return RedirectResponse("/desk/notices", status_code=303)
