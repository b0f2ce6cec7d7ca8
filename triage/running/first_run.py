"""Secrets that are made once, at the first start, and kept beside the data with nobody else able to read them."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

NAMES = ("FRONTDOOR_INTERNAL_TOKEN", "FRONTDOOR_SIGNING_KEY")


def secrets_file(home: Path) -> Path:
    """Where the secrets of this home are kept."""
    return home / "secrets.env"


def read_secrets(file: Path) -> dict[str, str]:
    """The NAME=value lines of `file`; empty when there is none."""
    if not file.exists():
        return {}
    pairs = (line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs if not name.startswith("#")}


def ensure_secrets(home: Path, environment: Mapping[str, str], names: tuple[str, ...] = NAMES) -> dict[str, str]:
    """The named secrets: from the environment first, then the file, else made now and added to the file (mode 0600)."""
    file = secrets_file(home)
    kept = read_secrets(file)
    made = {name: secrets.token_urlsafe(32) for name in names if not environment.get(name) and not kept.get(name)}
    if made:
        home.mkdir(parents=True, exist_ok=True)
        new = file.with_suffix(".new")
        new.unlink(missing_ok=True)
        # Made with its final mode, so that there is no moment at which others can read it.
        handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write("# Made at the first start. Keep it; the environment wins over it.\n")
            out.writelines(f"{name}={value}\n" for name, value in (kept | made).items())
        new.replace(file)
    elif file.exists():
        file.chmod(0o600)
    everything = kept | made
    return {name: environment.get(name) or everything[name] for name in names}
