"""How the house writes its log: one JSON object a line, and never a resident's words."""

import logging
import re

import structlog

# Paths that carry a secret are logged without it.
_SECRET_PATHS = re.compile(r"/(survey|api/surveys|contacts|api/contacts)/[^/ ]+")


def scrub_path(path: str) -> str:
    """A path as it may be logged."""
    return _SECRET_PATHS.sub(r"/\1/…", path)


def begin() -> None:
    """Set logging up for a process. Libraries' loggers speak from WARNING on."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
