"""What the conversation API takes and gives."""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from triage import codes
from triage.tables import Message

Author = Literal["resident", "assistant", "agent", "system"]


class MessageIn(BaseModel):
    """Exactly one of `text` (typed) and `choice` (the id of a choice that was offered)."""

    model_config = ConfigDict(extra="forbid")

    text: str | None = None
    choice: str | None = Field(None, max_length=40)

    @model_validator(mode="after")
    def exactly_one(self) -> "MessageIn":
        if (self.text is None) == (self.choice is None):
            raise ValueError("send either text or choice")
        return self


class ChoiceOut(BaseModel):
    id: str
    label: str


class MessageOut(BaseModel):
    """One message as a browser sees it. `text` is plain text; blank lines part its paragraphs."""

    id: UUID
    seq: int
    author: Author
    by: str | None = None
    text: str
    said_at: datetime
    choices: list[ChoiceOut] | None = None
    links: list[dict[str, str]] | None = None
    source: dict[str, str] | None = None
    danger: dict[str, Any] | None = None
    survey: dict[str, str] | None = None
    reference: dict[str, str] | None = None
    # The language of `text`, where it is not English: {code, direction, note?, note_in_english?}.
    language: dict[str, str] | None = None

    @classmethod
    def of(cls, message: Message) -> "MessageOut":
        """A stored message without what only we may see (what a choice means)."""
        extras = message.extras
        return cls(
            id=message.id,
            seq=message.seq,
            author=cast(Author, message.author),
            by=message.by,
            text=message.text,
            said_at=message.said_at,
            choices=[ChoiceOut(id=f"{message.seq}.{c['id']}", label=c["label"]) for c in extras["choices"]]
            if extras.get("choices")
            else None,
            links=extras.get("links"),
            source=extras.get("source"),
            danger=extras.get("danger"),
            survey=extras.get("survey"),
            language=extras.get("language"),
            reference=_with_code(extras.get("reference")),
        )


def _with_code(shown: dict[str, str] | None) -> dict[str, str] | None:
    if not shown:
        return None
    if "contact_id" not in shown:
        return {"reference": shown["reference"]}
    return {"reference": shown["reference"], "code": codes.code_for(UUID(shown["contact_id"]))}


class ConversationOut(BaseModel):
    """A conversation as its resident sees it."""

    id: UUID
    mode: Literal["assistant", "waiting", "person", "ended"]
    messages: list[MessageOut]


class ConversationStarted(ConversationOut):
    """A new conversation. `secret` is given once; it is needed for everything after."""

    secret: str


class UnderstoodOut(BaseModel):
    """How the message was read, as `frontdoor understand` would say."""

    service: str | None = None
    confidence: float = 0.0


class TurnOut(BaseModel):
    """The replies to one message."""

    messages: list[MessageOut]
    understood: UnderstoodOut
    danger: str | None = None
    handover: bool = False
