"""How long each kind of data is kept: data/retention.toml, and what a council sets otherwise in council.toml."""

import tomllib
from datetime import date
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from triage.catalogue import DATA, catalogue


class Term(BaseModel):
    """For how many days one kind of data is kept, counted from what, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    days: int = Field(gt=0)
    after: str
    why: str
    source: str
    reviewed_on: date
    verified: bool = False


class Kept(BaseModel):
    """The whole schedule. `least_days`: figures still look at the record for so long, whatever is set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_days: int = Field(ge=22)
    contact: Term
    longer_contact: Term
    conversation: Term
    file: Term
    comment: Term
    comment_redacted: Term
    survey_address: Term
    sign_in: Term
    tally: Term

    def terms(self) -> dict[str, Term]:
        """Every kind by its name."""
        return {name: term for name in type(self).model_fields if isinstance(term := getattr(self, name), Term)}


@lru_cache
def schedule() -> Kept:
    """This council's schedule. Raises pydantic.ValidationError when the file or council.toml is wrong.

    A council writes what differs: `[retention.contact]` with `days`, `why` and, once somebody answers for it,
    `verified = true`.
    """
    table: dict[str, Any] = tomllib.loads((DATA / "retention.toml").read_text(encoding="utf-8"))
    theirs: dict[str, Any] = catalogue().council.get("retention", {})
    for kind, differs in theirs.items():
        table[kind] = table.get(kind, {}) | differs if isinstance(differs, dict) else differs
    return Kept.model_validate(table)
