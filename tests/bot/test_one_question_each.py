"""Each service asked once, in a question that a resident might type first, and what is asked next leaning on it.

The whole way through: a real Rasa decides, the chat answers from the content, a real database remembers what was spoken
of. The questions (one_question_each.jsonl) were written without looking at the examples, and none of them is one. Where
somebody may come to harm the numbers come first (tests/language/test_danger.py), so these are asked calmly.
"""

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio

from bot.actions.declared import declared_forms
from connectors.console import ConsoleLibraries
from tests.bot.conftest import TOKEN, RasaProcess
from tests.conftest import TEMPLATE, _admin, _clear_caches
from triage import database, reading
from triage.access import ResidentKey
from triage.catalogue import catalogue
from triage.chat import answering, points, sending, turns
from triage.chat.engine import Turn, Understood
from triage.chat.rasa import RasaEngine
from triage.chat.turns import Turns
from triage.database import transaction
from triage.settings import ROOT

ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("one_question_each.jsonl").read_text().splitlines()
]
# Asking for these opens their form at once: its first question is the answer.
OPENED = {
    "missed_bin": "missed_bin.stream",
    "library_hours": "library.site",
    **{intent: f"{form.id}.{form.questions[0].id}" for form in declared_forms() for intent in form.opens_on},
}


@pytest.fixture(scope="module")
def one_database(postgres: Any) -> Any:
    """One database for all of these conversations; they know nothing of each other."""
    name = f"t_{uuid4().hex}"
    _admin(postgres.get_uri(), f"create database {name} template {TEMPLATE}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", postgres.get_uri(database=name))
        patch.setenv("FRONTDOOR_INTERNAL_TOKEN", TOKEN)
        _clear_caches()
        yield
    _clear_caches()
    _admin(postgres.get_uri(), f"drop database if exists {name} with (force)")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chat(one_database: None, trained: None, rasa_server: RasaProcess) -> AsyncIterator[Turns]:
    """The chat as the web app holds it, with that Rasa behind it."""
    address = f"http://127.0.0.1:{rasa_server.port}"
    engine = RasaEngine(httpx2.AsyncClient(base_url=address, timeout=20))
    reader = reading.reader()
    yield Turns(engine, None, reading.dangers(), ConsoleLibraries(), reader)
    await engine.close()
    await database.close()


class Resident:
    """Somebody in a conversation of their own."""

    def __init__(self, chat: Turns, key: ResidentKey) -> None:
        self._chat = chat
        self._key = key

    @classmethod
    async def comes(cls, chat: Turns) -> "Resident":
        async with transaction() as session:
            conversation, secret, _ = await turns.begin(session)
        return cls(chat, ResidentKey(conversation.id, secret))

    async def says(self, text: str) -> list[str]:
        """What the assistant says to that."""
        result = await self._chat.take(self._key, sending.Sent(text=text, choice=None, key=None))
        return [message.text for message in result.messages]


def test_every_service_is_asked_for_once() -> None:
    assert [row["service"] for row in ROWS] == sorted(catalogue().services)


def test_no_question_is_an_example() -> None:
    def plain(text: str) -> str:
        return re.sub(r"\W+", " ", text).strip().lower()

    lines = {plain(line) for path in (ROOT / "data/services").glob("*/nlu*.yml") for line in path.open()}
    assert [row["text"] for row in ROWS if plain(row["text"]) in lines] == []


@pytest.mark.rasa
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["service"])
async def test_a_question_has_its_answer_and_what_is_asked_next_leans_on_it(chat: Turns, row: dict[str, Any]) -> None:
    service, about = str(row["service"]), str(row["about"])
    resident = await Resident.comes(chat)
    said = await resident.says(row["text"])
    assert _expected(chat, service, row["text"]) in said, said
    room = chat.room()
    detail = answering.detail(room, service, about).text
    assert detail != room.line("detail_unknown", service=catalogue().services[service].name).text
    assert detail in await resident.says(row["then"]), f"{row['then']!r} did not lean on {service}"


def _expected(chat: Turns, service: str, text: str) -> str:
    """What a resident is first told or asked of a service today: the one thing they ask, where it has a point."""
    if service in OPENED:
        return answering.question(chat.room(), OPENED[service], Turn(says=(), understood=Understood())).text
    turn = Turn(says=({"answer": service},), understood=Understood())
    point = points.asked_for(catalogue(), turn, text)
    return answering.answer(chat.room(), service, point).text
