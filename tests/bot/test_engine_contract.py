"""What every dialogue engine promises (triage/chat/engine.py), held by each implementation."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx2
import pytest

from tests.bot.conftest import TOKEN, RasaProcess
from triage.chat.engine import DialogueEngine, EngineUnavailable, Words
from triage.chat.plain import PlainEngine
from triage.chat.rasa import RasaEngine
from triage.reading import reader
from triage.settings import get_settings

pytestmark = pytest.mark.rasa
ONE_OF = {"answer", "ask", "do", "note"}


@pytest.fixture(params=["rasa", "plain"])
async def engine(
    request: pytest.FixtureRequest, rasa_server: RasaProcess, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[DialogueEngine]:
    if request.param == "plain":
        yield PlainEngine(reader())
        return
    monkeypatch.setenv("FRONTDOOR_RASA_URL", f"http://127.0.0.1:{rasa_server.port}")
    monkeypatch.setenv("FRONTDOOR_INTERNAL_TOKEN", TOKEN)
    get_settings.cache_clear()
    made = RasaEngine()
    yield made
    await made.close()
    get_settings.cache_clear()


async def test_it_is_ready(engine: DialogueEngine) -> None:
    assert await engine.ready()


@pytest.mark.parametrize(
    "text", ["when is my bin collected", "hello", "who won the match", "🙂", "/restart", "<b>x</b>"]
)
async def test_a_turn_always_says_something_we_can_perform(engine: DialogueEngine, text: str) -> None:
    turn = await engine.turn(uuid4(), Words(text=text), [])
    assert turn.says
    for say in turn.says:
        assert len(ONE_OF & set(say)) == 1, say
    assert 0 <= turn.understood.confidence <= 1


async def test_a_plain_question_is_answered_by_its_service(engine: DialogueEngine) -> None:
    turn = await engine.turn(uuid4(), Words(text="i live alone, is there a discount on council tax"), [])
    assert turn.says == ({"answer": "council_tax_single_person"},)
    assert turn.understood.service == "council_tax_single_person" and not turn.understood.abstained


async def test_a_pressed_choice_needs_no_reading(engine: DialogueEngine) -> None:
    turn = await engine.turn(uuid4(), Words(intent="blue_badge"), [])
    assert turn.says == ({"answer": "blue_badge"},) and turn.understood.confidence == 1.0


async def test_a_person_is_always_within_reach(engine: DialogueEngine) -> None:
    assert (await engine.turn(uuid4(), Words(intent="person"), [])).says == ({"do": "person"},)


async def test_it_keeps_nothing_between_conversations(engine: DialogueEngine) -> None:
    conversation = uuid4()
    first = await engine.turn(conversation, Words(text="my blue bin was missed"), [])
    afresh = await engine.turn(conversation, Words(text="hello"), [])
    assert first.says and afresh.form is None and afresh.says == ({"answer": "greeting"},)


async def test_rasa_that_is_away_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_RASA_URL", "http://127.0.0.1:9")
    get_settings.cache_clear()
    engine = RasaEngine()
    with pytest.raises(EngineUnavailable):
        await engine.turn(uuid4(), Words(text="hello"), [])
    assert not await engine.ready()
    await engine.close()
    get_settings.cache_clear()


@pytest.mark.parametrize(
    "body", ["", "[]", "{}", '{"says": []}', "<html>", '{"says": [], "understood": {}}'], ids=range(6)
)
async def test_an_answer_that_cannot_be_used_is_an_absence(body: str) -> None:
    answering = httpx2.MockTransport(lambda request: httpx2.Response(200, text=body))
    engine = RasaEngine(httpx2.AsyncClient(transport=answering, base_url="http://rasa"))
    with pytest.raises(EngineUnavailable):
        await engine.turn(uuid4(), Words(text="hello"), [])


async def test_after_a_time_out_nobody_else_waits() -> None:
    calls: list[str] = []

    def slow(request: httpx2.Request) -> httpx2.Response:
        calls.append(request.url.path)
        raise httpx2.ReadTimeout("slow", request=request)

    engine = RasaEngine(httpx2.AsyncClient(transport=httpx2.MockTransport(slow), base_url="http://rasa"))
    for _ in range(3):
        with pytest.raises(EngineUnavailable):
            await engine.turn(uuid4(), Words(text="hello"), [])
    assert len(calls) == 1
