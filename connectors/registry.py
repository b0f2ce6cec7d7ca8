"""Which connector serves each kind, as council.toml switches them.

[connectors]
default = "console"              # for every kind that is not named
messages = "govuk_notify"

[connectors.govuk_notify]        # its settings that are no secret; the others are in the environment
templates = { closed = "..." }
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any

from connectors.errors import UnknownConnector
from connectors.kinds import (
    Addresses,
    Areas,
    Casework,
    Collections,
    CommunityDirectory,
    Inbound,
    Libraries,
    Messages,
    Payments,
    Planning,
)
from connectors.manifest import manifests, serving


@dataclass(frozen=True)
class Connectors:
    """One connector for each kind; and for what suppliers post to us, each that is switched on, by its name."""

    addresses: Addresses
    areas: Areas
    casework: Casework
    collections: Collections
    directory: CommunityDirectory
    libraries: Libraries
    messages: Messages
    payments: Payments
    planning: Planning
    inbound: Mapping[str, Inbound]


ONE_EACH = tuple(one.name for one in fields(Connectors) if one.name != "inbound")


def build(kind: str, name: str, table: Mapping[str, Any] | None = None) -> Any:
    """The connector `name` for one kind, with its settings. Raises UnknownConnector, WrongSettings."""
    manifest = serving(kind, name)
    module = import_module(f"connectors.{name}")
    settings = import_module(f"connectors.{name}.settings").Settings
    return getattr(module, manifest.classes[kind])(settings.load(name, table or {}))


def choose(switch: Mapping[str, Any]) -> dict[str, str]:
    """The connector's name for each kind. Raises UnknownConnector for a word that is neither kind nor settings."""
    for key, value in switch.items():
        known = key in manifests() if isinstance(value, Mapping) else key == "default" or key in ONE_EACH
        if not known:
            raise UnknownConnector(f"council.toml's [connectors] names {key!r}, neither kind nor connector")
    default = str(switch.get("default", "console"))
    return {kind: str(switch.get(kind, default)) for kind in ONE_EACH}


def connect(switch: Mapping[str, Any]) -> Connectors:
    """The connectors that `switch` asks for. Raises UnknownConnector, WrongSettings."""
    chosen = choose(switch)
    one_each = {kind: build(kind, name, switch.get(name)) for kind, name in chosen.items()}
    speaking = sorted({name for name in chosen.values() if "inbound" in manifests()[name].classes})
    inbound = {name: build("inbound", name, switch.get(name)) for name in speaking}
    return Connectors(**one_each, inbound=inbound)
