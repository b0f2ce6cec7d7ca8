"""What holds a conversation together: follow-ups that lean on what was said, two needs at once, "not what I asked"."""

import pytest
from sqlalchemy import select

from language.intents import Reading
from tests.chat.conftest import Chat
from triage.catalogue import catalogue
from triage.chat import needs
from triage.chat.engine import Turn, Understood
from triage.chat.turns import Turns
from triage.database import transaction
from triage.tables import Message


def told(*says: dict[str, str], service: str = "outside", abstained: bool = False, ranking: tuple = ()) -> Turn:
    return Turn(says=says, understood=Understood(service, 0.9, abstained, ranking))


class Reads:
    """A reader that knows two needs, and is sure of them."""

    def __init__(self, sure: float = 0.9) -> None:
        self.sure = sure

    def read_many(self, texts: list[str]) -> list[Reading]:
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Reading:
        known = {"bin": "bin_collection_day", "badge": "blue_badge", "permit": "parking_permit"}
        named = [name for word, name in known.items() if word in text]
        if len(named) > 1:
            return Reading(named[0], 0.4, True, tuple((name, 0.4) for name in named))
        label = named[0] if named else "outside"
        return Reading(label, self.sure, label == "outside", ((label, self.sure),))


class TestFollowUps:
    async def test_a_question_that_leans_on_the_service_just_spoken_of(self, chat: Chat) -> None:
        chat.engine.then = lambda words: told({"answer": "blue_badge"}, service="blue_badge")
        await chat.say("how do i get a blue badge")
        chat.engine.then = lambda words: told({"do": "detail"}, service="more_cost")
        result = await chat.say("how much is it")
        assert "£10" in result.messages[0].text

    async def test_what_a_service_does_not_say_is_not_made_up(self, chat: Chat) -> None:
        chat.engine.then = lambda words: told({"answer": "blue_badge"}, service="blue_badge")
        await chat.say("how do i get a blue badge")
        chat.engine.then = lambda words: told({"do": "detail"}, service="more_flats")
        (said,) = (await chat.say("what about flats")).messages
        assert "can't tell you that about Blue Badge" in said.text and said.extras["source"]
        assert any(choice["send"] == {"do": "person"} for choice in said.extras["choices"])

    async def test_with_nothing_to_lean_on_it_asks_which(self, chat: Chat) -> None:
        chat.engine.then = lambda words: told({"do": "detail"}, service="more_cost")
        (said,) = (await chat.say("how much is it")).messages
        assert "Which service" in said.text

    async def test_not_what_i_asked_offers_what_else_it_may_have_been_then_a_person(self, chat: Chat) -> None:
        ranking = (("blue_badge", 0.6), ("parking_permit", 0.3), ("penalty_charge", 0.1))
        chat.engine.then = lambda words: told({"answer": "blue_badge"}, service="blue_badge", ranking=ranking)
        await chat.say("i need a badge for my street")
        chat.engine.then = lambda words: told({"do": "wrong_answer"}, service="wrong_answer")
        (first,) = (await chat.say("thats not what i asked")).messages
        offered = [choice["send"] for choice in first.extras["choices"]]
        assert offered[0] == {"service": "parking_permit"} and {"service": "blue_badge"} not in offered
        (second,) = (await chat.say("still wrong")).messages
        assert second.extras["choices"][0]["send"] == {"do": "person"}

    @pytest.mark.parametrize("text", ["what about my nan", "and my mum", "for my neighbour please"])
    async def test_for_somebody_else_leans_on_the_service_however_it_was_read(self, chat: Chat, text: str) -> None:
        chat.engine.then = lambda words: told({"answer": "freedom_pass"}, service="freedom_pass")
        await chat.say("how do i get a freedom pass")
        chat.engine.then = lambda words: told({"do": "clarify"}, service="more_someone_else", abstained=True)
        (said,) = (await chat.say(text)).messages
        wording = catalogue().services["freedom_pass"].details["someone_else"]
        assert said.text.startswith(wording.say[0].text.split("{")[0][:20])

    @pytest.mark.parametrize("text", ["what about my nan", "and my mum"])
    async def test_with_no_service_before_it_what_was_read_stands(self, chat: Chat, text: str) -> None:
        chat.engine.then = lambda words: told({"do": "clarify"}, service="more_someone_else", abstained=True)
        await chat.say(text)
        assert (await chat.state()).context["failures"] == 1


class TestTwoNeeds:
    async def says(self, chat: Chat, turn: Turn, text: str, sure: float = 0.9) -> list[str]:
        chat.turns = Turns(chat.engine, None, chat.turns._dangers, chat.turns._libraries, Reads(sure))
        chat.engine.then = lambda words: turn
        return [message.text for message in (await chat.say(text)).messages]

    async def test_both_are_dealt_with(self, chat: Chat) -> None:
        turn = told({"answer": "blue_badge"}, service="blue_badge")
        first, second = await self.says(chat, turn, "How do I renew a blue badge? And when is my bin emptied?")
        assert "Renew on GOV.UK" in first and second.startswith("About ")

    async def test_a_message_that_is_unclear_only_as_a_whole(self, chat: Chat) -> None:
        turn = told({"do": "clarify"}, service="blue_badge", abstained=True)
        said = await self.says(chat, turn, "i need a blue badge and when is my bin emptied")
        assert len(said) == 2 and "Did you mean" not in said[0]

    async def test_what_is_less_sure_is_offered_and_not_lost(self, chat: Chat) -> None:
        turn = told({"answer": "blue_badge"}, service="blue_badge")
        text = "How do I renew a blue badge? And the bin is full."
        _, second = await self.says(chat, turn, text, sure=0.6)
        assert "If you also asked about this" in second and "Bin collection day" in second
        offered = (await chat.state()).last_seq
        async with transaction() as session:
            message = (await session.scalars(select(Message).where(Message.seq == offered))).one()
        assert message.extras["choices"][0]["send"] == {"service": "bin_collection_day"}

    async def test_who_asks_for_a_person_is_not_asked_about_anything_else(self, chat: Chat) -> None:
        turn = told({"do": "person"}, service="person")
        said = await self.says(chat, turn, "let me speak to somebody about my bin. and the blue badge.")
        assert not any("also asked" in text or text.startswith("About ") for text in said)

    async def test_one_need_said_in_two_sentences_is_answered_once(self, chat: Chat) -> None:
        turn = told({"answer": "blue_badge"}, service="blue_badge")
        assert len(await self.says(chat, turn, "My badge has run out. How do I renew a badge?")) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("when is my bin emptied", 0),
        ("bin day? thanks", 0),
        ("My bin was missed. How do I pay council tax?", 2),
        ("i moved house and need to tell you also i want a parking permit", 3),
        ("a. b. c. d.", 0),
        ("one two three. " * 40, needs.MOST_PARTS),
    ],
)
def test_parts(text: str, number: int) -> None:
    assert len(needs.parts(text)) == number


@pytest.mark.parametrize(
    ("text", "added"),
    [
        ("bin not take monday also how pay council tax", [False, True]),
        ("I need a permit. How do I register a birth too?", [False, True]),
        ("the bin was out. they drove past it", [False, False]),
    ],
)
def test_what_the_resident_says_is_one_more(text: str, added: list[bool]) -> None:
    assert [part.added for part in needs.parts(text)] == added
