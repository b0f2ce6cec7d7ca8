"""What one process of Frontdoor finds in its environment when it is started by hand rather than by the supervisor."""

import os
from pathlib import Path

from triage.running import first_run, postgres
from triage.running.messages import CannotStart
from triage.settings import get_settings


def prepare(*, database: bool = True, secrets: tuple[str, ...] = first_run.NAMES) -> None:
    """Fill in what the environment leaves open: the named first-run secrets and the embedded server's address.

    Raises CannotStart in production when a secret is missing, and anywhere when there is no database.
    """
    settings = get_settings()
    home = settings.home.resolve()
    missing = tuple(name for name in secrets if not os.environ.get(name))
    if missing and settings.environment == "production":
        raise CannotStart(f"In production {' and '.join(missing)} must be set in the environment.")
    if missing:
        os.environ.update(first_run.ensure_secrets(home, os.environ, secrets))
    if database and not settings.database_url:
        os.environ["DATABASE_URL"] = _embedded_url(home)
    get_settings.cache_clear()


def _embedded_url(home: Path) -> str:
    url = postgres.running_url(home)
    if url is None:
        raise CannotStart("There is no database: start everything with `make run`, or set DATABASE_URL.")
    return url
