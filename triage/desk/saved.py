"""Saved replies: what was written already, so that an agent does not write it again.

A service's own come from its content, with today's facts in them; those for every service from data/desk/replies.toml.
"""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from triage import clock
from triage.catalogue import DATA, catalogue
from triage.content import PLACEHOLDER, Service
from triage.desk import rules
from triage.desk.schemas import SavedReply
from triage.tables import Contact

ASSISTANT_SPEAKS = re.compile(r"\b(I|me|my|here)\b")
NAMES = re.compile(r"\{(\w+)\}")
KNOWN = {"reference", "council"}


class Reply(BaseModel):
    """One saved reply of data/desk/replies.toml. It has no place for a name, so that none goes to the wrong person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field(min_length=3, max_length=60)
    text: str = Field(min_length=10, max_length=600)

    @field_validator("text")
    @classmethod
    def only_what_we_fill_in(cls, text: str) -> str:
        """Refuse a placeholder that nobody fills in, and a gap that is not written as one."""
        if unknown := set(NAMES.findall(text)) - KNOWN:
            raise ValueError(f"{sorted(unknown)} is not one of {sorted(KNOWN)}")
        if re.search(r"…|\[|\]", text.replace(rules.GAP, "")):
            raise ValueError(f"write what the agent fills in as {rules.GAP}")
        return text


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reply: list[Reply] = Field(min_length=1, max_length=60)


@lru_cache
def for_every_service(path: Path = DATA / "desk" / "replies.toml") -> tuple[Reply, ...]:
    """The council-wide replies. Raises ValueError when the file is not as it should be."""
    return tuple(_File.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).reply)


def replies_for(contact: Contact, service: Service | None) -> list[SavedReply]:
    """The replies that fit a contact: its service's own first."""
    council = str(catalogue().council["name"])
    common = [
        SavedReply(one.title, one.text.replace("{reference}", contact.reference).replace("{council}", council))
        for one in for_every_service()
    ]
    return [*_of_service(service, council), *common]


def _of_service(service: Service | None, council: str) -> list[SavedReply]:
    """What the service's answer says, sentence by sentence; never with a fact that may not be stated today."""
    if service is None:
        return []
    today = clock.today()
    replies: list[SavedReply] = []

    def filled(text: str) -> str | None:
        for kind, name in PLACEHOLDER.findall(text):
            fact = catalogue().fact(name, service.id) if kind == "fact" else None
            if fact is None or not fact.can_state(today):
                return None
            text = text.replace(f"{{{kind}:{name}}}", fact.value)
        return text.replace("{council}", council)

    for sentence in service.answer.say:
        text = filled(sentence.text) or (filled(sentence.otherwise) if sentence.otherwise else None)
        # What the assistant says of itself is not for an agent to say.
        if text and not ASSISTANT_SPEAKS.search(text):
            replies.append(SavedReply(f"{service.name} {len(replies) + 1}", text))
    return replies
