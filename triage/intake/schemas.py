"""What it takes to leave a contact."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from triage import telling
from triage.settings import get_settings


class ContactIn(BaseModel):
    """One need, in the resident's own words. `consent`: we may keep these details and pass them to who must act.

    `messages`: we may tell them of each change by message at `reply_to`, an email address or a UK mobile number.
    `safe_to_contact`: what somebody in danger says of whether it is safe to write or call; nobody does without a yes.
    """

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    channel: Literal["web", "email", "phone", "api"] = "api"
    text: str = Field(min_length=1)
    name: str | None = Field(None, max_length=200)
    reply_to: str | None = Field(None, max_length=320)
    place: str | None = Field(None, max_length=500)
    messages: bool = False
    safe_to_contact: bool | None = None
    consent: Literal[True]

    @field_validator("text")
    @classmethod
    def not_too_long(cls, text: str) -> str:
        """Refuse what is longer than the setting message_limit allows."""
        if len(text) > get_settings().message_limit:
            raise ValueError(f"shorten this to {get_settings().message_limit} characters")
        return text

    @field_validator("messages")
    @classmethod
    def somewhere_to_send(cls, messages: bool, info: ValidationInfo) -> bool:
        """Refuse to promise messages to somebody who left no address that takes one."""
        if messages and telling.address(info.data.get("reply_to")) is None:
            raise ValueError("give an email address or a UK mobile number in reply_to")
        return messages

    @field_validator("text", "name", "reply_to", "place")
    @classmethod
    def storable(cls, value: str | None) -> str | None:
        """PostgreSQL cannot store the zero character, and a resident never means it."""
        return value.replace("\x00", "") if value else value


class ContactFiled(BaseModel):
    """The reference to read out, and the secret that lets its holder see how the contact stands.

    `danger`: somebody may come to harm; show these numbers and this line at once.
    """

    reference: str
    secret: str
    danger: dict[str, Any] | None = None


State = Literal["arrived", "sorted", "queued", "taken", "closed"]


class AnswerGiven(BaseModel):
    """What the council said about a contact. `asks`: it waits for the resident's answer."""

    at: datetime
    text: str
    asks: bool = False


class ContactStatus(BaseModel):
    """How a contact stands, for its holder.

    `late`: it should have been settled by `settle_due_at`, and is still open. `part_of`: the reference of the contact
    that this one was made part of. `messages`: they are told of changes by message.
    """

    reference: str
    state: State
    service: str | None
    arrived_at: datetime
    settle_due_at: datetime | None
    outcome: str | None
    team: str | None = None
    late: bool = False
    part_of: str | None = None
    messages: bool = False
    answers: list[AnswerGiven] = []
