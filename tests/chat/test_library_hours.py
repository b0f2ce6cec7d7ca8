"""Whether a library is open now: at its opening, at its closing, in self-service hours, and over days off."""

from datetime import datetime

import pytest

from connectors.console import ConsoleLibraries
from tests.chat.conftest import Chat
from triage import clock
from triage.catalogue import catalogue
from triage.chat import library_hours
from triage.chat.answering import Room, form_note
from triage.chat.engine import Turn, Understood
from triage.clock import LONDON
from triage.reading import dangers
from triage.settings import get_settings


def at(text: str) -> datetime:
    """A moment on a wall in London."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


async def said(moment: str) -> str:
    """What a resident reads at a moment of the demonstration's week."""
    hours = await ConsoleLibraries().hours("hendon", at(moment).date())
    assert hours
    values = library_hours.values("Hendon Library", hours, at(moment))
    return form_note(Room(catalogue(), dangers()), "library", "hours", values).text


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        # Tuesday: 9:30 to 5 with staff, then self-service to 8.
        ("2026-11-24T09:29", "Hendon Library is closed now. It opens next today at 9:30am."),
        ("2026-11-24T09:30", "Hendon Library is open now, with staff, until 5pm."),
        ("2026-11-24T16:59:59", "Hendon Library is open now, with staff, until 5pm."),
        ("2026-11-24T17:00", "Hendon Library is open now, but only for self-service, until 8pm."),
        ("2026-11-24T19:59", "Hendon Library is open now, but only for self-service, until 8pm."),
        ("2026-11-24T20:00", "Hendon Library is closed now. It opens next tomorrow at 8am, for self-service."),
        # Wednesday: self-service from 8, staff from 9:30 to 1.
        ("2026-11-25T08:00", "Hendon Library is open now, but only for self-service, until 9:30am."),
        ("2026-11-25T13:00", "Hendon Library is closed now. It opens next tomorrow at 9:30am."),
        # Saturday evening: over Sunday and Monday.
        ("2026-11-28T17:00", "Hendon Library is closed now. It opens next on Tuesday 1 December 2026 at 9:30am."),
        ("2026-11-30T12:00", "Hendon Library is closed now. It opens next tomorrow at 9:30am."),
        # Christmas Day is a Friday, Boxing Day a Saturday; its substitute is the Monday.
        ("2026-12-25T11:00", "Hendon Library is closed now. It opens next on Tuesday 29 December 2026 at 9:30am."),
        # In summer time, an hour before the same moment in UTC.
        ("2026-07-21T09:30", "Hendon Library is open now, with staff, until 5pm."),
    ],
)
async def test_open_now(moment: str, first: str) -> None:
    text = await said(moment)
    assert text.startswith(first)
    assert "demonstration data" in text


async def test_who_comes_in_self_service_hours_is_told_what_they_need() -> None:
    assert "your card must be set up for it" in await said("2026-11-24T18:00")
    assert "card" not in await said("2026-11-24T12:00")


async def test_what_follows_the_same_day_is_said() -> None:
    assert "After that it is open for self-service until 8pm." in await said("2026-11-24T12:00")
    assert "Staff come at 9:30am." in await said("2026-11-25T08:30")
    assert "self-service until 8pm." not in (await said("2026-11-26T12:00")).partition("Most weeks")[0]


async def test_a_day_off_says_so() -> None:
    assert "Today: closed all day." in await said("2026-12-25T11:00")


async def test_days_that_a_supplier_does_not_know_are_not_guessed() -> None:
    hours = await ConsoleLibraries().hours("hendon", at("2026-11-01T12:00").date())
    assert hours
    values = library_hours.values("Hendon Library", hours, at("2026-11-24T12:00"))
    assert set(values) == {"site", "week", "provenance"}


async def test_in_the_chat_it_is_this_moment_that_counts(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-24T18:30")
    get_settings.cache_clear()
    clock._shift.cache_clear()
    chat.engine.then = lambda words: Turn(
        says=({"do": "library_hours"},),
        understood=Understood("library_hours", 0.99, False),
        slots={"library_site": "hendon"},
    )
    result = await chat.say("is Hendon library open now")
    assert result.messages[0].text.startswith("Hendon Library is open now, but only for self-service, until 8pm.")


class TestTheNextQuestion:
    """After the hours of one library: another library, or another day."""

    @pytest.fixture
    async def asked(self, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Chat:
        monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-24T12:00")
        get_settings.cache_clear()
        clock._shift.cache_clear()
        chat.engine.then = lambda words: Turn(
            says=({"do": "library_hours"},),
            understood=Understood("library_hours", 0.99, False),
            slots={"library_site": "hendon"},
        )
        await chat.say("when is hendon library open")
        chat.engine.then = lambda words: Turn(({"do": "clarify"},), Understood("outside", 0.5, True))
        return chat

    @pytest.mark.parametrize(
        ("text", "site"),
        [
            ("and the east finchley one?", "East Finchley Library"),
            ("what about edgware", "Edgware Library"),
            ("colindale?", "Colindale Library"),
            ("how about burnt oak", "Burnt Oak Library"),
            ("is the golders green one open now", "Golders Green Library"),
            ("what time does church end close", "Church End Library"),
            ("ok and osidge library please", "Osidge Library"),
            ("sorry i meant child's hill", "Childs Hill Library"),
        ],
    )
    async def test_another_library_by_its_name_alone(self, asked: Chat, text: str, site: str) -> None:
        (said,) = (await asked.say(text)).messages
        assert said.text.startswith(f"{site} is open now") or said.text.startswith(f"{site} is closed now")
        assert len(asked.engine.asked) == 1

    async def test_one_after_another(self, asked: Chat) -> None:
        for text, site in (("and edgware", "Edgware"), ("and colindale", "Colindale"), ("hendon again?", None)):
            (said,) = (await asked.say(text)).messages
            assert site is None or said.text.startswith(f"{site} Library")

    async def test_is_it_open_on_sunday(self, asked: Chat) -> None:
        (said,) = (await asked.say("is chipping barnet open sunday")).messages
        assert said.text.startswith("Chipping Barnet Library on Sunday 29 November 2026: ")
        (said,) = (await asked.say("and on monday?")).messages
        assert said.text.startswith("Chipping Barnet Library on Monday 30 November 2026: ")

    @pytest.mark.parametrize(
        "text",
        [
            "parking permit in east finchley",
            "my bin in hendon was missed",
            "how do I join edgware library",
            "can I park near hendon library",
            "is there a computer at colindale",
            "what about finchley",
            "edgware or colindale",
            "thanks",
            "on monday my bin was missed",
        ],
    )
    async def test_another_question_is_for_the_engine(self, asked: Chat, text: str) -> None:
        await asked.say(text)
        assert len(asked.engine.asked) == 2

    async def test_after_another_service_a_place_is_a_place_again(self, asked: Chat) -> None:
        asked.engine.then = lambda words: Turn(({"answer": "parks"},), Understood("parks", 0.9, False))
        await asked.say("where is the nearest park")
        await asked.say("and edgware?")
        assert len(asked.engine.asked) == 3
