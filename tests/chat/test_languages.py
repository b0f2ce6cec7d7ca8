"""Somebody writes in another language: answered at once in it, danger first, and an agent is told."""

import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from tests.chat.conftest import Chat
from triage import catalogue as catalogue_module
from triage import clock, reading
from triage.catalogue import DATA, CatalogueWrong, catalogue, load
from triage.chat import languages
from triage.chat.engine import Turn, Understood
from triage.database import transaction
from triage.settings import get_settings
from triage.tables import Contact, Message

POLISH = "dzień dobry, nie mogę zapłacić podatku w tym miesiącu"
ITALIAN = "buongiorno, non riesco a pagare la tassa comunale questo mese"


@pytest.fixture(autouse=True)
def at_ten_on_a_tuesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-24T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


def labels(message: Message) -> list[str]:
    return [choice["label"] for choice in message.extras.get("choices", ())]


async def contact_of(chat: Chat) -> Contact:
    async with transaction() as session:
        return (await session.scalars(select(Contact).where(Contact.conversation_id == chat.id))).one()


class TestAnswered:
    async def test_in_that_language_with_999_and_a_way_to_a_person(self, chat: Chat) -> None:
        texts = catalogue().languages["pl"]
        result = await chat.say("mam pytanie do urzędu, nie mówię dobrze po angielsku")
        (said,) = result.messages
        assert all(sentence in said.text for sentence in texts.welcome) and texts.danger in said.text
        assert labels(said) == [texts.person, texts.in_english]
        assert said.extras["language"]["code"] == "pl" and said.extras["language"]["direction"] == "ltr"

    async def test_the_engine_is_not_asked_and_its_guess_is_not_kept(self, chat: Chat) -> None:
        result = await chat.say("mam pytanie do urzędu, nie mówię dobrze po angielsku")
        assert chat.engine.asked == [] and result.understood is None

    async def test_at_length_once_and_shortly_from_then_on(self, chat: Chat) -> None:
        texts = catalogue().languages["pl"]
        await chat.say("mam pytanie do urzędu")
        (again,) = (await chat.say("czy ktoś mówi po polsku")).messages
        assert again.text.startswith(texts.short) and texts.welcome[0] not in again.text and texts.danger in again.text
        (other,) = (await chat.say("no hablo bien inglés, tengo una pregunta")).messages
        assert catalogue().languages["es"].welcome[0] in other.text

    async def test_a_need_that_is_recognised_is_offered_with_its_word(self, chat: Chat) -> None:
        (said,) = (await chat.say(ITALIAN)).messages
        texts = catalogue().languages["it"]
        assert said.text.endswith(texts.did_you_mean)
        assert labels(said)[0] == "Council tax bill and payments (tassa comunale)"
        assert said.extras["choices"][0]["send"] == {"service": "council_tax_bill"}

    async def test_what_a_language_has_on_is_offered_and_the_rest_is_not(self, chat: Chat) -> None:
        (said,) = (await chat.say("jak zapisac corke do szkoly podstawowej")).messages
        assert labels(said)[0] == "Primary or junior school place (miejsce w szkole)"
        (said,) = (await chat.say("w mojej łazience przecieka kran, kto naprawi")).messages
        assert not any("Repairs" in label for label in labels(said))

    async def test_pressing_the_guess_goes_there(self, chat: Chat) -> None:
        await chat.say(ITALIAN)
        await chat.press("c1")
        assert [words.intent for words, _ in chat.engine.asked] == ["council_tax_bill"]

    async def test_english_is_answered_as_ever(self, chat: Chat) -> None:
        for text in ("hola i need help with my council tax", "My name is Ion Popescu, no bin collection in my road"):
            (said, *_) = (await chat.say(text)).messages
            assert "language" not in said.extras
        assert len(chat.engine.asked) == 2

    async def test_a_language_that_is_switched_off_is_not_answered(
        self, chat: Chat, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = catalogue()
        only = replace(known, languages={code: row for code, row in known.languages.items() if code != "pl"})
        monkeypatch.setattr(languages, "catalogue", lambda: only)
        (said,) = (await chat.say(POLISH)).messages
        assert "language" not in said.extras and len(chat.engine.asked) == 1

    async def test_a_concern_is_spoken_of_as_well(self, chat: Chat) -> None:
        said = (await chat.say("pomocy! jestem w niebezpieczeństwie")).messages
        assert said[0].extras.get("danger") and said[-1].extras["language"]["code"] == "pl"


class TestDanger:
    async def test_the_number_is_first_and_what_follows_is_in_their_language(self, chat: Chat) -> None:
        result = await chat.say("mąż mnie bije i grozi że mnie zabije")
        assert result.danger == "domestic_abuse" and result.handover and chat.engine.asked == []
        first, second = result.messages[:2]
        texts = catalogue().languages["pl"]
        assert first.extras["danger"]["numbers"][0]["value"] == "999"
        assert texts.danger in second.text and texts.told in second.text
        contact = await contact_of(chat)
        assert contact.priority == "P0" and contact.details == {"Language": "Writes in Polish"}
        # The question about safety stays last, where its buttons are.
        assert "safe" in str(result.messages[-1].extras["choices"])

    async def test_danger_is_seen_while_a_form_is_open(self, chat: Chat) -> None:
        await open_form(chat)
        result = await chat.say("mieszkanie się pali")
        assert result.danger == "immediate_danger"

    async def test_a_language_that_may_only_ask_asks_and_says_999(self, chat: Chat) -> None:
        texts = catalogue().languages["tr"]
        result = await chat.say("kocam beni dövüyor")
        assert result.danger == "may_be_danger" and not result.handover
        asked, said = result.messages
        assert asked.extras["danger"]["numbers"][0]["value"] == "999"
        assert texts.danger in said.text and texts.person in labels(said)


async def open_form(chat: Chat) -> None:
    chat.engine.then = lambda words: Turn(
        says=({"ask": "missed_bin.stream"},),
        understood=Understood("missed_bin", 0.99, False),
        memory=[{"form": "open"}],
        form="missed_bin",
        asking="missed_bin_stream",
    )
    await chat.say("my bin was missed")


class TestForm:
    @pytest.mark.parametrize(
        "answer", ["Via Roma 4", "Avenida Road", "Maria de la Cruz", "nie", "non lo so", "ulica Długa 4", POLISH]
    )
    async def test_an_answer_to_a_form_goes_to_the_form(self, chat: Chat, answer: str) -> None:
        await open_form(chat)
        result = await chat.say(answer)
        # What the engine is given has no personal details in it, so a street's name may be hidden.
        assert len(chat.engine.asked) == 2 and chat.engine.asked[1][0].text == reading.redactor().redact(answer).text
        assert all("language" not in message.extras for message in result.messages)

    async def test_a_name_or_a_street_is_noted_as_no_language_and_a_sentence_is(self, chat: Chat) -> None:
        await open_form(chat)
        await chat.say("ulica Długa")
        assert "language" not in (await chat.state()).context
        await chat.say(POLISH)
        assert (await chat.state()).context["language"] == "Polish"


class TestPerson:
    async def test_an_agent_sees_the_language(self, chat: Chat) -> None:
        await chat.say("mam pytanie do urzędu")
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        result = await chat.press("c1")
        assert result.handover
        assert (await contact_of(chat)).details == {"Language": "Writes in Polish"}

    async def test_a_language_heard_while_waiting_is_noted_and_no_engine_is_asked(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        await chat.say("a person please")
        asked = len(chat.engine.asked)
        result = await chat.say("mam pytanie do urzędu")
        assert "Nobody has joined yet" in result.messages[0].text and len(chat.engine.asked) == asked
        assert (await contact_of(chat)).details == {"Language": "Writes in Polish"}

    async def test_english_notes_nothing(self, chat: Chat) -> None:
        chat.engine.then = lambda words: Turn(says=({"do": "person"},), understood=Understood("person", 1.0, False))
        await chat.say("a person please")
        assert (await contact_of(chat)).details == {}


class TestPage:
    @pytest.mark.parametrize(
        ("text", "code", "direction"), [(POLISH, "pl", "ltr"), ("سلام، انگلیسی من خوب نیست", "fa", "rtl")]
    )
    async def test_the_page_says_which_language_and_which_way(
        self, app_client: httpx2.AsyncClient, text: str, code: str, direction: str
    ) -> None:
        sent = await app_client.post("/chat", data={"text": text}, headers={"Origin": "https://testserver"})
        assert sent.status_code == 303, sent.text[:500]
        page = (await app_client.get("/chat")).text
        texts = catalogue().languages[code]
        marked = re.search(rf'<div class="fd-language" lang="{code}" dir="{direction}">(.*?)</div>', page, re.DOTALL)
        assert marked and texts.welcome[0].split("'")[0] in marked[1] and texts.note in marked[1]
        assert "tel:999" in marked[1]
        english = languages.ENGLISH_NOTE.format(language=texts.english)
        assert english in page and english not in marked[1]
        buttons = re.search(
            rf'<form class="fd-choices"[^>]*lang="{code}" dir="{direction}">(.*?)</form>', page, re.DOTALL
        )
        assert buttons and texts.person in buttons[1]

    async def test_what_is_in_english_is_not_marked(self, app_client: httpx2.AsyncClient) -> None:
        sent = await app_client.post("/chat", data={"text": "hello"}, headers={"Origin": "https://testserver"})
        assert sent.status_code == 303
        assert 'dir="' not in (await app_client.get("/chat")).text


class TestContent:
    def test_ten_languages_are_on_and_every_text_is_whole(self) -> None:
        found = catalogue().languages
        assert list(found) == ["ro", "fa", "pl", "pt", "es", "ar", "it", "gu", "tr", "fr"]
        for code, texts in found.items():
            assert texts.direction == ("rtl" if code in ("fa", "ar") else "ltr"), code
            said = languages.welcome(languages.Heard(code, texts), catalogue())
            assert len(said.text.split()) <= 90, code

    def test_nothing_that_only_a_machine_has_read_is_shown_without_saying_so(self) -> None:
        for code, texts in catalogue().languages.items():
            shown = languages.welcome(languages.Heard(code, texts), catalogue()).extras["language"]
            assert ("note" in shown) is not texts.checked, code

    def test_a_translators_text_bears_no_note(self) -> None:
        texts = catalogue().languages["pl"].model_copy(update={"drafted": "translator", "reviewed_on": clock.today()})
        assert "note" not in languages.welcome(languages.Heard("pl", texts), catalogue()).extras["language"]

    def test_the_claim_that_these_are_the_ten_is_looked_at_again(self) -> None:
        switched = catalogue().council["languages"]
        assert switched["verified"] or switched["review_by"] > switched["reviewed_on"]

    def test_every_need_that_may_be_offered_is_a_service(self) -> None:
        from triage import reading

        assert reading.needs().services <= set(catalogue().services)

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("999", "112", "danger"),
            ('direction = "ltr"', 'direction = "left"', "direction"),
            ('person = "', 'persons = "', "person"),
            ('drafted = "machine"', 'drafted = "me"', "drafted"),
        ],
    )
    def test_wrong_texts_are_refused_naming_file_and_key(self, tmp_path: Path, old: str, new: str, key: str) -> None:
        import shutil

        shutil.copytree(DATA, tmp_path / "data")
        file = tmp_path / "data" / "languages" / "pl" / "texts.toml"
        text = "".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith("#"))
        assert old in text
        file.write_text(text.replace(old, new))
        with pytest.raises(CatalogueWrong) as refused:
            load(tmp_path / "data", "barnet")
        assert "texts.toml" in str(refused.value) and key in str(refused.value)

    def test_a_language_without_texts_is_refused(self, tmp_path: Path) -> None:
        import shutil

        shutil.copytree(DATA, tmp_path / "data")
        (tmp_path / "data" / "languages" / "pl" / "texts.toml").unlink()
        with pytest.raises(CatalogueWrong, match=r"pl/texts\.toml"):
            load(tmp_path / "data", "barnet")


def test_changed_texts_are_read_again() -> None:
    assert catalogue_module._newest("barnet") >= max(
        path.stat().st_mtime for path in (DATA / "languages").glob("*/texts.toml")
    )
