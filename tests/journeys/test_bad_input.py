"""What people and programs should not send: each gets a clear answer, and nothing gets in."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from playwright.sync_api import expect

from tests.journeys.browser import axe
from tests.journeys.house import House
from tests.journeys.people import Widget

pytestmark = pytest.mark.journey

TAGS = ["<script>alert(1)</script>", '<img src=x onerror="alert(1)">']


@pytest.fixture
def api(house: House) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=house.address, timeout=20) as client:
        yield client


@pytest.fixture
def begun(api: httpx2.Client) -> dict[str, Any]:
    """A conversation that has begun, with the header that opens it."""
    answer = api.post("/api/conversations", json={})
    assert answer.status_code == 201
    started: dict[str, Any] = answer.json()
    return {**started, "headers": {"Authorization": f"Bearer {started['secret']}"}}


def say(api: httpx2.Client, begun: dict[str, Any], body: dict[str, Any]) -> httpx2.Response:
    return api.post(f"/api/conversations/{begun['id']}/messages", json=body, headers=begun["headers"])


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "\u0000"])
def test_nothing_at_all_is_refused_in_words(api: httpx2.Client, begun: dict[str, Any], text: str) -> None:
    answer = say(api, begun, {"text": text})
    assert answer.status_code == 422
    assert answer.json() == {"error": "EmptyMessage", "detail": "Type a message first, then send it."}


def test_only_characters_that_cannot_be_seen_are_nothing_too(api: httpx2.Client, begun: dict[str, Any]) -> None:
    answer = say(api, begun, {"text": "\u200b\u200d\ufeff"})
    assert answer.status_code == 422
    assert answer.json()["error"] == "EmptyMessage"


def test_characters_that_cannot_be_seen_do_not_hide_a_danger(api: httpx2.Client, begun: dict[str, Any]) -> None:
    answer = say(api, begun, {"text": "i want to k\u200bill mys\u200delf"})
    assert answer.json()["danger"] == "suicide"


def test_ten_thousand_characters_are_refused_in_words(api: httpx2.Client, begun: dict[str, Any]) -> None:
    answer = say(api, begun, {"text": "bins " * 2000})
    assert answer.status_code == 422
    assert answer.json()["error"] == "MessageTooLong"
    assert "too long" in answer.json()["detail"]


@pytest.mark.parametrize("text", ["🎉🎉🎉", "Je voudrais payer mes impôts locaux", "איפה הספרייה?", "asdf qwer", *TAGS])
def test_what_is_not_understood_has_a_way_on(api: httpx2.Client, begun: dict[str, Any], text: str) -> None:
    answer = say(api, begun, {"text": text})
    assert answer.status_code == 200
    replies = answer.json()["messages"]
    assert replies and all(reply["text"].strip() for reply in replies)
    assert any(reply.get("choices") or reply.get("links") for reply in replies)


@pytest.mark.parametrize("text", ["/restart", "/session_start", '/slot{"missed_bin_stream": "blue"}', "/back"])
def test_a_command_of_the_engine_is_only_words(api: httpx2.Client, begun: dict[str, Any], text: str) -> None:
    answer = say(api, begun, {"text": text})
    assert answer.status_code == 200
    record = api.get(f"/api/conversations/{begun['id']}", headers=begun["headers"]).json()["messages"]
    # The record is whole, with the words as they were typed, and no slot was filled by them.
    assert [message["author"] for message in record][:2] == ["assistant", "resident"]
    assert record[1]["text"] == text
    assert not any("What is your house number" in message["text"] for message in record)


def test_a_wrong_secret_and_an_unknown_conversation_look_alike(api: httpx2.Client, begun: dict[str, Any]) -> None:
    wrong = {"Authorization": "Bearer " + "0" * len(begun["secret"])}
    elsewhere = f"/api/conversations/{uuid4()}"
    here = f"/api/conversations/{begun['id']}"
    seen = set()
    for answer in (
        api.get(here, headers=wrong),
        api.get(elsewhere, headers=begun["headers"]),
        api.get("/api/conversations/nonsense", headers=begun["headers"]),
        api.post(f"{here}/messages", json={"text": "hello"}, headers=wrong),
        api.post(f"{elsewhere}/messages", json={"text": "hello"}, headers=begun["headers"]),
        api.get(f"{here}/events", headers=wrong),
        api.get("/api/contacts/BN-AAAA-AAAA", headers=wrong),
    ):
        assert answer.status_code == 404, f"{answer.request.method} {answer.request.url}: {answer.status_code}"
        seen.add(answer.json()["error"])
    assert seen == {"NotFound"}


def test_a_choice_that_was_never_offered(api: httpx2.Client, begun: dict[str, Any]) -> None:
    answer = say(api, begun, {"choice": "no-such-choice"})
    assert answer.status_code == 422
    assert answer.json() == {"error": "OutOfRange", "detail": "Choose one of the answers that are listed."}


def test_tags_are_shown_as_words_and_run_nowhere(house: House, page_of: Any) -> None:
    resident = page_of("resident")
    opened: list[str] = []
    resident.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    for replies, tag in enumerate(TAGS, start=2):
        chat.type(tag)
        chat.hear(tag, author="resident")
        # One reply or more: a gentle question may stand beside it.
        expect(chat.log.locator(".said.assistant").nth(replies - 1)).to_be_visible()
    expect(chat.log.locator("img, script")).to_have_count(0)
    axe(resident)

    # The same on the page without scripts' own template.
    resident.goto("/chat")
    for tag in TAGS:
        resident.get_by_label("Your message").fill(tag)
        resident.get_by_role("button", name="Send", exact=True).click()
        expect(resident.get_by_role("log")).to_contain_text(tag)
    expect(resident.get_by_role("log").locator("img, script")).to_have_count(0)
    axe(resident)
    assert not opened


def test_the_widget_sends_no_empty_message_and_keeps_a_long_one_whole(page_of: Any) -> None:
    resident = page_of("resident")
    resident.goto("/")
    chat = Widget(resident)
    chat.open()
    chat.type("   ")
    expect(chat.box).to_be_focused()
    expect(chat.log.locator(".said.resident")).to_have_count(0)
    chat.box.fill("🎉")
    resident.keyboard.press("Enter")
    expect(chat.log.locator(".said.assistant")).to_have_count(2)
    expect(chat.said("assistant").get_by_role("button").first).to_be_visible()
    # The box takes no more than can be sent.
    chat.type("x" * 10_000)
    expect(chat.log.locator(".said.assistant")).to_have_count(3)
    assert len(chat.said("resident").locator("p").last.inner_text()) == 4000
    axe(resident)
