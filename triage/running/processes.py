"""The processes that Frontdoor is made of: one table, read by the supervisor and by the compose test."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """One process: what people call it, the command that starts it everywhere, and what of its log is news.

    `ready_path` is asked over HTTP; None means that readiness is read from the database.
    """

    name: str
    about: str
    command: tuple[str, ...]
    ready_path: str | None = None


# Jobs that end, in this order, before the rest starts.
MIGRATE = Process("migrate", "the database", ("frontdoor", "migrate"))
DEMO = Process("demo", "the demo council", ("frontdoor", "demo"))

# Processes that stay, each replaceable by more of its kind on other machines.
RASA = Process("rasa", "the assistant", ("frontdoor", "rasa"), ready_path="/webhooks/frontdoor/")
WEB = Process("web", "the web pages", ("frontdoor", "web"), ready_path="/health/ready")
WORKER = Process("worker", "the worker", ("frontdoor", "worker"))

LONG_RUNNING = (RASA, WEB, WORKER)

# A line of a log that is repeated on the terminal. PostgreSQL's ordinary FATAL lines (a client that left) are not.
ERROR_LINE = re.compile(
    r"^\s*(ERROR|CRITICAL|PANIC)\b|\b(ERROR|CRITICAL|PANIC):?\s|\"level\":\s*\"(error|critical)\""
    r"|\[\s*(error|critical)\s*\]|No space left on device|could not (write|extend)"
)
