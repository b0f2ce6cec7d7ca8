"""Which connector serves each kind, as council.toml switches them.

[connectors]
default = "console"              # for every kind that is not named
messages = "govuk_notify"
stand_ins = ["libraries"]        # the kinds that the console may serve in production

[connectors.govuk_notify]        # its settings that are no secret; the others are in the environment
templates = { closed = "..." }
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from typing import Any

from connectors.errors import UnknownConnector, WrongSettings
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


# The kinds that residents meet today; casework is looked at by what is handed on.
IN_USE = ("addresses", "collections", "libraries", "messages")
ONE_EACH = tuple(one.name for one in fields(Connectors) if one.name != "inbound")


# The stand-in, and council.toml's name for the kinds that it may serve where people live.
STAND_IN, STAND_INS = "console", "stand_ins"


def check_stand_ins(switch: Mapping[str, Any], casework: Iterable[str] = ()) -> list[str]:
    """The kinds that the stand-in serves, each allowed by name; for production. `casework`: what cases go through.

    A stand-in takes a message and sends it nowhere, and makes addresses and bin days up: only the council can say that
    it wants that. Raises WrongSettings naming the kinds that it has not said so of, and UnknownConnector.
    """
    served = {kind for kind, name in choose(switch).items() if name == STAND_IN and kind in IN_USE}
    served |= {"casework"} if STAND_IN in set(casework) else set()
    allowed = switch.get(STAND_INS, [])
    if not isinstance(allowed, list) or not set(map(str, allowed)) <= {*ONE_EACH}:
        raise WrongSettings(f"council.toml's [connectors] {STAND_INS} is a list of kinds")
    if missing := sorted(served - set(allowed)):
        raise WrongSettings(
            f"In production the stand-in would serve {', '.join(missing)}: it makes things up and sends nothing. Name "
            f"a supplier for each in council.toml's [connectors], or add them to its {STAND_INS} if you want just that."
        )
    return sorted(served)


def build(kind: str, name: str, table: Mapping[str, Any] | None = None) -> Any:
    """The connector `name` for one kind, with its settings. Raises UnknownConnector, WrongSettings."""
    manifest = serving(kind, name)
    module = import_module(f"connectors.{name}")
    settings = import_module(f"connectors.{name}.settings").Settings
    return getattr(module, manifest.classes[kind])(settings.load(name, table or {}))


def choose(switch: Mapping[str, Any]) -> dict[str, str]:
    """The connector's name for each kind. Raises UnknownConnector for a word that is neither kind nor settings."""
    for key, value in switch.items():
        known = key in manifests() if isinstance(value, Mapping) else key in ("default", STAND_INS, *ONE_EACH)
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
