"""The words of each notice, read from data/messages and checked when they are read."""

import string
import tomllib
from functools import lru_cache
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from triage.catalogue import DATA
from triage.tables.notice import KINDS

# What a message may say. Nothing of the need is among them, so that no wording can give it away.
IN_A_MESSAGE = {"council", "reference", "link", "due", "code", "answer_by", "settle_by", "must_by"}
IN_THE_CHAT = IN_A_MESSAGE | {"outcome", "team", "reason"}


def _named(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


class Words(BaseModel):
    """The words of one kind of notice. `chat` is empty where the chat says it by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    subject: str
    say: tuple[str, ...]
    chat: tuple[str, ...] = ()

    @model_validator(mode="after")
    def only_what_it_may_say(self) -> Self:
        """Refuse a wording that names anything but what it may say."""
        for allowed, texts in ((IN_A_MESSAGE, (self.subject, *self.say)), (IN_THE_CHAT, self.chat)):
            for text in texts:
                if stranger := _named(text) - allowed:
                    raise ValueError(f"{text!r} may not say {', '.join(sorted(stranger))}")
        return self


def put_together(sentences: tuple[str, ...], values: dict[str, str | None], between: str) -> str:
    """The sentences, filled; one with a value that is not known is left out."""
    known = {name: value for name, value in values.items() if value}
    return between.join(text.format_map(known) for text in sentences if _named(text) <= known.keys())


@lru_cache
def words() -> dict[str, Words]:
    """The words of every kind. Raises pydantic.ValidationError or ValueError when the file is wrong."""
    table: dict[str, Any] = tomllib.loads((DATA / "messages" / "telling.toml").read_text(encoding="utf-8"))
    if set(table) != set(KINDS):
        raise ValueError(f"data/messages/telling.toml must have exactly {', '.join(KINDS)}")
    return {kind: Words.model_validate(row) for kind, row in table.items()}
