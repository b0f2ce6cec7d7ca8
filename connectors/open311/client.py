"""Calls a GeoReport v2 endpoint.

The specification has no key against making a request twice. So our reference is the last line of the description, and
is looked for before anything is made: https://wiki.open311.org/GeoReport_v2/.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import AnswerUnreadable, NotKnown, NotOffered, RequestRefused, SupplierUnavailable, WrongSettings
from connectors.http import JSON, Answer, Http, part
from connectors.open311 import translate
from connectors.open311.settings import Settings
from connectors.open311.translate import TOKEN, UNNUMBERED, Attribute, Row
from connectors.settings import plain
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseUpdate, Receipt

XML = ("text/xml", "application/xml")
FORM = "application/x-www-form-urlencoded; charset=utf-8"
# The longest span that the specification lets one ask for, and how many rows an endpoint gives at most.
SPAN = timedelta(days=90)
MOST_ROWS = 1000
# Clocks differ, and a request is dated by the endpoint's.
CLOCK = timedelta(minutes=10)
SHORTEST = timedelta(minutes=5)
# What JSON rows may be wrapped in, by what XML calls one of them.
WRAPPED = {
    "request": ("service_requests", "requests"),
    "service": ("services",),
    "request_update": ("service_request_updates",),
}


class Open311Casework:
    """connectors.kinds.Casework over GeoReport v2."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("open311", settings)

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """See connectors.kinds.Casework.create."""
        settings = self._settings
        code = settings.services.get(request.service)
        if code is None:
            raise WrongSettings(f"open311: services has no service_code for {request.service}")
        if settings.look_first and settings.listed:
            known = await self.find(client_reference, request.asked_at - CLOCK)
            if known is not None:
                return known
        form = translate.form_of(request, code, client_reference, settings.reference_attribute)
        try:
            rows = await self._post("create", "/requests", form, "request", client_reference)
        except NotKnown:
            raise RequestRefused(f"The supplier has no service_code {code}, or not this jurisdiction.") from None
        except SupplierUnavailable as error:
            if error.maybe_done and not settings.listed:
                # Nobody could find it, and made again it might be there twice: a person asks.
                raise RequestRefused("The supplier may have it, and cannot be asked.", codes=("maybe_made",)) from None
            raise
        if not rows:
            raise AnswerUnreadable("The supplier gave no request.", maybe_done=True)
        case = translate.made(rows[0], client_reference)
        return await self._number(case) if case.handle.startswith(TOKEN) else case

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """See connectors.kinds.Casework.find."""
        if not self._settings.listed:
            raise NotOffered("This endpoint does not list what we make.")
        async for row in self._spans("find", "/requests", "request", since, datetime.now(UTC) + CLOCK):
            if translate.is_about(row, client_reference):
                return translate.case_of(row)
        return None

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """See connectors.kinds.Casework.update."""
        if not self._settings.extended:
            raise NotOffered("This endpoint takes no updates.")
        number = (await self._numbered(handle)).id
        if number is None:
            raise RequestRefused("The supplier has not numbered this request yet.")
        form = translate.update_form(number, note, self._settings.extended)
        rows = await self._post("update", "/servicerequestupdates", form, "request_update", note.id)
        return Receipt(rows[0].get("update_id") or note.id if rows else note.id)

    async def status(self, handle: str) -> Case:
        """See connectors.kinds.Casework.status."""
        case = await self._numbered(handle)
        if case.id is None:
            return case
        rows = await self._get("status", f"/requests/{part(case.id)}", {}, "request")
        if not rows:
            raise NotKnown
        return translate.case_of(rows[0])

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """See connectors.kinds.Casework.attach."""
        raise NotOffered("GeoReport v2 takes no files, only the address of one that anybody may fetch.")

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """See connectors.kinds.Casework.updates."""
        if not self._settings.extended:
            raise NotOffered("This endpoint gives no updates.")
        found: dict[str, CaseUpdate] = {}
        async for row in self._spans("updates", "/servicerequestupdates", "request_update", since, until):
            if (update := translate.update_of(row)) and since <= update.at <= until:
                found.setdefault(update.id, update)
        return sorted(found.values(), key=lambda one: (one.at, one.id))[:MOST_ROWS]

    async def services(self) -> list[Row]:
        """What may be reported: service_code, service_name, description, metadata, type, keywords, group."""
        return await self._get("services", "/services", {}, "service")

    async def attributes(self, service_code: str) -> list[Attribute]:
        """What the endpoint asks about a service, in its order."""
        path = f"/services/{part(service_code)}"
        if self._settings.format == "xml":
            answer = await self._http.call("definition", "GET", f"{path}.xml", accept=XML, params=self._whose())
            return translate.attributes_of_xml(answer.xml())
        answer = await self._http.call("definition", "GET", f"{path}.json", params=self._whose())
        return translate.attributes_of_json(answer.json())

    async def discovery(self) -> list[Row]:
        """Where the endpoint may be reached: specification, url, changeset, type."""
        return await self._get("discovery", "/discovery", {}, "endpoint", ("endpoints",))

    async def _number(self, case: Case) -> Case:
        """Ask for a token's number a few times; whoever has only the token later asks `status`."""
        for _ in range(self._settings.token_tries):
            await asyncio.sleep(self._settings.token_wait_s)
            case = await self._numbered(case.handle)
            if case.id:
                break
        return case

    async def _numbered(self, handle: str) -> Case:
        if handle.startswith(UNNUMBERED):
            # No number was given; it may stand in the list all the same.
            found = None
            if self._settings.listed:
                found = await self.find(handle.removeprefix(UNNUMBERED), datetime.now(UTC) - SPAN)
            return found or Case(handle, None, "received")
        if not handle.startswith(TOKEN):
            return Case(handle, handle, "received")
        token = handle.removeprefix(TOKEN)
        rows = await self._get("token", f"/tokens/{part(token)}", {}, "request")
        number = rows[0].get("service_request_id") if rows else None
        return Case(number, number, "received") if number else Case(handle, None, "received")

    async def _spans(self, call: str, path: str, item: str, since: datetime, until: datetime) -> AsyncIterator[Row]:
        """Rows between two moments, asked for in spans that the endpoint gives whole."""
        begin = since
        span = SPAN
        while begin < until:
            end = min(begin + span, until)
            dates = {"start_date": translate.said(begin), "end_date": translate.said(end + timedelta(seconds=1))}
            rows = await self._get(call, path, dates, item)
            if len(rows) >= MOST_ROWS and end - begin > SHORTEST:
                # There may be more than it gives: ask again for less.
                span = (end - begin) / 4
                continue
            for row in rows:
                yield row
            begin = end

    def _whose(self) -> dict[str, str]:
        jurisdiction = self._settings.jurisdiction_id
        return {"jurisdiction_id": jurisdiction} if jurisdiction else {}

    def _key(self) -> dict[str, str]:
        """The key for reading. The specification asks for none; an endpoint that keeps requests private, as ours does,
        takes it here and not in the address.
        """
        key = plain(self._settings.api_key)
        return {"X-Api-Key": key} if key else {}

    async def _get(
        self, call: str, path: str, params: dict[str, str], item: str, wrapped: tuple[str, ...] | None = None
    ) -> list[Row]:
        return await self._rows(call, "GET", path, item, wrapped, params=self._whose() | params, headers=self._key())

    async def _post(self, call: str, path: str, form: dict[str, str], item: str, once: str) -> list[Row]:
        whole = self._whose() | {"api_key": plain(self._settings.api_key)} | form
        headers = {"Idempotency-Key": once, "Content-Type": FORM}
        return await self._rows(call, "POST", path, item, None, data=whole, headers=headers)

    async def _rows(
        self, call: str, method: str, path: str, item: str, wrapped: tuple[str, ...] | None, **sent: Any
    ) -> list[Row]:
        xml = self._settings.format == "xml"
        accept = XML if xml else JSON
        ending = "xml" if xml else "json"
        answer = await self._http.call(call, method, f"{path}.{ending}", accept=accept, reads_itself=(400,), **sent)
        if answer.status == 400:
            raise RequestRefused("The supplier answered 400.", codes=_codes(answer, xml))
        if xml:
            return translate.rows_of_xml(answer.xml(), item)
        return translate.rows_of_json(answer.json(), wrapped or WRAPPED[item])


def _codes(answer: Answer, xml: bool) -> tuple[str, ...]:
    """What the endpoint's own list of errors says more than 400; nothing where it cannot be read."""
    try:
        rows = (
            translate.rows_of_xml(answer.xml(), "error") if xml else translate.rows_of_json(answer.json(), ("errors",))
        )
    except AnswerUnreadable:
        return ()
    return translate.codes_of(rows)
