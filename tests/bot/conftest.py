"""A real Rasa for tests marked `rasa`: trained on the present content, on a free port, with our actions beside it."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Request
from rasa_sdk.executor import ActionExecutor

from bot.actions import actions
from tests.bot.dialogue import Dialogue
from tests.bot.fakes import Council
from triage.running import training
from triage.running.content import model_path
from triage.settings import ROOT, get_settings

TOKEN = "a-token-for-tests-0123456789"


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class RasaProcess:
    """Rasa as a deployment runs it. `replace` ends the process and starts another on the same port."""

    def __init__(self, model: Path, home: Path, actions_url: str, log: Path) -> None:
        self.model = model
        self.log = log
        self.port = _free_port()
        self.started_in_s = 0.0
        self._env = {
            **training.rasa_environment(home, os.environ),
            "FRONTDOOR_INTERNAL_TOKEN": TOKEN,
            "FRONTDOOR_ACTIONS_URL": actions_url,
        }
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=10
        )
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        began = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    str(training.rasa_program()),
                    *("-m", "bot", "run"),
                    *("--model", str(self.model)),
                    *("--endpoints", "bot/endpoints.yml", "--credentials", "bot/credentials.yml"),
                    *("-i", "127.0.0.1", "-p", str(self.port)),
                    "--debug",  # as loud as it gets: what it writes then, it writes at most
                ],
                cwd=ROOT,
                env=self._env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while time.monotonic() - began < 180:
            if self.process.poll() is not None:
                break
            try:
                if self.client.get("/webhooks/frontdoor/").status_code == 200:
                    self.started_in_s = time.monotonic() - began
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.2)
        pytest.fail(f"Rasa did not start:\n{self.log.read_text()[-4000:]}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def replace(self) -> None:
        self.stop()
        self.start()


@pytest.fixture(scope="session")
def council() -> Council:
    return Council()


@pytest.fixture(scope="session")
def action_server(council: Council) -> Iterator[str]:
    """Our actions over HTTP, as the web app mounts them; its address."""
    executor = ActionExecutor()
    for action in actions(council):
        executor.register_action(action)
    app = FastAPI()

    @app.post("/internal/actions")
    async def act(request: Request) -> dict[str, Any]:
        assert request.headers["authorization"] == f"Bearer {TOKEN}"
        call = await request.json()
        assert call["domain"] == {}, "Rasa sent its whole domain"
        result = await executor.run(call)
        assert result is not None
        return result.model_dump(by_alias=True)

    port = _free_port()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/internal/actions"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="session")
def rasa_server(trained: None, action_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaProcess]:
    """Rasa with a model of the present content."""
    home = get_settings().home.resolve()
    rasa = RasaProcess(model_path(home, ROOT), home, action_server, tmp_path_factory.mktemp("rasa") / "rasa.log")
    rasa.start()
    yield rasa
    rasa.stop()
    rasa.client.close()


@pytest.fixture
def dialogue(rasa_server: RasaProcess) -> Dialogue:
    """A conversation that has just begun."""
    return Dialogue(rasa_server.client)
