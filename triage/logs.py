"""How the house writes its log: one JSON object a line, and never a resident's words.

Three rules keep words out, for our own lines and for libraries': a line has only fields that stand in FIELDS; an
exception is its class and the places that it came through, never its message, which may quote what somebody typed; and
libraries speak from WARNING on. tests/house/test_logs.py holds every call to them.
"""

import logging
import re
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any

import structlog

# Paths that carry a secret are logged without it.
_SECRET_PATHS = re.compile(r"/(survey|api/surveys|contacts|api/contacts|desk/sign-in/set-up)/[^/ ]+")
# All that a line of ours may hold: counts, versions, and names out of our own code and content.
FIELDS = frozenset(
    [
        *("event", "level", "timestamp", "exception", "error", "reason", "fault", "path", "keys"),
        # A message to a resident: which wording, and the id of the notice that it tells of.
        *("template", "notice", "told", "late"),
        *(
            "steps",
            "services",
            "reader",
            "forgotten",
            "released",
            "strays",
            "clocks",
            "assigned",
            "waited",
            "passages",
            "referrals",
            "letters",
            "conversations",
        ),
        # Who has read residents' words, by the id of their account, and how many messages.
        *("who", "messages"),
        # Which version of the sorter, which job of learning, what it made, and why a model was not used.
        *("version", "job", "made", "why"),
        # A call to somebody else's system: whose, which, its status and how long it took.
        *("supplier", "call", "status", "ms", "deliveries", "delivery", "updates"),
        # Which day could not be counted, how many were, and which part of the night's work failed.
        *("day", "days", "part"),
        # How many owners were sent their summary.
        *("sent",),
    ]
)
# These libraries quote values after the first line, or after the class of a warning.
_FIRST_LINE_ONLY = frozenset(["asyncio", "py.warnings"])
_WARNING = re.compile(r"^(.*?:\d+: \w+)")


def scrub_path(path: str) -> str:
    """A path as it may be logged."""
    return _SECRET_PATHS.sub(r"/\1/…", path)


def begin() -> None:
    """Set logging up for a process. Libraries' loggers speak from WARNING on."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    logging.setLogRecordFactory(_record)
    logging.captureWarnings(True)
    structlog.configure(
        processors=_PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def only_known(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The last say on a line of ours: a field that is not in FIELDS is named without its value."""
    return {name: value if name in FIELDS else "…" for name, value in event.items()}


def in_places(error: BaseException | None) -> str:
    """An exception as it may be logged: classes and places of it and of those behind it, no messages."""
    return "\n".join(_places(error, set())) if error is not None else ""


def _places(error: BaseException, seen: set[int]) -> Iterator[str]:
    seen.add(id(error))
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    for frame in traceback.extract_tb(error.__traceback__, limit=-12):
        yield f"  {frame.filename}:{frame.lineno} {frame.name}"
    behind = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    for other in (behind, *(error.exceptions if isinstance(error, BaseExceptionGroup) else ())):
        if other is not None and id(other) not in seen:
            yield from _places(other, seen)


def _record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A record of the standard library's logging in which no exception speaks, whoever formats it."""
    record = logging.LogRecord(*args, **kwargs)
    if record.exc_info and record.exc_info[1] is not None:
        record.exc_text, record.exc_info = in_places(record.exc_info[1]), None
    if isinstance(record.args, tuple):
        record.args = tuple(type(one).__name__ if isinstance(one, BaseException) else one for one in record.args)
    if record.name in _FIRST_LINE_ONLY:
        first = (record.getMessage().splitlines() or [""])[0]
        warned = _WARNING.match(first) if record.name == "py.warnings" else None
        record.msg, record.args = warned.group(1) if warned else first, ()
    return record


# One list for the whole process: a logger that was used once keeps it, also when logging is set up again.
_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(lambda info: in_places(info[1])),
    only_known,
    structlog.processors.JSONRenderer(ensure_ascii=False),
]
