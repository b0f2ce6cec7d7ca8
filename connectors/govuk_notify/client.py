"""Calls Notify. Not by its official client, which is synchronous and whose one time-out is for a silence, not a call.

Notify takes a reference and does not hold anybody to it: the same may be sent twice. So it is asked first.
"""

import time
from typing import Any

from joserfc import jwt
from joserfc.jwk import OctKey

from connectors.errors import AnswerUnreadable, MessageRefused, SupplierBusy, WrongSettings
from connectors.govuk_notify import translate
from connectors.govuk_notify.settings import Settings
from connectors.http import Answer, Http, part
from connectors.messages import EMAIL, MOBILE, letter_lines
from connectors.shapes import DeliveryReport, Receipt

# Notify says which limit was reached in the error's name and sends no Retry-After: so many a minute, or a day.
WAITS = {"RateLimitError": 60.0, "TooManyRequestsError": 3600.0}


class NotifyMessages:
    """connectors.kinds.Messages by GOV.UK Notify."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._http = Http("govuk_notify", settings)
        self._service, secret = settings.service_and_secret()
        self._key = OctKey.import_key(secret)

    async def send(self, to: str, template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.send."""
        settings = self._settings
        if EMAIL.fullmatch(to):
            body = {"email_address": to, "email_reply_to_id": settings.email_reply_to_id}
            return await self._take("email", body, template, fields, client_reference)
        if MOBILE.fullmatch(to):
            body = {"phone_number": to, "sms_sender_id": settings.sms_sender_id}
            return await self._take("sms", body, template, fields, client_reference)
        raise MessageRefused("not an email address or a UK mobile number")

    async def post(self, to: tuple[str, ...], template: str, fields: dict[str, str], client_reference: str) -> Receipt:
        """See connectors.kinds.Messages.post."""
        lines = {f"address_line_{number}": line for number, line in enumerate(letter_lines(to), 1)}
        return await self._take("letter", {}, template, fields | lines, client_reference)

    async def delivered(self, receipt: str) -> DeliveryReport:
        """See connectors.kinds.Messages.delivered."""
        return translate.report_of((await self._call("status", "GET", f"/v2/notifications/{part(receipt)}")).json())

    async def _take(
        self, way: str, body: dict[str, str], template: str, fields: dict[str, str], reference: str
    ) -> Receipt:
        template_id = self._settings.templates.get(f"{template}.{way}") or getattr(self._settings, f"{way}_template")
        if not template_id:
            raise WrongSettings(f"govuk_notify: no {way}_template")
        known = await self._known(reference, way)
        if known is not None:
            return known
        whole: dict[str, Any] = {name: value for name, value in body.items() if value}
        whole |= {"template_id": template_id, "personalisation": fields, "reference": reference}
        answer = await self._call(way, "POST", f"/v2/notifications/{way}", json=whole)
        content = answer.json()
        if not isinstance(content, dict) or not isinstance(content.get("id"), str):
            raise AnswerUnreadable("Notify gave no notification.", maybe_done=True)
        return Receipt(content["id"])

    async def _known(self, reference: str, way: str) -> Receipt | None:
        """What was sent under this reference before, but for what Notify itself gave up: that may be sent again."""
        asked = {"reference": reference, "template_type": way}
        content = (await self._call("find", "GET", "/v2/notifications", params=asked)).json()
        rows = content.get("notifications") if isinstance(content, dict) else None
        if not isinstance(rows, list):
            raise AnswerUnreadable("Notify gave no list of notifications.")
        reports = [translate.report_of(row) for row in rows]
        # Whether it searched is checked: an answer to another question must not pass for "sent".
        sent = [one for one in reports if one.client_reference == reference and one.state != "failed_for_now"]
        return Receipt(sent[-1].receipt) if sent else None

    async def _call(self, call: str, method: str, path: str, **sent: Any) -> Answer:
        token = jwt.encode({"typ": "JWT", "alg": "HS256"}, {"iss": self._service, "iat": int(time.time())}, self._key)
        headers = {"Authorization": f"Bearer {token}"}
        answer = await self._http.call(call, method, path, headers=headers, reads_itself=(400, 429), **sent)
        if answer.status == 429:
            raise SupplierBusy(wait_s=answer.wait_s or _wait(answer))
        if answer.status == 400:
            raise translate.refused(answer.json())
        return answer


def _wait(answer: Answer) -> float | None:
    try:
        return WAITS.get(translate.refused(answer.json()).codes[0])
    except (AnswerUnreadable, IndexError):
        return None
