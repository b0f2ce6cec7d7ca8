"""Personal details stay in the record (PROMISES 17): canaries of each kind go through real turns and are looked for.

Everything is as a deployment has it: the web app on a port, a real Rasa at --debug that calls the actions back, a real
database, the jobs run. Afterwards nothing outside the record may hold a canary, and the record must hold each.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import procrastinate
import psycopg
import pytest
import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from language.redaction import Redacted
from tests.bot.conftest import TOKEN, RasaProcess, _free_port
from triage import reading
from triage.chat import acting
from triage.outbox import jobs
from triage.running.content import model_path
from triage.settings import ROOT, get_settings

pytestmark = pytest.mark.rasa

# Kind → how it is typed, and what of it must not be found again (letters and figures only, small).
CANARIES = {
    "name": ("Priya Zelkova", ("zelkova", "priya")),
    "address": ("47 Quillfeather Road", ("quillfeather",)),
    "postcode": ("N12 9ZQ", ("n129zq",)),
    "phone": ("07700 900417", ("7700900417",)),
    "email": ("zq.canary@example.org", ("zqcanary",)),
    "ni_number": ("QQ 12 34 56 C", ("qq123456c",)),
    "nhs_number": ("943 476 5919", ("9434765919",)),
    "card": ("4111 1111 1111 1111", ("41111111",)),
    "bank_account": ("sort code 20-14-53 account 43218765", ("201453", "43218765")),
    "vehicle": ("LK19 XYZ", ("lk19xyz",)),
    "date_of_birth": ("14/7/1961", ("1471961",)),
}
# How each is said in passing: to the reader it is only noise around the same need.
SAID = {
    "name": "my name is {}, when is my bin collected",
    "address": "i live at {}, when is my bin collected",
    "postcode": "when is my bin collected at {}",
    "phone": "when is my bin collected, ring me on {}",
    "email": "when is my bin collected, email me at {}",
    "ni_number": "my ni number is {}, when is my bin collected",
    "nhs_number": "my nhs number is {}, when is my bin collected",
    "card": "my card is {}, when is my bin collected",
    "bank_account": "{}, when is my bin collected",
    "vehicle": "my reg is {}, when is my bin collected",
    "date_of_birth": "i was born on {}, when is my bin collected",
}
# What the record is: columns under access control, erased with the conversation or the contact. `context` has the
# details of a form while it is open.
RECORD = {
    ("message", "text"), ("message", "extras"), ("conversation", "context"),
    ("contact", "text"), ("contact", "details"), ("contact", "place"), ("contact", "reply_to"),
    # What was passed on to an agent, what the resident added, and what the agent answered.
    ("contact_history", "detail"),
}  # fmt: skip


def squeezed(text: str) -> str:
    """Letters and figures alone, so that no spacing hides a canary."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def found(text: str) -> set[str]:
    """The kinds of canary that stand in `text`."""
    plain = squeezed(text)
    return {kind for kind, (_, parts) in CANARIES.items() if any(part in plain for part in parts)}


@dataclass
class Wire:
    """All that went between the web app and Rasa, both ways."""

    said: list[str] = field(default_factory=list)

    def around(self, app: ASGIApp) -> ASGIApp:
        """`app` with what Rasa sends to /internal/actions, and what it is given, written down."""

        async def noting(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or scope["path"] != "/internal/actions":
                await app(scope, receive, send)
                return

            async def received() -> Message:
                message = await receive()
                self.said.append(message.get("body", b"").decode())
                return message

            async def sent(message: Message) -> None:
                self.said.append(message.get("body", b"").decode())
                await send(message)

            await app(scope, received, sent)

        return noting

    async def asked(self, request: httpx2.Request) -> None:
        self.said.append(request.content.decode())

    async def answered(self, response: httpx2.Response) -> None:
        self.said.append((await response.aread()).decode())


@pytest.fixture(scope="module")
def web_port() -> int:
    return _free_port()


@pytest.fixture(scope="module")
def loud_rasa(web_port: int, trained: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaProcess]:
    """A Rasa that calls the actions of the real web app."""
    home = get_settings().home.resolve()
    actions_url = f"http://127.0.0.1:{web_port}/internal/actions"
    rasa = RasaProcess(model_path(home, ROOT), home, actions_url, tmp_path_factory.mktemp("canary") / "rasa.log")
    rasa.start()
    yield rasa
    rasa.stop()
    rasa.client.close()


@dataclass
class House:
    """The web app on its port, with what went over the wire to Rasa."""

    client: httpx2.AsyncClient
    wire: Wire
    database: str
    rasa_log: Path
    glimpsed: dict[str, set[str]] = field(default_factory=dict)

    async def begin(self) -> "Talk":
        begun = (await self.client.post("/api/conversations")).json()
        return Talk(self.client, begun["id"], begun["secret"])

    def tables(self) -> dict[tuple[str, str], str]:
        """Every column of every table, as text."""
        with psycopg.connect(self.database) as connection:
            columns = connection.execute(
                "select table_name, column_name from information_schema.columns where table_schema = 'public'"
            ).fetchall()
            return {
                (table, column): "\n".join(
                    str(row[0]) for row in connection.execute(f'select "{column}"::text from "{table}"').fetchall()
                )
                for table, column in columns
            }

    def outside(self) -> dict[str, set[str]]:
        """Each column that is no part of the record, with the kinds of canary that stand in it."""
        # The passages are the council's own words, and the figures of their vectors may look like a bank account.
        tables = {column: text for column, text in self.tables().items() if column[0] != "passage"}
        return {".".join(column): found(text) for column, text in tables.items() if column not in RECORD}

    def glimpse(self) -> None:
        """Look while a form is open: what it has so far is carried then, and gone when it is over."""
        for place, kinds in self.outside().items():
            self.glimpsed[place] = self.glimpsed.get(place, set()) | kinds

    async def work(self) -> set[str]:
        """Run every job there is; the kinds of canary in their arguments, which are deleted with them."""
        jobs_before = found("\n".join(text for (table, _), text in self.tables().items() if "procrastinate" in table))
        connector = procrastinate.PsycopgConnector(conninfo=self.database, min_size=1, max_size=4)
        with jobs.replace_connector(connector):
            async with jobs.open_async():
                await jobs.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)
        return jobs_before


@dataclass
class Talk:
    """One resident's conversation over the API."""

    client: httpx2.AsyncClient
    id: str
    secret: str
    newest: list[dict[str, Any]] = field(default_factory=list)

    async def say(self, text: str) -> str:
        return await self._send({"text": text})

    async def press(self, label: str) -> str:
        choices = {choice["label"]: choice["id"] for one in self.newest for choice in one.get("choices", ())}
        return await self._send({"choice": choices[label]})

    async def _send(self, body: dict[str, str]) -> str:
        response = await self.client.post(
            f"/api/conversations/{self.id}/messages", json=body, headers={"Authorization": f"Bearer {self.secret}"}
        )
        assert response.status_code == 200, response.status_code
        self.newest = response.json()["messages"]
        return "\n".join(message["text"] for message in self.newest)


@pytest.fixture
async def house(
    database: str, loud_rasa: RasaProcess, web_port: int, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    monkeypatch.setenv("FRONTDOOR_RASA_URL", f"http://127.0.0.1:{loud_rasa.port}")
    monkeypatch.setenv("FRONTDOOR_INTERNAL_TOKEN", TOKEN)
    monkeypatch.setenv("FRONTDOOR_ENGINE_TIMEOUT_S", "10")
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-24T10:00")
    get_settings.cache_clear()
    from triage.app import build

    app, wire = build(), Wire()
    server = uvicorn.Server(
        uvicorn.Config(wire.around(app), host="127.0.0.1", port=web_port, log_level="debug", access_log=False)
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        assert not serving.done(), "the web app did not start"
        await asyncio.sleep(0.02)
    app.state.engine._client.event_hooks = {"request": [wire.asked], "response": [wire.answered]}
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{web_port}", timeout=30) as client:
        yield House(client, wire, database, loud_rasa.log)
    server.should_exit = True
    await serving


async def resident(house: House) -> None:
    """Everything that a resident may do with details in it: plain questions, both forms, a choice, a danger."""
    talk = await house.begin()
    for kind, (typed, _) in CANARIES.items():
        await talk.say(SAID[kind].format(typed))
    await a_missed_bin(house)
    await a_message(house)
    danger = await house.begin()
    await danger.say("My name is Priya Zelkova of 47 Quillfeather Road, my husband is hitting me, help")


async def a_missed_bin(house: House) -> None:
    talk = await house.begin()
    await talk.say("hi its Priya Zelkova, my blue bin was missed")
    assert "Which of these" in await talk.say("N12 9ZQ")
    offered = [choice["label"] for one in talk.newest for choice in one.get("choices", ())]
    assert len(offered) == 5 and all("N12 9ZQ" in label for label in offered), "addresses are offered in full"
    assert "not find" in await talk.say("47 Quillfeather Road"), "no postcode, no property"
    await talk.say("47 Quillfeather Road N12 9ZQ")
    await talk.say("yes")
    read_back = await talk.say("Priya Zelkova says a fox ran off with it, ring 07700 900417")
    assert "47 Quillfeather Road, N12 9ZQ" in read_back and "ring 07700 900417" in read_back, "to be checked in full"
    house.glimpse()
    # The address may be put right by choosing one.
    await talk.say("change the address")
    await talk.say("N12 9ZQ")
    await talk.press(offered[2])
    assert "We have your report" in await talk.say("yes")


async def a_message(house: House) -> None:
    talk = await house.begin()
    await talk.say("i want to leave a message")
    await talk.say("Details: " + ", ".join(typed for typed, _ in CANARIES.values()))
    read_back = await talk.say("zq.canary@example.org")
    assert found(read_back) == set(CANARIES), "the whole message is read back"
    house.glimpse()
    assert "reference" in await talk.say("yes")


async def leaks(house: House, capfd: pytest.CaptureFixture[str]) -> dict[str, set[str]]:
    """Where canaries are that may not be, and which; the record is looked at for its own sake."""
    in_jobs = await house.work()
    tables = house.tables()
    out, err = capfd.readouterr()
    places = {
        "what went to Rasa and back": found("\n".join(house.wire.said)),
        "Rasa's log": found(house.rasa_log.read_text()),
        "our log": found(out + err),
        "/metrics": found((await house.client.get("/metrics")).text),
        "arguments of jobs": in_jobs,
        **{place: kinds | house.glimpsed.get(place, set()) for place, kinds in house.outside().items()},
    }
    assert found(tables[("message", "text")]) == set(CANARIES), "the record keeps what was said"
    return {place: kinds for place, kinds in places.items() if kinds}


@pytest.mark.parametrize("replicas", ["one process", "another process"])
async def test_details_stay_in_the_record(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, replicas: str
) -> None:
    if replicas == "another process":
        # Rasa's calls come to a process that does not have the turn in hand, and reads the record.
        monkeypatch.setattr(acting, "in_hand_here", nullcontext)
    await resident(house)
    tables = house.tables()
    assert len(house.wire.said) > 50 and "[postcode]" in "".join(house.wire.said)
    assert await leaks(house, capfd) == {}
    assert not found(tables[("conversation", "context")]), "a form that is over has left nothing behind"
    assert "N12 9ZQ" in tables[("contact", "place")] and "zq.canary@example.org" in tables[("contact", "reply_to")]
    assert "Quillfeather" not in tables[("contact", "place")], "the address that was chosen last is the one"
    assert found(tables[("contact", "text")]) == set(CANARIES)


async def test_a_detail_does_not_hide_the_need(house: House) -> None:
    talk = await house.begin()
    said = {kind: await talk.say(SAID[kind].format(typed)) for kind, (typed, _) in CANARIES.items()}
    assert [kind for kind, answer in said.items() if "collect" not in answer.lower()] == []


async def test_the_canaries_sing_when_nothing_is_redacted(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Blind:
        def redact(self, text: str) -> Redacted:
            return Redacted(text, ())

    monkeypatch.setattr(reading, "redactor", Blind)
    talk = await house.begin()
    for kind, (typed, _) in CANARIES.items():
        await talk.say(SAID[kind].format(typed))
    assert (await leaks(house, capfd))["what went to Rasa and back"] == set(CANARIES)


async def test_a_failing_action_says_nothing_of_what_was_typed(
    house: House, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*args: object) -> Any:
        raise ValueError("could not read Priya Zelkova of 47 Quillfeather Road")

    monkeypatch.setattr(acting.Actions, "_opened", fail)
    talk = await house.begin()
    for typed, _ in CANARIES.values():
        await talk.say(f"my blue bin was missed {typed}")
    assert json.dumps(house.wire.said).count("action_failed") == len(CANARIES)
    assert await leaks(house, capfd) == {}
