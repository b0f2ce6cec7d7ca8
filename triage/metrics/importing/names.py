"""What a file's own names mean here: services, queues and channels. Nothing is guessed from a likeness."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from triage.catalogue import DATA, Catalogue, CatalogueWrong, catalogue
from triage.metrics.importing.layouts import plain

# Ways that people came before Frontdoor, besides those of a contact: names for figures, not for contacts.
CHANNELS = {
    "chat": ("chat", "web chat", "webchat", "live chat"),
    "web": ("web", "website", "online", "web form", "self service", "internet"),
    "email": ("email", "e mail", "mail"),
    "phone": ("phone", "telephone", "tel", "call", "call centre", "contact centre", "voice"),
    "face_to_face": ("face to face", "f2f", "in person", "counter", "reception", "walk in"),
    "post": ("post", "letter", "white mail"),
    "sms": ("sms", "text", "text message"),
    "api": ("api",),
}


class _Imports(BaseModel):
    """data/councils/<council>/imports.toml: what other systems called our services and channels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    # To a service's id, to a queue's code where a name covers several services, or "" for none of ours.
    services: dict[str, str] = Field(default_factory=dict, max_length=2000)
    channels: dict[str, str] = Field(default_factory=dict, max_length=200)


@dataclass(frozen=True)
class Names:
    """Every name that is known, in its plain form."""

    # name → (service, queue)
    services: Mapping[str, tuple[str, str]]
    queues: Mapping[str, str]
    channels: Mapping[str, str] = field(default_factory=dict)


def names_of(known: Catalogue, path: Path) -> Names:
    """The council's names: ids and names of its services and queues, and what its imports.toml adds.

    Raises CatalogueWrong when that file is wrong.
    """
    queues = {plain(name): code for code, queue in known.queues.items() for name in (code, queue.name)}
    services = {plain(queue): ("", code) for queue, code in queues.items()}
    for service in known.services.values():
        for name in (service.id, service.name):
            services[plain(name)] = (service.id, known.queue(service.queue))
    channels = {plain(name): channel for channel, found in CHANNELS.items() for name in (channel, *found)}
    if path.exists():
        added = _read(path)
        for name, meaning in added.services.items():
            if meaning in known.services:
                services[plain(name)] = (meaning, known.queue(known.services[meaning].queue))
            elif meaning in known.queues or not meaning:
                services[plain(name)] = ("", meaning)
            else:
                raise CatalogueWrong(f"{path}: services.{name}: {meaning!r} is no service and no queue of ours")
        for name, channel in added.channels.items():
            if channel not in CHANNELS:
                raise CatalogueWrong(f"{path}: channels.{name}: {channel!r} is none of {', '.join(CHANNELS)}")
            channels[plain(name)] = channel
    return Names(services, queues, channels)


def _read(path: Path) -> _Imports:
    try:
        return _Imports.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise CatalogueWrong(f"{path}: {error}") from None


def current() -> Names:
    """The names of this deployment's council."""
    known = catalogue()
    return names_of(known, DATA / "councils" / str(known.council["slug"]) / "imports.toml")
