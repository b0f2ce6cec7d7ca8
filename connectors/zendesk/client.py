"""Calls Zendesk, whose Idempotency-Key makes one ticket of a create that is sent twice within two hours.

After that our reference, as its external_id, is looked for first. So it always is: two hours is shorter than an outage.
"""

import base64
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from connectors.errors import NotOffered
from connectors.http import Answer, Http, part
from connectors.settings import plain
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseUpdate, Receipt
from connectors.zendesk import translate
from connectors.zendesk.settings import Settings

MOST_PAGES = 20
MOST_UPDATES = 1000


class ZendeskCasework:
    """connectors.kinds.Casework by Zendesk."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("zendesk", settings)
        signed = base64.b64encode(f"{settings.email}/token:{plain(settings.api_token)}".encode()).decode()
        self._headers = {"Authorization": f"Basic {signed}"}

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """See connectors.kinds.Casework.create."""
        known = await self._known(client_reference)
        if known is not None:
            return known
        ticket = translate.ticket_of(request, client_reference, self._settings.group_id)
        answer = await self._call(
            "create", "POST", "/api/v2/tickets.json", once=client_reference, json={"ticket": ticket}
        )
        return translate.case_of(translate.ticket_in(answer.json(), writes=True))

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """See connectors.kinds.Casework.find."""
        return await self._known(client_reference)

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """See connectors.kinds.Casework.update."""
        raise NotOffered("Zendesk has no key against adding the same comment twice.")

    async def status(self, handle: str) -> Case:
        """See connectors.kinds.Casework.status."""
        answer = await self._call("status", "GET", f"/api/v2/tickets/{part(handle)}.json")
        return translate.case_of(translate.ticket_in(answer.json()))

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """See connectors.kinds.Casework.attach."""
        raise NotOffered("Zendesk has no key against adding the same file twice.")

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """See connectors.kinds.Casework.updates. Only of tickets that we made, which are tagged."""
        found: dict[str, CaseUpdate] = {}
        async for ticket in self._changed(since):
            if "frontdoor" in (ticket.get("tags") or []) and since <= translate.changed_at(ticket) <= until:
                update = translate.update_of(ticket)
                found[update.id] = update
        return sorted(found.values(), key=lambda one: (one.at, one.id))[:MOST_UPDATES]

    async def _known(self, reference: str) -> Case | None:
        answer = await self._call("find", "GET", "/api/v2/tickets.json", params={"external_id": reference})
        same = [one for one in translate.tickets_in(answer.json()) if one.get("external_id") == reference]
        return translate.case_of(same[0]) if same else None

    async def _changed(self, since: datetime) -> AsyncIterator[Mapping[str, Any]]:
        asked = {"start_time": str(int(since.timestamp()))}
        for _ in range(MOST_PAGES):
            content = (
                await self._call("updates", "GET", "/api/v2/incremental/tickets/cursor.json", params=asked)
            ).json()
            for ticket in translate.tickets_in(content):
                yield ticket
            if content.get("end_of_stream") or not content.get("after_cursor"):
                return
            asked = {"cursor": str(content["after_cursor"])}

    async def _call(self, call: str, method: str, path: str, once: str | None = None, **sent: Any) -> Answer:
        headers = self._headers | ({"Idempotency-Key": once} if once else {})
        return await self._http.call(call, method, path, headers=headers, **sent)
