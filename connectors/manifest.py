"""What each connector says of itself, in its folder's manifest.toml."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from connectors.errors import UnknownConnector, WrongSettings
from connectors.kinds import KINDS

HERE = Path(__file__).parent
# What a connector is held to, and what each line means. Each is "done", "to do", or "exempt because ...".
QUALITY = {
    "limits": "every wait and every size has a limit",
    "errors": "every failure is one of connectors.errors",
    "secrets": "secrets come from the environment or a file, and stand in no log and no fixture",
    "settings": "every setting is typed, described, and in the README",
    "twice": "a call made twice does its work once",
    "faults": "tested against a server that behaves like the supplier, with its faults",
    "payloads": "fixtures are the documented shapes",
    "live": "tried against the supplier's own system",
}


@dataclass(frozen=True)
class Manifest:
    """One connector's manifest. `classes` and `offers` are by kind."""

    name: str
    title: str
    about: str
    documentation: str
    classes: dict[str, str]
    offers: dict[str, tuple[str, ...]]
    quality: dict[str, str]


def read(folder: Path) -> Manifest:
    """The manifest in a folder. Raises WrongSettings, naming what is not right."""
    try:
        content = tomllib.loads((folder / "manifest.toml").read_text())
        return Manifest(
            name=_text(content, "name"),
            title=_text(content, "title"),
            about=_text(content, "about"),
            documentation=_text(content, "documentation"),
            classes={kind: _text(row, "class") for kind, row in content["kinds"].items()},
            offers={kind: tuple(row["offers"]) for kind, row in content["kinds"].items()},
            quality={line: str(value) for line, value in content["quality"].items()},
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise WrongSettings(f"{folder.name}/manifest.toml: {type(error).__name__} {error}") from None


def _text(content: dict[str, Any], key: str) -> str:
    value = content[key]
    if not isinstance(value, str) or not value.strip():
        raise KeyError(f"{key} is empty")
    return value


@lru_cache
def manifests() -> dict[str, Manifest]:
    """Every connector that there is, by name."""
    return {path.parent.name: read(path.parent) for path in sorted(HERE.glob("*/manifest.toml"))}


def serving(kind: str, name: str) -> Manifest:
    """The manifest of `name`, which must serve `kind`. Raises UnknownConnector."""
    found = manifests().get(name)
    if found is None:
        raise UnknownConnector(f"council.toml switches on {name!r}, which is not in connectors/")
    if kind not in KINDS or kind not in found.classes:
        raise UnknownConnector(f"council.toml switches on {name!r} for {kind}, which it does not serve")
    return found
