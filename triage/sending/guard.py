"""In production nothing starts that would send residents' messages nowhere, unless the council says so by name."""

import structlog

from connectors.registry import check_stand_ins
from triage.catalogue import catalogue
from triage.settings import get_settings

log = structlog.get_logger(__name__)


def refuse_stand_ins() -> None:
    """Stop the start where a stand-in would do what a supplier should. Raises WrongSettings, UnknownConnector."""
    settings, council = get_settings(), catalogue().council
    if settings.environment != "production":
        return
    casework: dict[str, str] = settings.casework or council.get("casework", {})
    if kinds := check_stand_ins(council.get("connectors", {}), casework.values()):
        log.warning("stand_ins.on", keys=kinds)
