"""What a deployment must have been given before anything starts: secrets, content, a database."""

from collections.abc import Mapping

import psycopg

from triage.catalogue import DATA, CatalogueWrong, load
from triage.database import sqlalchemy_url
from triage.running import first_run
from triage.running.messages import CannotStart
from triage.settings import Settings

# Long enough for a database on another machine that is busy, short enough to be told.
LONGEST_CONNECT_S = 5
MOST_FAULTS = 3


def check_production(settings: Settings, env: Mapping[str, str]) -> None:
    """Raise CannotStart in production when a secret or the database is left to be made up."""
    if settings.environment != "production":
        return
    missing = [name for name in first_run.NAMES if not env.get(name)]
    if not settings.database_url:
        missing.append("DATABASE_URL")
    if settings.now is not None:
        raise CannotStart("FRONTDOOR_NOW moves the clock for a demonstration; in production it must not be set.")
    if not settings.local_sign_in and not settings.openid:
        raise CannotStart("Nobody could sign in: set FRONTDOOR_OPENID_ISSUER and FRONTDOOR_OPENID_CLIENT_ID.")
    if settings.openid and not settings.openid_issuer.startswith("https://"):
        raise CannotStart("In production FRONTDOOR_OPENID_ISSUER must begin with https://.")
    if missing:
        raise CannotStart(f"In production {' and '.join(missing)} must be set in the environment.")


def check_content(council: str) -> None:
    """Raise CannotStart when data/ cannot be used for this council, naming the first faults."""
    if not (DATA / "councils" / council).is_dir():
        known = ", ".join(sorted(path.name for path in (DATA / "councils").iterdir() if path.is_dir()))
        raise CannotStart(f"There is no council {council!r} in data/councils. FRONTDOOR_COUNCIL may be: {known}.")
    try:
        load(DATA, council)
    except CatalogueWrong as wrong:
        faults = str(wrong).splitlines()
        more = f" (and {len(faults) - MOST_FAULTS} more)" if len(faults) > MOST_FAULTS else ""
        raise CannotStart("; ".join(faults[:MOST_FAULTS]) + more) from None


def check_database(url: str) -> None:
    """Raise CannotStart when DATABASE_URL is set and no PostgreSQL answers there. Its password is not repeated."""
    if not url:
        return
    if not sqlalchemy_url(url).startswith("postgresql+psycopg://"):
        raise CannotStart("DATABASE_URL must begin with postgresql://: Frontdoor keeps its record in PostgreSQL.")
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    try:
        with psycopg.connect(plain, connect_timeout=LONGEST_CONNECT_S) as link:
            link.execute("select 1")
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[-1]
        raise CannotStart(f"The database at DATABASE_URL does not answer: {reason}") from None
