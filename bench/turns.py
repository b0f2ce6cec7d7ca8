"""Turns a second: our whole path beside a stock Rasa bot, the same conversations, in the same run.

Our path is what a resident's message goes through: web app, record in PostgreSQL, danger rules, Rasa, actions,
content. The stock bot is what `rasa init` makes, with its default pipeline and policies, asked directly. Both get one
process for each part; the load generator shares the machine with both in the same way.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2

from bench.reporting.figures import Figure, printed
from triage.running.checks import free_port
from triage.settings import ROOT, get_settings

# One resident's talk: greeting, plain answers, a form with its questions, a change of mind, thanks.
CONVERSATION = (
    "hello",
    "when is my rubbish collected",
    "which bin do i put pizza boxes in",
    "how do i pay my council tax",
    "i live on my own can i pay less",
    "what time does hendon library open today",
    "i got a parking ticket and it isnt fair",
    "thank you",
)
CLIENTS = (1, 4, 16)
STOCK = "stock rasa init"
# Time for a stock bot to train on two cores, and for either side to come up.
LONGEST_TRAINING_S = 900
LONGEST_START_S = 240

Talk = Callable[[httpx2.AsyncClient], Awaitable[list[float]]]


def main(argv: list[str]) -> None:
    """`python -m bench turns [--seconds 20] [--clients 1 4 16]`: a table, and the same as one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m bench turns", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each measurement runs")
    parser.add_argument("--clients", type=int, nargs="+", default=list(CLIENTS))
    given = parser.parse_args(argv)
    rows = asyncio.run(_measure(given.seconds, given.clients))
    print(f"{'':24}{'clients':>8}{'turns/s':>10}{'p50 ms':>9}{'p95 ms':>9}{'errors':>8}")
    for row in rows:
        print(
            f"{row['bot']:24}{row['clients']:>8}{row['turns_per_s']:>10.1f}"
            f"{row['p50_ms']:>9.1f}{row['p95_ms']:>9.1f}{row['errors']:>8}"
        )
    print()
    printed("turns", _figures(rows), {"rows": rows})


def _figures(rows: list[dict[str, Any]]) -> list[Figure]:
    """Ours, with the stock bot's in the same run for marks."""
    figures = []
    stock = {row["clients"]: row for row in rows if row["bot"] == STOCK}
    for row in rows:
        if row["bot"] == STOCK:
            continue
        beside, who = stock[row["clients"]], f"{row['clients']} {'client' if row['clients'] == 1 else 'clients'}"
        said = "stock bot, same run"
        figures += [
            Figure(f"turns a second, {who}", row["turns_per_s"], "/s", mark=beside["turns_per_s"], source=said),
            Figure(f"a turn, {who}, p50", row["p50_ms"], "ms", mark=beside["p50_ms"], better="lower", source=said),
            Figure(f"a turn, {who}, p95", row["p95_ms"], "ms", mark=beside["p95_ms"], better="lower", source=said),
        ]
    return figures


async def _measure(seconds: float, clients: list[int]) -> list[dict[str, float | int | str]]:
    rows = []
    stock = _stock_bot()
    for name, start, talk in ((STOCK, _start_stock, _talk_stock), ("frontdoor", _start_ours, _talk_ours)):
        port = free_port()
        process = start(port, stock)
        try:
            base = f"http://127.0.0.1:{port}"
            await _wait(base + ("/" if name == STOCK else "/health/ready"), process)
            await _load(base, talk, 1, 3.0)  # The first turns load what is loaded late.
            for count in clients:
                rows.append({"bot": name, **await _load(base, talk, count, seconds)})
                print(f"{name}: {count} clients done", file=sys.stderr)
        finally:
            _stop(process)
    return rows


async def _load(base: str, talk: Talk, clients: int, seconds: float) -> dict[str, float | int]:
    latencies: list[float] = []
    errors = 0
    ends = time.perf_counter() + seconds

    async def one_client() -> None:
        nonlocal errors
        async with httpx2.AsyncClient(base_url=base, timeout=30) as client:
            while time.perf_counter() < ends:
                try:
                    latencies.extend(await talk(client))
                except (httpx2.HTTPError, AssertionError, KeyError):
                    errors += 1

    began = time.perf_counter()
    await asyncio.gather(*(one_client() for _ in range(clients)))
    took = time.perf_counter() - began
    ordered = sorted(latencies) or [0.0]
    return {
        "clients": clients,
        "turns_per_s": round(len(latencies) / took, 1),
        "p50_ms": round(1000 * statistics.median(ordered), 1),
        "p95_ms": round(1000 * ordered[int(0.95 * (len(ordered) - 1))], 1),
        "errors": errors,
    }


async def _talk_stock(client: httpx2.AsyncClient) -> list[float]:
    sender, took = uuid4().hex, []
    for text in CONVERSATION:
        began = time.perf_counter()
        response = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
        took.append(time.perf_counter() - began)
        assert response.is_success
    return took


async def _talk_ours(client: httpx2.AsyncClient) -> list[float]:
    begun = (await client.post("/api/conversations")).json()
    headers, took = {"Authorization": f"Bearer {begun['secret']}"}, []
    for text in CONVERSATION:
        began = time.perf_counter()
        response = await client.post(
            f"/api/conversations/{begun['id']}/messages",
            json={"text": text},
            headers={**headers, "Idempotency-Key": uuid4().hex},
        )
        took.append(time.perf_counter() - began)
        assert response.is_success and response.json()["messages"], response.text
    return took


def _stock_bot() -> Path:
    """The folder of a trained stock bot, made once and kept."""
    folder = get_settings().home / "bench" / "stock"
    if not list(folder.glob("models/*.tar.gz")):
        folder.mkdir(parents=True, exist_ok=True)
        print("Training the stock bot (a few minutes, once)…", file=sys.stderr)
        subprocess.run(
            [str(_rasa()), "init", "--no-prompt", "--init-dir", str(folder)],
            check=True,
            timeout=LONGEST_TRAINING_S,
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    return folder


def _start_stock(port: int, folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(_rasa()), "run", "-i", "127.0.0.1", "-p", str(port)],
        cwd=folder,
        env=_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _start_ours(port: int, _: Path) -> subprocess.Popen[bytes]:
    # Limits that protect residents from one another would stop a load that comes from one address.
    limits = {
        "FRONTDOOR_CONVERSATIONS_PER_HOUR": "100000000",
        "FRONTDOOR_MESSAGES_PER_MINUTE": "100000000",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "triage.cli", "run"],
        cwd=ROOT,
        env={**os.environ, **limits, "PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _rasa() -> Path:
    return ROOT / "bot" / ".venv" / "bin" / "rasa"


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


async def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    async with httpx2.AsyncClient(timeout=2) as client:
        for _ in range(LONGEST_START_S):
            if process.poll() is not None:
                raise SystemExit(f"{process.args} ended with {process.returncode} before it answered")
            try:
                response = await client.get(url)
                if response.is_success and "unavailable" not in response.text:
                    return
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(1)
    raise SystemExit(f"nothing answered at {url} within {LONGEST_START_S} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
