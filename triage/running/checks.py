"""What must be true of the machine before anything starts. Standard library only."""

import shutil
import socket
import sys
from pathlib import Path

from triage.running.messages import CannotStart

GB = 1_000_000_000
# Both environments measure 2.9 GB, the model and tools 0.2 GB; the rest is room to unpack.
FIRST_INSTALL_BYTES = 4 * GB
# An empty database, its log and a model.
RUNNING_BYTES = GB // 4


def check_python() -> None:
    """Raise CannotStart unless this is CPython 3.11."""
    if sys.version_info[:2] != (3, 11):
        found = ".".join(str(part) for part in sys.version_info[:2])
        raise CannotStart(f"Frontdoor needs Python 3.11; this is Python {found}. Install 3.11 and try again.")


def check_disk(folder: Path, needed: int) -> None:
    """Raise CannotStart when the disk that holds `folder` has less than `needed` bytes free."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CannotStart(
            f"The disk is too full: {free / GB:.1f} GB free at {folder}, {needed / GB:.2g} GB needed. "
            "Free some space and try again."
        )


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen on `host`:`port` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        # As uvicorn does, so that a port only just given up counts as free.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            server.bind((host, port))
        except OSError:
            return False
    return True


def free_port(host: str = "127.0.0.1") -> int:
    """A port on `host` that nobody listens on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as server:
        server.bind((host, 0))
        port: int = server.getsockname()[1]
    return port


def choose_port(host: str, wanted: int) -> int:
    """The port to use: `wanted`, or any free one when it is 0. Raises CannotStart when it is taken."""
    if wanted == 0:
        return free_port(host)
    if not port_is_free(host, wanted):
        raise CannotStart(
            f"Port {wanted} is taken by another program. Stop that program, or choose another port: "
            f"PORT={wanted + 1 if wanted < 65535 else 8001} make run"
        )
    return wanted
