"""Calls Jadu CXM as open311-adapter does: a sign-in gives a token for 30 minutes, which goes with every call.

Jadu has no key against a second case. What this process has made it remembers; an error with `maybe_done` from
`create` must be looked into by a person before it is tried again.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

import orjson

from connectors.errors import ConnectorError, KeyRefused, NotKnown, NotOffered, WrongSettings
from connectors.http import Answer, Http, part
from connectors.jadu_cxm import translate
from connectors.jadu_cxm.settings import Settings
from connectors.settings import plain
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseUpdate, Receipt

MOST_PAGES = 50
MOST_UPDATES = 1000
MOST_KEPT = 10_000


class JaduCasework:
    """connectors.kinds.Casework in Jadu CXM."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("jadu_cxm", settings)
        self._token = ""
        self._token_until = 0.0
        self._signing_in = asyncio.Lock()
        self._made: OrderedDict[str, Case] = OrderedDict()

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """See connectors.kinds.Casework.create."""
        case_type = self._settings.case_types.get(request.service)
        if case_type is None:
            raise WrongSettings(f"jadu_cxm: case_types has none for {request.service}")
        if client_reference in self._made:
            return self._made[client_reference]
        told = translate.payload(request, client_reference, self._settings)
        answer = await self._call("create", "POST", f"/{part(case_type)}/case/create", json=told)
        reference = translate.text_of(answer.json(), "reference")
        case = self._made[client_reference] = Case(reference, reference, "received")
        if len(self._made) > MOST_KEPT:
            self._made.popitem(last=False)
        return case

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """See connectors.kinds.Casework.find."""
        if client_reference in self._made:
            return self._made[client_reference]
        raise NotOffered("Jadu documents no search by somebody else's reference.")

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """See connectors.kinds.Casework.update."""
        raise NotOffered("Jadu documents no call that adds to a case.")

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """See connectors.kinds.Casework.attach."""
        files = {
            "json": (None, orjson.dumps({"name": attachment.name}), "application/json"),
            "file": (attachment.name, attachment.content, attachment.content_type),
        }
        await self._call("attach", "POST", f"/case/{part(handle)}/attach", files=files)
        return Receipt(f"{handle} {attachment.name}")

    async def status(self, handle: str) -> Case:
        """See connectors.kinds.Casework.status. Only cases that the filter shows are known."""
        async for summary in self._summaries("status"):
            case = translate.case_of(summary, self._settings.states)
            if case.handle == handle:
                return case
        raise NotKnown

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """See connectors.kinds.Casework.updates."""
        found: dict[str, CaseUpdate] = {}
        async for summary in self._summaries("updates"):
            at = translate.changed_at(summary)
            if at < since:
                break
            if at <= until:
                update = translate.update_of(summary, self._settings.states)
                found.setdefault(update.id, update)
        return sorted(found.values(), key=lambda one: (one.at, one.id))[:MOST_UPDATES]

    async def _summaries(self, call: str) -> AsyncIterator[Mapping[str, Any]]:
        """Cases of the filter, most recently updated first."""
        if not self._settings.filter:
            raise NotOffered("No filter is set by which cases could be followed.")
        for page in range(1, MOST_PAGES + 1):
            path = f"/filters/{part(self._settings.filter)}/summaries"
            items = translate.summaries((await self._call(call, "GET", path, params={"page": str(page)})).json())
            for item in items:
                yield item
            if not items:
                return

    async def _call(self, call: str, method: str, path: str, **sent: Any) -> Answer:
        key = plain(self._settings.api_key)
        headers = {"X-API-KEY": key, "X-API-TOKEN": await self._signed_in()}
        try:
            return await self._http.call(call, method, path, headers=headers, **sent)
        except KeyRefused:
            # A token may end early, as when Jadu is restarted: once more with a new one.
            self._token = ""
            headers["X-API-TOKEN"] = await self._signed_in()
            return await self._http.call(call, method, path, headers=headers, **sent)

    async def _signed_in(self) -> str:
        async with self._signing_in:
            if not self._token or time.monotonic() > self._token_until:
                settings = self._settings
                account = {"username": settings.username, "password": plain(settings.password)}
                headers = {"X-API-KEY": plain(settings.api_key)}
                try:
                    answer = await self._http.call("sign_in", "POST", "/sign-in", headers=headers, json=account)
                    self._token = translate.text_of(answer.json(), "token")
                except ConnectorError as error:
                    # Whoever is not signed in has made nothing.
                    error.maybe_done = False
                    raise
                self._token_until = time.monotonic() + settings.token_s
            return self._token
