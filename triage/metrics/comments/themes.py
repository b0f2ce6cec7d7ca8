"""The council's themes, read from data/themes/council.toml, and how the reader's themes become them. Pure."""

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, model_validator

from triage.catalogue import DATA

OTHER = "other"
_BREAK = re.compile(r"[\W_]+")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Theme(_Strict):
    """One theme as owners and residents see it; `of` are the reader's themes that it takes."""

    id: str
    name: str
    description: str
    of: tuple[str, ...]


class Themes(_Strict):
    """All of them, in the order in which they are shown."""

    says_nothing: frozenset[str]
    theme: tuple[Theme, ...]

    @model_validator(mode="after")
    def _whole(self) -> "Themes":
        ids = [one.id for one in self.theme]
        taken = [of for one in self.theme for of in one.of]
        if len(set(ids)) != len(ids) or len(set(taken)) != len(taken) or OTHER not in ids:
            raise ValueError("an id or a reader's theme stands there twice, or 'other' is missing")
        return self

    @property
    def by_id(self) -> dict[str, Theme]:
        """Each theme by its id."""
        return {one.id: one for one in self.theme}

    def of_comment(self, text: str, read: Iterable[str]) -> tuple[str, ...]:
        """The council's themes of a comment, in their order: at least one, `other` only alone.

        "Nothing", asked what we should do better, says nothing about any theme, whatever the reader makes of it.
        """
        if _BREAK.sub(" ", text.lower()).strip() in self.says_nothing:
            return (OTHER,)
        wanted = set(read)
        return tuple(one.id for one in self.theme if wanted & set(one.of)) or (OTHER,)


@lru_cache
def themes() -> Themes:
    """The themes of data/themes/council.toml. Raises pydantic.ValidationError when the file is wrong."""
    return Themes.model_validate(tomllib.loads((DATA / "themes" / "council.toml").read_text(encoding="utf-8")))
