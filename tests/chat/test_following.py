"""What holds a conversation together: follow-ups that lean on what was said, two needs at once, "not what I asked"."""

import pytest

from language.intents import Reading
from tests.chat.conftest import Chat
from triage.chat import needs
from triage.chat.engine import Turn, Understood
from triage.chat.turns import Turns


def told(*says: dict[str, str], service: str = "outside", abstained: bool = False, ranking: tuple = ()) -> Turn:
    return Turn(says=says, understood=Understood(service, 0.9, abstained, ranking))


class Reads:
    """A reader that knows two needs, and is sure of them."""

    def read_many(self, texts: list[str]) -> list[Reading]:
        known = {"bin": "bin_collection_day", "badge": "blue_badge", "permit": "parking_permit"}
        label = [next((name for word, name in known.items() if word in text), "outside") for text in texts]
        return [Reading(one, 0.9, one == "outside", ((one, 0.9),)) for one in label]


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


class TestTwoNeeds:
    async def says(self, chat: Chat, turn: Turn, text: str) -> list[str]:
        chat.turns = Turns(chat.engine, None, chat.turns._dangers, chat.turns._libraries, Reads())
        chat.engine.then = lambda words: turn
        return [message.text for message in (await chat.say(text)).messages]

    async def test_both_are_dealt_with(self, chat: Chat) -> None:
        turn = told({"answer": "blue_badge"}, service="blue_badge")
        first, second = await self.says(chat, turn, "How do I renew a blue badge? And when is my bin emptied?")
        assert "Blue Badge" in first and second.startswith("About ")

    async def test_a_message_that_is_unclear_only_as_a_whole(self, chat: Chat) -> None:
        turn = told({"do": "clarify"}, service="blue_badge", abstained=True)
        said = await self.says(chat, turn, "i need a blue badge and when is my bin emptied")
        assert len(said) == 2 and "Did you mean" not in said[0]

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
