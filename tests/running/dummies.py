"""Frontdoor with its big processes replaced by tiny ones, so that the supervisor itself can be tried in seconds.

`python -m tests.running.dummies`: the supervisor, PostgreSQL and migrations are the real ones.
`python -m tests.running.dummies serve PORT`: a web server that says 200 to everything.
"""

import asyncio
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from triage.running import processes, readiness, start, training
from triage.running.supervisor import Job
from triage.settings import ROOT, get_settings


class Yes(BaseHTTPRequestHandler):
    """Answers every GET with 200."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def serve(port: int) -> None:
    """Serve until stopped."""
    print("serving", flush=True)
    HTTPServer(("127.0.0.1", port), Yes).serve_forever()


def dummy_job(house: start.House, process: processes.Process, env: dict[str, str]) -> Job:
    """The stand-in for one process: migrate is real, demo says a line, the worker sleeps, the others serve."""
    python = sys.executable
    port = env["PORT"] if process is processes.WEB else str(urlsplit(env["FRONTDOOR_RASA_URL"]).port)
    argv = {
        "migrate": (python, "-m", "triage.cli", "migrate"),
        "demo": (python, "-c", "print('Demo login: agent')"),
        "worker": (python, "-c", "import time; time.sleep(600)"),
    }.get(process.name, (python, "-m", "tests.running.dummies", "serve", port))
    return Job(process.name, argv, env, ROOT)


async def _trained(*_: object) -> Path:
    return Path()


async def _signed_in(_: str) -> bool:
    await asyncio.sleep(0)
    return True


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    start.House._job = dummy_job  # type: ignore[method-assign]
    training.ensure_trained = _trained  # type: ignore[assignment]
    readiness._worker_signed_in = _signed_in  # type: ignore[assignment]
    sys.exit(start.start(get_settings()))
