"""Somebody rings: their contact is looked up, or what they say is written down. Nothing of theirs is in an address."""

from dataclasses import asdict, dataclass
from typing import Annotated, Any
from uuid import uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from triage import audit, calls, clock, telling
from triage.access import SignedInAgent
from triage.database import transaction
from triage.desk import looking_up, views
from triage.desk.writing import Text, back, page_of
from triage.pages import render
from triage.settings import get_settings
from triage.tables import Agent

router = APIRouter()

SAFE = {"yes": True, "no": False}
LONGEST = {"name": 200, "number": 320, "place": 500}


@router.get("/desk/look-up")
async def look_up_page(request: Request, agent: SignedInAgent) -> Response:
    """Where to look somebody up, with nothing looked for yet."""
    async with transaction() as session:
        work = await views.work_of(session, agent)
    return render(request, "desk/look_up.html", work=work, now=clock.now(), found=None, typed="")


@router.post("/desk/look-up")
async def look_up(request: Request, agent: SignedInAgent, q: Text = "") -> Response:
    """What was found; a reference of one that may be opened opens it. Who looked, and at which, is on record."""
    async with transaction() as session:
        found = await looking_up.look_up(session, agent, q)
        if found.by is not None:
            detail = {"by": found.by, "rows": len(found.lines), "references": [one.reference for one in found.lines]}
            await audit.note(session, "looked_up", agent, request=request, kind="contact", detail=detail)
        work = None if found.only else await views.work_of(session, agent)
    if found.only:
        return back(page_of(found.only.id))
    return render(
        request,
        "desk/look_up.html",
        work=work,
        now=clock.now(),
        found=found,
        typed=q[: looking_up.LONGEST],
        most=looking_up.MOST_FOUND,
        days=looking_up.LOOKED_THROUGH.days,
    )


@dataclass(frozen=True)
class Typed:
    """A call as it was typed, which is never lost."""

    words: str = ""
    name: str = ""
    number: str = ""
    place: str = ""
    safe: str = ""
    consent: str = ""
    messages: str = ""
    mine: str = ""

    def wrong(self) -> dict[str, str]:
        """What to say beside each part that is not right."""
        words, most = self.words.strip(), get_settings().message_limit
        found = {} if words else {"words": "Write down what they want, in their own words"}
        if self.messages == "yes" and telling.address(self.number) is None:
            found["number"] = "Write down an email address or a UK mobile number that messages can go to"
        longest = {"words": most, **LONGEST}
        return found | {
            part: f"Shorten this to {longest[part]:,} characters or fewer"
            for part in longest
            if len(getattr(self, part).strip()) > longest[part]
        }

    def call(self) -> calls.Call:
        """The call, once nothing is wrong with it."""
        parts = {part: getattr(self, part).replace("\x00", "").strip() for part in ("words", *LONGEST)}
        return calls.Call(
            words=parts["words"],
            name=parts["name"] or None,
            number=parts["number"] or None,
            place=parts["place"] or None,
            safe=SAFE.get(self.safe),
            consent=self.consent == "yes",
            messages=self.messages == "yes",
            mine=self.mine == "yes",
        )


async def _form(request: Request, agent: Agent, typed: Typed, key: str, errors: dict[str, str]) -> Response:
    async with transaction() as session:
        work = await views.work_of(session, agent)
    given: dict[str, Any] = {"work": work, "now": clock.now(), "typed": asdict(typed), "key": key, "errors": errors}
    return render(request, "desk/call.html", status=422 if errors else 200, **given)


@router.get("/desk/calls")
async def call_page(request: Request, agent: SignedInAgent) -> Response:
    """An empty form for a call."""
    return await _form(request, agent, Typed(), str(uuid4()), {})


@router.post("/desk/calls")
async def write_down(
    request: Request,
    agent: SignedInAgent,
    words: Text = "",
    name: Text = "",
    number: Text = "",
    place: Text = "",
    safe: Text = "",
    consent: Text = "",
    messages: Text = "",
    mine: Text = "",
    key: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """File the call; its reference and code are read out from the page that answers, which shows them only here."""
    typed = Typed(words, name, number, place, safe, consent, messages, mine)
    key = key or str(uuid4())
    if errors := typed.wrong():
        return await _form(request, agent, typed, key, errors)
    call = typed.call()
    async with transaction() as session:
        filed, danger = await calls.write_down(session, agent, call, key)
        work = await views.work_of(session, agent)
    return render(request, "desk/call_filed.html", work=work, now=clock.now(), filed=filed, danger=danger, call=call)
