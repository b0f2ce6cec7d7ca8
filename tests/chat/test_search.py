"""Search over the real database, encoder and content: what is stored, what is found, and what is never shown."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

import numpy as np
import psycopg
import pytest
import structlog
from numpy.typing import NDArray
from sqlalchemy import create_engine, select, text

from language.encoder import Encoder
from tests.chat.conftest import Chat
from triage import clock, journey, reading
from triage.catalogue import DATA, Catalogue, catalogue, load
from triage.chat.engine import Turn, Understood
from triage.chat.search import keeping, ranking, repository, second_chance
from triage.chat.search.passages import Passages, gather
from triage.chat.search.second_chance import look_for
from triage.database import sqlalchemy_url, transaction
from triage.migrations.meaning import add_meaning
from triage.settings import get_settings
from triage.tables import Passage

UNSURE = Understood("tip", 0.4, True, (("tip", 0.4), ("bulky_waste", 0.2), ("outside", 0.1)))
ASKED = "are shops made to take back small electricals"
CANARY = "zelkovaquill"

pytestmark = pytest.mark.usefixtures("trained")


class Counting:
    """The encoder, noting what it was given."""

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self._encoder, self.given = encoder.fingerprint, encoder, list[str]()

    def encode(self, texts: list[str]) -> object:
        self.given += texts
        return self._encoder.encode(texts)


class Remembering:
    """The encoder, reading each text once for all tests: to read all that we say takes it a quarter of a minute."""

    read: ClassVar[dict[str, NDArray[np.float32]]] = {}

    def __init__(self, encoder: Encoder) -> None:
        self.fingerprint, self._encoder = encoder.fingerprint, encoder

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        new = [one for one in dict.fromkeys(texts) if one not in self.read]
        if new:
            self.read.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self.read[one] for one in texts])


def some(known: Catalogue, *services: str) -> Catalogue:
    """The content with these services alone, which is quicker to read."""
    return type(known)(**{**vars(known), "services": {one: known.services[one] for one in services}})


def today() -> Passages:
    return gather(catalogue(), clock.today())


@pytest.fixture
async def kept(database: str) -> Passages:
    """Everything that the content says today, stored."""
    passages = today()
    await keeping.keep(passages, Remembering(reading.encoder()))  # type: ignore[arg-type]
    return passages


@pytest.fixture
def clarifying(chat: Chat) -> Iterator[Chat]:
    """A chat whose engine understands nothing."""
    chat.engine.then = lambda words: Turn(says=({"do": "clarify"},), understood=UNSURE)
    yield chat


class TestKeeping:
    async def test_the_table_follows_an_edited_service(self, database: str, tmp_path: Path) -> None:
        shutil.copytree(DATA, tmp_path / "data")
        council, path = get_settings().council, tmp_path / "data" / "services" / "tip" / "service.toml"
        encoder = Counting(reading.encoder())

        async def keep() -> int:
            known = some(load(tmp_path / "data", council), "tip", "bulky_waste")
            return await keeping.keep(gather(known, clock.today()), encoder)  # type: ignore[arg-type]

        first = await keep()
        assert first == len(encoder.given) > 30
        assert await keep() == 0 and len(encoder.given) == first

        encoder.given.clear()
        old = "Bring something with your name and address"
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, "Bring a flamingo and your name and address"))
        assert await keep() == 1
        assert [one for one in encoder.given if "flamingo" in one] == encoder.given != []
        async with transaction() as session:
            stored = await session.scalar(select(Passage.text).where(Passage.id == "tip.documents.1"))
            assert stored and stored.startswith("Bring a flamingo")
            found = await repository.candidates(session, "flamingo address", None)
        assert max(found, key=lambda one: one.found).id == "tip.documents.1"

    async def test_what_is_no_longer_said_is_forgotten(self, database: str) -> None:
        known = some(catalogue(), "tip", "bulky_waste")
        await keeping.keep(gather(known, clock.today()), reading.encoder())
        await keeping.keep(gather(some(known, "tip"), clock.today()), reading.encoder())
        async with transaction() as session:
            services = set((await session.scalars(select(Passage.service))).all())
        assert "tip" in services and "bulky_waste" not in services

    async def test_the_workers_job_keeps_them(self, database: str, monkeypatch: pytest.MonkeyPatch) -> None:
        known = some(catalogue(), "tip")
        monkeypatch.setattr(keeping, "catalogue", lambda: known)
        monkeypatch.setattr(keeping, "_kept", keeping._Kept())
        await journey.passages(0)
        async with transaction() as session:
            assert await session.get(Passage, "tip.answer.1")

    async def test_the_job_costs_nothing_while_nothing_changes(
        self, database: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = some(catalogue(), "tip")
        monkeypatch.setattr(keeping, "catalogue", lambda: known)
        monkeypatch.setattr(keeping, "_kept", keeping._Kept())
        assert await keeping.keep_passages() > 20
        monkeypatch.setattr(keeping, "transaction", None)
        assert await keeping.keep_passages() == 0


class TestFinding:
    async def test_a_question_is_answered_with_its_source(self, kept: Passages) -> None:
        found = await look_for(ASKED, UNSURE)
        assert found and found.says == "bin_contents.where" and found.said.extras["source"]["href"]

    async def test_a_typing_error_is_borne(self, kept: Passages) -> None:
        found = await look_for("are shopps made to take bakc small electricls", UNSURE)
        assert found and found.says == "bin_contents.where"

    @pytest.mark.parametrize(
        "asked",
        ["what is the weather like tomorrow", "tell me a joke about a dog", "how do i mend my laptop", "", "old paint"],
    )
    async def test_nothing_is_shown_that_does_not_answer(self, kept: Passages, asked: str) -> None:
        assert await look_for(asked, UNSURE) is None

    async def test_nothing_is_shown_below_the_line(self, kept: Passages, monkeypatch: pytest.MonkeyPatch) -> None:
        assert await look_for(ASKED, UNSURE)
        monkeypatch.setattr(ranking, "SHOWN_FROM", 5.0)
        assert await look_for(ASKED, UNSURE) is None

    async def test_a_sentence_whose_fact_expired_is_not_shown_even_before_the_table_knows(
        self, kept: Passages, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = "how many years is the badge for and what does it cost up to"
        fact = catalogue().services["blue_badge"].facts["blue_badge_fee"]
        found = await look_for(asked, UNSURE)
        assert found and fact.value in found.said.text
        later = fact.review_by + timedelta(days=1)
        monkeypatch.setattr(second_chance.clock, "today", lambda: later)
        found = await look_for(asked, UNSURE)
        assert found is None or fact.value not in found.said.text
        await keeping.keep(gather(catalogue(), later), reading.encoder())
        async with transaction() as session:
            texts = (await session.scalars(select(Passage.around).where(Passage.service == "blue_badge"))).all()
        assert texts and not any(fact.value in one for one in texts)

    async def test_a_failing_search_finds_nothing_and_says_no_word_of_what_was_asked(
        self, kept: Passages, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def fail(*given: object) -> None:
            raise RuntimeError(f"could not find {given[1]}")

        monkeypatch.setattr(repository, "candidates", fail)
        with structlog.testing.capture_logs() as lines:
            assert await look_for(f"where does the {CANARY} go", UNSURE) is None
        assert [line["event"] for line in lines] == ["search.failed"]
        assert CANARY not in str(lines) and CANARY not in caplog.text

    async def test_a_slow_search_is_given_up(self, kept: Passages, monkeypatch: pytest.MonkeyPatch) -> None:
        async def slow(*_: object) -> None:
            async with transaction() as session:
                await session.execute(text("select pg_sleep(5)"))

        monkeypatch.setattr(repository, "candidates", slow)
        monkeypatch.setattr(second_chance, "LONGEST_S", 0.05)
        assert await look_for(ASKED, UNSURE) is None

    @pytest.mark.parametrize(
        "asked", ["'; drop table passage; --", "a & b | !c <-> d:*", "\\ ' \" ?? %s :terms ::x", "£ € ü 漢字 ok"]
    )
    async def test_signs_are_only_words(self, kept: Passages, asked: str) -> None:
        with structlog.testing.capture_logs() as lines:
            await look_for(asked, UNSURE)
        assert lines == []


class TestInTheChat:
    async def test_shown_above_did_you_mean(self, kept: Passages, clarifying: Chat) -> None:
        result = await clarifying.say(ASKED)
        first, second = result.messages
        assert first.text.startswith("This may help:") and first.extras["source"]["name"]
        assert second.text == "Did you mean one of these?"
        context = (await clarifying.state()).context
        # It may not be what was meant, so it counts as a failure; but "how much is it?" would mean this now.
        assert (context["failures"], context["service"]) == (1, "bin_contents")
        press = next(one for one in first.extras["choices"] if one["send"] == {"service": "bin_contents"})
        await clarifying.press(press["id"])
        assert clarifying.engine.asked[-1][0].intent == "bin_contents"

    async def test_nothing_found_is_as_before(self, kept: Passages, clarifying: Chat) -> None:
        (only,) = (await clarifying.say("what is the weather like tomorrow")).messages
        assert only.text == "Did you mean one of these?"

    async def test_never_beside_a_danger(
        self, kept: Passages, clarifying: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked: list[str] = []
        monkeypatch.setattr(second_chance, "look_for", lambda asked, _: looked.append(asked))
        result = await clarifying.say(f"i want to kill myself, {ASKED}")
        assert result.danger and looked == []

    async def test_never_inside_a_form(self, kept: Passages, clarifying: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
        looked: list[str] = []
        monkeypatch.setattr(second_chance, "look_for", lambda asked, _: looked.append(asked))
        async with transaction() as session:
            conversation = await session.get_one(type(await clarifying.state()), clarifying.id)
            conversation.context = {"form": "missed_bin"}
        await clarifying.say(ASKED)
        assert looked == []

    async def test_what_is_searched_holds_no_personal_details(
        self, kept: Passages, clarifying: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        searched: list[str] = []
        original = repository.candidates

        async def note(session: object, terms: str, vector: object) -> object:
            searched.append(terms)
            return await original(session, terms, vector)  # type: ignore[arg-type]

        monkeypatch.setattr(repository, "candidates", note)
        await clarifying.say("my email is priya.zelkova@example.com and my shop has old electricals to take back")
        assert searched and "zelkova" not in str(searched)

    async def test_no_session_is_open_while_the_encoder_reads(
        self, kept: Passages, clarifying: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from triage.database import engine

        held: list[int] = []
        original = second_chance._read

        def reads(*given: object) -> object:
            held.append(engine().pool.checkedout())  # type: ignore[attr-defined]
            return original(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(second_chance, "_read", reads)
        await clarifying.say(ASKED)
        assert held == [0]


def without_the_extension(url: str) -> None:
    """A database as a council's own may be: no pgvector."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("drop extension vector cascade")


class TestWithoutTheExtension:
    async def test_it_goes_by_words_and_says_so_at_start(self, database: str) -> None:
        without_the_extension(database)
        await keeping.keep(today(), reading.encoder())
        with structlog.testing.capture_logs() as lines:
            await second_chance.begin()
        assert [line["event"] for line in lines] == ["search.words_only"]
        found = await look_for("shops take back small electricals and batteries", UNSURE)
        assert found and found.says == "bin_contents.where"
        assert await look_for("what is the weather like tomorrow", UNSURE) is None

    async def test_it_may_come_later_and_what_is_stored_is_read_then(self, database: str) -> None:
        without_the_extension(database)
        passages = gather(some(catalogue(), "tip"), clock.today())
        await keeping.keep(passages, reading.encoder())
        engine = create_engine(sqlalchemy_url(database))
        with engine.begin() as connection:
            assert add_meaning(connection)
        engine.dispose()
        assert await keeping.keep(passages, reading.encoder()) == len(passages.by_id)
        async with transaction() as session:
            found = await repository.candidates(session, "", reading.encoder().encode(["who runs the tip"])[0])
        assert found and all(one.nearness is not None for one in found)

    async def test_where_it_may_not_be_made_nothing_breaks(self, database: str) -> None:
        without_the_extension(database)
        engine = create_engine(sqlalchemy_url(database))
        with engine.begin() as connection:
            connection.execute(text("create role nobody_much"))
            connection.execute(text("grant select on passage to nobody_much"))
        try:
            with engine.begin() as connection:
                connection.execute(text("set local role nobody_much"))
                assert not add_meaning(connection)
                assert connection.scalar(text("select count(*) from passage")) == 0
        finally:
            with engine.begin() as connection:
                connection.execute(text("drop owned by nobody_much"))
                connection.execute(text("drop role nobody_much"))
            engine.dispose()
