"""Posts cases to a back office that has no API of its own, or one that nobody has published."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from connectors.errors import AnswerUnreadable, NotOffered, RequestRefused
from connectors.http import Answer, Http
from connectors.settings import plain
from connectors.shapes import Attachment, Case, CaseNote, CaseRequest, CaseUpdate, Receipt
from connectors.webhook import translate
from connectors.webhook.settings import Settings
from connectors.webhook.signing import key_of, sign


class WebhookCasework:
    """connectors.kinds.Casework by posts. The same thing is posted under the same webhook-id, by which they know it.

    A case is known to both sides by our reference.
    """

    def __init__(self, settings: Settings) -> None:
        self._http = Http("webhook", settings)
        self._keys = [key_of(secret) for secret in (plain(settings.key), plain(settings.key_old)) if secret]
        self._most_attached = settings.most_attached

    async def create(self, request: CaseRequest, client_reference: str) -> Case:
        """See connectors.kinds.Casework.create."""
        told = translate.created(request, client_reference)
        answer = await self._post("create", "case.created", told, client_reference)
        return Case(client_reference, _number(answer), "received")

    async def update(self, handle: str, note: CaseNote) -> Receipt:
        """See connectors.kinds.Casework.update."""
        await self._post("update", "case.updated", translate.updated(handle, note), f"{handle} {note.id}")
        return Receipt(note.id)

    async def attach(self, handle: str, attachment: Attachment) -> Receipt:
        """See connectors.kinds.Casework.attach."""
        if len(attachment.content) > self._most_attached:
            raise RequestRefused("The file is larger than the setting most_attached.")
        digest = sha256(attachment.content).hexdigest()[:16]
        once = f"{handle} {attachment.name} {digest}"
        await self._post("attach", "case.attached", translate.attached(handle, attachment), once)
        return Receipt(digest)

    async def find(self, client_reference: str, since: datetime) -> Case | None:
        """See connectors.kinds.Casework.find."""
        raise NotOffered("They know a post by its id, so the same may be posted again.")

    async def status(self, handle: str) -> Case:
        """See connectors.kinds.Casework.status."""
        raise NotOffered("They post what changes.")

    async def updates(self, since: datetime, until: datetime) -> list[CaseUpdate]:
        """See connectors.kinds.Casework.updates."""
        raise NotOffered("They post what changes.")

    async def _post(self, call: str, event: str, data: Mapping[str, Any], once: str) -> Answer:
        now = datetime.now(UTC)
        body = translate.body_of(event, now, data)
        # No header may hold whatever stands in a reference or a file's name.
        post_id = f"{event}_{sha256(once.encode()).hexdigest()[:32]}"
        headers = {"content-type": "application/json", **sign(post_id, now, body, self._keys)}
        return await self._http.call(call, "POST", "", accept=(), headers=headers, content=body)


def _number(answer: Answer) -> str | None:
    """Their number for the case, when they answer with `{"id": ...}`; they need not answer anything."""
    try:
        content = answer.json() if answer.body else None
    except AnswerUnreadable:
        return None
    number = content.get("id") if isinstance(content, Mapping) else None
    return str(number) if isinstance(number, str | int) and number else None
