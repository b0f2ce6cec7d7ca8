"""The words of each letter, read from data/messages/asking.toml and checked when they are read."""

import string
import tomllib
from functools import lru_cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from triage.catalogue import DATA
from triage.tables.survey import LETTERS

# What a letter may say. Nothing of the need is among them, so that no wording can give it away.
MAY_SAY = {"council", "reference", "link", "never"}


class Words(BaseModel):
    """The words of one kind of letter."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    say: tuple[str, ...]

    @model_validator(mode="after")
    def only_what_it_may_say(self) -> Self:
        """Refuse a wording that names anything but what it may say, or does not say how to be left alone."""
        named = {name for text in (self.subject, *self.say) for _, name, _, _ in string.Formatter().parse(text) if name}
        if strangers := named - MAY_SAY:
            raise ValueError(f"a letter may not say {', '.join(sorted(strangers))}")
        if not {"link", "never"} <= named:
            raise ValueError("a letter says {link} and {never}")
        return self


@lru_cache
def words() -> dict[str, Words]:
    """The words of every kind. Raises pydantic.ValidationError or ValueError when the file is wrong."""
    table: dict[str, Any] = tomllib.loads((DATA / "messages" / "asking.toml").read_text(encoding="utf-8"))
    if set(table) != set(LETTERS):
        raise ValueError(f"data/messages/asking.toml must have exactly {', '.join(LETTERS)}")
    return {kind: Words.model_validate(row) for kind, row in table.items()}
