"""What the people's pages take and show."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Form
from pydantic import BaseModel, ConfigDict, Field, field_validator


class PersonForm(BaseModel):
    """A person as an administrator types them. rules.person checks it and says what to mend."""

    model_config = ConfigDict(extra="ignore")

    login: str = Field("", max_length=200)
    name: str = Field("", max_length=200)
    role: str = Field("agent", max_length=20)
    queues: list[str] = Field(default_factory=list, max_length=100)
    every_queue: bool = False
    partner: str = Field("", max_length=100)
    skills: str = Field("", max_length=2000)
    languages: str = Field("", max_length=200)
    capacity: int = 5
    openid_name: str = Field("", max_length=300)


FormOfPerson = Annotated[PersonForm, Form()]


@dataclass(frozen=True)
class PersonLine:
    """One person in the list."""

    id: UUID
    login: str
    name: str
    role: str
    works: str
    active: bool
    second_factor: bool
    chosen: bool
    seen_at: datetime | None


@dataclass(frozen=True)
class Link:
    """A one-time link to choose a password, shown to whoever made it and kept by us as a hash."""

    person: str
    address: str
    until: datetime


class AuditView(BaseModel):
    """What is searched for in the audit trail. A field that cannot be read is left empty."""

    model_config = ConfigDict(populate_by_name=True, extra="ignore")

    who: str = ""
    reference: str = ""
    what: str = ""
    from_: date | None = Field(None, alias="from")
    to: date | None = None
    before: str = ""

    @field_validator("who", "reference", "what", "before", mode="before")
    @classmethod
    def _short(cls, value: Any) -> str:
        return str(value).strip()[:200]

    @field_validator("from_", "to", mode="before")
    @classmethod
    def _day(cls, value: Any) -> date | None:
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            return None

    @property
    def begins_after(self) -> tuple[datetime, str] | None:
        """The line after which the page begins, as `line_id` names it; None is the newest, or cannot be read."""
        at, _, line = self.before.partition("~")
        try:
            moment = datetime.fromisoformat(at)
        except ValueError:
            return None
        ours = moment.tzinfo is not None and 2000 < moment.year < 3000
        return (moment, line.replace("\x00", "")) if ours and line else None


def line_id(at: datetime, line: str) -> str:
    """How an address names a line of the trail."""
    return f"{at.astimezone(UTC).isoformat()}~{line}"


@dataclass(frozen=True)
class AuditLine:
    """One line of what was done, from the audit trail or from a contact's history."""

    at: datetime
    who: str
    role: str
    what: str
    about: str
    detail: str


@dataclass(frozen=True)
class Found:
    """A page of the audit trail. `older`: where the next begins, as `line_id` names it; empty when there is none."""

    lines: list[AuditLine] = field(default_factory=list)
    older: str = ""
    people: dict[str, str] = field(default_factory=dict)
