"""A conversation with an engine that does as it is told, over the real database, danger rules and content."""

from collections.abc import AsyncIterator, Callable
from typing import Any
from uuid import UUID

import procrastinate
import pytest

from connectors.console import ConsoleLibraries
from tests.makers import make_agent, session_of
from triage import journey, reading
from triage.access import ResidentKey
from triage.chat import sending, turns
from triage.chat.engine import EngineUnavailable, Turn, Understood, Words
from triage.database import transaction
from triage.outbox import jobs
from triage.tables import Conversation


class ToldEngine:
    """An engine that says what a test told it to, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[Words, list[Any]]] = []
        self.then: Callable[[Words], Turn] | Exception = lambda words: Turn(
            says=({"answer": "bin_collection_day"},),
            understood=Understood("bin_collection_day", 0.97, False, (("bin_collection_day", 0.97),)),
            memory=[{"turn": len(self.asked)}],
        )

    async def turn(self, conversation_id: UUID, words: Words, memory: list[Any]) -> Turn:
        self.asked.append((words, memory))
        if isinstance(self.then, Exception):
            raise self.then
        return self.then(words)

    async def ready(self) -> bool:
        return not isinstance(self.then, EngineUnavailable)


class Chat:
    """One resident's conversation."""

    def __init__(self, engine: ToldEngine, conversation_id: UUID, secret: str, spare: Any = None) -> None:
        self.engine = engine
        self.id = conversation_id
        self.key = ResidentKey(conversation_id, secret)
        self.turns = turns.Turns(engine, spare, reading.dangers(), ConsoleLibraries())

    async def say(self, text: str, key: str | None = None) -> turns.Result:
        return await self.turns.take(self.key, sending.Sent(text=text, choice=None, key=key))

    async def press(self, choice: str) -> turns.Result:
        return await self.turns.take(self.key, sending.Sent(text=None, choice=choice, key=None))

    async def state(self) -> Conversation:
        async with transaction() as session:
            return await session.get_one(Conversation, self.id)


@pytest.fixture(autouse=True)
def _reader(trained: None) -> None:
    """Whatever is said in a chat is read by the trained reader."""


@pytest.fixture
async def chat(database: str, request: pytest.FixtureRequest) -> Chat:
    """A conversation while somebody who works every queue is at the desk, unless a test is marked `nobody_there`."""
    if request.node.get_closest_marker("nobody_there") is None:
        await session_of(await make_agent())
    async with transaction() as session:
        conversation, secret, _ = await turns.begin(session)
        return Chat(ToldEngine(), conversation.id, secret)


@pytest.fixture
async def follow(database: str, trained: None) -> AsyncIterator[Callable[[], Any]]:
    """Run every step that is due, and those that follow them, until none is left."""
    assert journey.STEPS
    connector = procrastinate.PsycopgConnector(conninfo=database, min_size=1, max_size=4)
    with jobs.replace_connector(connector):
        async with jobs.open_async():

            async def run() -> None:
                await jobs.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

            yield run
