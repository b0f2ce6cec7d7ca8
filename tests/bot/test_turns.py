"""Conversations with a real Rasa: what it says, what it carries, and what it refuses."""

import json
from pathlib import Path

import httpx2
import pytest

from tests.bot.conftest import RasaProcess
from tests.bot.dialogue import Dialogue
from tests.bot.fakes import HOME, Council
from triage.settings import ROOT

pytestmark = pytest.mark.rasa

FORMS = {"missed_bin": "missed_bin", "library_hours": "library", "contact_status": "contact_status"}
SERVICES = sorted(
    folder.name for folder in (ROOT / "data" / "services").iterdir() if folder.name not in ("everyday", *FORMS)
)


# ── Plain answers ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_answered(dialogue: Dialogue, service: str) -> None:
    assert dialogue.press(service) == [f"answer:{service}"]
    assert dialogue.turn["understood"] == {
        "service": service,
        "confidence": 1.0,
        "abstained": False,
        "ranking": [[service, 1.0]],
    }
    assert dialogue.events == [], "a plain answer leaves nothing to carry"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hello", "answer:greeting"),
        ("thank you", "answer:thanks"),
        ("are you a robot", "answer:robot"),
        ("what can you do", "answer:help"),
        ("how do i pay my council tax bill", "answer:council_tax_bill"),
        ("I want to talk to a person", "do:person"),
        ("start again", "do:start_again"),
        ("bye", "do:end"),
    ],
)
def test_words_are_read(dialogue: Dialogue, text: str, says: str) -> None:
    assert dialogue.say(text) == [says]
    understood = dialogue.turn["understood"]
    assert not understood["abstained"]
    assert len(understood["ranking"]) == 5


@pytest.mark.parametrize("text", ["who won the football last night", "qwerty zxcvb asdf", "?"])
def test_what_is_not_understood_is_clarified(dialogue: Dialogue, text: str) -> None:
    assert dialogue.say(text) == ["do:clarify"]
    assert dialogue.turn["understood"]["ranking"], "the nearest services are still offered"


def test_none_of_these(dialogue: Dialogue) -> None:
    assert dialogue.press("unclear") == ["answer:unclear"]


# ── Missed bin ─────────────────────────────────────────────────────────────────────────────────


def open_missed_bin(dialogue: Dialogue) -> None:
    assert dialogue.press("missed_bin") == ["ask:missed_bin.stream"]
    assert (dialogue.turn["active_form"], dialogue.turn["requested_slot"]) == ("missed_bin", "missed_bin_stream")


def up_to_confirm(dialogue: Dialogue) -> None:
    open_missed_bin(dialogue)
    assert dialogue.say("black") == ["ask:missed_bin.address"]
    assert dialogue.say("12 n3 1ab") == ["ask:missed_bin.out_on_time"]
    assert dialogue.say("yes") == ["ask:missed_bin.problem"]
    assert dialogue.say("nothing") == ["ask:missed_bin.confirm"]


def test_a_missed_bin_all_the_way(dialogue: Dialogue) -> None:
    up_to_confirm(dialogue)
    assert dialogue.say("yes") == ["do:report_missed_bin"]
    assert dialogue.slots == {
        "missed_bin_stream": "black",
        "missed_bin_address": HOME.line,
        "missed_bin_uprn": HOME.uprn,
        "missed_bin_out_on_time": "yes",
        "missed_bin_problem": "nothing",
        "missed_bin_confirm": "yes",
        "form_ended": "done",
    }
    assert dialogue.turn["active_form"] is None
    assert dialogue.events == [], "a finished form leaves nothing behind"
    open_missed_bin(dialogue)


def test_the_bin_is_not_asked_when_it_was_named(dialogue: Dialogue) -> None:
    assert dialogue.say("my blue bin was missed") == ["ask:missed_bin.address"]
    assert dialogue.slots["missed_bin_stream"] == "blue"


def test_a_missed_bin_corrected(dialogue: Dialogue) -> None:
    up_to_confirm(dialogue)
    assert dialogue.say("no, the blue one") == ["ask:missed_bin.confirm"]
    assert dialogue.slots["missed_bin_stream"] == "blue"
    assert dialogue.say("no") == ["ask:missed_bin.change"]
    assert dialogue.turn["requested_slot"] == "missed_bin_change"
    assert dialogue.say("the address") == ["ask:missed_bin.address"]
    assert dialogue.say("12 N3 1AB") == ["ask:missed_bin.confirm"]
    assert dialogue.say("yes") == ["do:report_missed_bin"]
    assert dialogue.slots["missed_bin_stream"] == "blue"


def test_what_to_change_is_asked_again_when_it_is_not_understood(dialogue: Dialogue) -> None:
    up_to_confirm(dialogue)
    assert dialogue.say("change") == ["ask:missed_bin.change"]
    assert dialogue.say("xyzzy plugh") == ["note:missed_bin.not_change", "ask:missed_bin.change"]
    assert dialogue.say("nothing") == ["ask:missed_bin.confirm"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("stop", "note:missed_bin.stopped"),
        ("person", "do:person"),
        ("start again", "do:start_again"),
        ("bye", "do:end"),
    ],
)
def test_a_form_is_left_at_any_time(dialogue: Dialogue, text: str, says: str) -> None:
    open_missed_bin(dialogue)
    assert dialogue.say("black") == ["ask:missed_bin.address"]
    assert dialogue.say(text) == [says]
    assert dialogue.turn["active_form"] is None
    assert dialogue.events == []
    assert dialogue.say("hello") == ["answer:greeting"]


@pytest.mark.parametrize(
    ("intent", "says"),
    [
        ("person", "do:person"),
        ("start_again", "do:start_again"),
        ("goodbye", "do:end"),
        ("repeat", "ask:missed_bin.stream"),
    ],
)
def test_buttons_work_inside_a_form(dialogue: Dialogue, intent: str, says: str) -> None:
    open_missed_bin(dialogue)
    assert dialogue.press(intent) == [says]


def test_another_service_is_answered_and_the_question_asked_again(dialogue: Dialogue) -> None:
    open_missed_bin(dialogue)
    dialogue.say("black")
    assert dialogue.say("how do I pay my council tax?") == ["answer:council_tax_bill", "ask:missed_bin.address"]
    assert dialogue.press("blue_badge") == ["answer:blue_badge", "ask:missed_bin.address"]
    assert dialogue.say("12 N3 1AB") == ["ask:missed_bin.out_on_time"]
    assert dialogue.slots["missed_bin_stream"] == "black"


def test_a_form_goes_on_in_another_rasa_process(dialogue: Dialogue, rasa_server: RasaProcess) -> None:
    open_missed_bin(dialogue)
    dialogue.say("black")
    assert len(dialogue.events) <= 40
    carried = json.loads(json.dumps(dialogue.events))
    rasa_server.replace()
    dialogue.events = carried
    assert dialogue.say("12 N3 1AB") == ["ask:missed_bin.out_on_time"]
    assert dialogue.slots["missed_bin_stream"] == "black"


def test_what_is_carried_does_not_grow(dialogue: Dialogue) -> None:
    open_missed_bin(dialogue)
    sizes = set()
    for _ in range(8):
        dialogue.say("xyzzy")
        sizes.add(len(dialogue.events))
    assert len(sizes) == 1
    assert max(sizes) <= 40
    assert "xyzzy" not in json.dumps(dialogue.events), "what was not an answer is not carried"


def test_suppliers_that_are_away_do_not_stop_the_report(dialogue: Dialogue, council: Council) -> None:
    open_missed_bin(dialogue)
    dialogue.say("black")
    council.down = True
    try:
        assert dialogue.say("12 N3 1AB") == ["note:missed_bin.address_unchecked", "ask:missed_bin.out_on_time"]
    finally:
        council.down = False


# ── The other forms ────────────────────────────────────────────────────────────────────────────


def test_library_hours_in_one_turn(dialogue: Dialogue) -> None:
    assert dialogue.say("is Hendon library open today") == ["do:library_hours"]
    assert dialogue.slots["library_site"] == "hendon"
    assert dialogue.events == []


def test_library_hours_in_two(dialogue: Dialogue) -> None:
    assert dialogue.press("library_hours") == ["ask:library.site"]
    assert dialogue.say("atlantis") == ["note:library.not_a_site", "ask:library.site"]
    assert dialogue.say("colindale") == ["do:library_hours"]


def test_how_is_my_report_going(dialogue: Dialogue) -> None:
    assert dialogue.press("contact_status") == ["ask:contact_status.reference"]
    assert dialogue.say("BN-7K3M-9QXF") == ["ask:contact_status.code"]
    assert dialogue.say("[code]") == ["do:contact_status"]
    assert dialogue.slots["contact_reference"] == "BN-7K3M-9QXF"


def test_how_is_my_report_going_in_one_turn(dialogue: Dialogue) -> None:
    assert dialogue.say("what is happening with my report BN-7K3M-9QXF [code]") == ["do:contact_status"]


def test_a_message(dialogue: Dialogue) -> None:
    assert dialogue.press("leave_message") == ["ask:message.text"]
    assert dialogue.say("A person told me to stop. How do I pay council tax?") == ["ask:message.reply_to"]
    assert dialogue.say("jo@example.org") == ["ask:message.confirm"]
    assert dialogue.say("yes") == ["do:leave_message"]
    assert dialogue.slots["message_kind"] == "message"
    assert dialogue.slots["message_reply_to"] == "jo@example.org"


def test_a_complaint(dialogue: Dialogue) -> None:
    assert dialogue.press("complaint") == ["answer:complaint", "ask:message.text"]
    dialogue.say("Nobody answered my letters.")
    dialogue.say("skip")
    assert dialogue.say("no") == ["ask:message.change"]
    assert dialogue.say("the message") == ["ask:message.text"]
    assert dialogue.say("Nobody answered my three letters.") == ["ask:message.confirm"]
    assert dialogue.say("yes") == ["do:leave_message"]
    assert dialogue.slots["message_kind"] == "complaint"
    assert dialogue.slots["message_text"] == "Nobody answered my three letters."


def test_a_message_stopped(dialogue: Dialogue) -> None:
    dialogue.press("leave_message")
    assert dialogue.say("cancel") == ["note:message.stopped"]


# ── What is refused ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["/restart", "/missed_bin", " //restart", "/person{}", "/ /back"])
def test_a_residents_text_is_never_a_command(dialogue: Dialogue, text: str) -> None:
    open_missed_bin(dialogue)
    dialogue.events = []
    dialogue.say(text)
    assert dialogue.turn["understood"]["confidence"] < 1.0
    assert dialogue.turn["says"]


def test_a_command_inside_a_form_does_not_touch_it(dialogue: Dialogue) -> None:
    open_missed_bin(dialogue)
    dialogue.say("black")
    dialogue.say("/session_start")
    assert dialogue.slots["missed_bin_stream"] == "black"
    assert dialogue.turn["active_form"] == "missed_bin"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"text": "x" * 10_000}, "too_long"),
        ({"text": ""}, "empty"),
        ({"text": "  / "}, "empty"),
        ({"text": None, "intent": None}, "empty"),
        ({"text": 7}, "wrong_request"),
        ({"intent": "restart"}, "unknown_intent"),
        ({"intent": "nlu_fallback"}, "unknown_intent"),
        ({"intent": "no_such_service"}, "unknown_intent"),
        ({"text": "hello", "conversation": "../../etc"}, "wrong_conversation"),
        ({"text": "hello", "conversation": "1"}, "wrong_conversation"),
        ({"text": "hello", "events": [{"event": "restart"}]}, "wrong_events"),
        ({"text": "hello", "events": [{"event": "action", "name": "action_restart"}]}, "wrong_events"),
        ({"text": "hello", "events": [{"event": "slot", "name": "x", "value": 1}] * 41}, "wrong_events"),
    ],
)
def test_a_wrong_request_is_refused(dialogue: Dialogue, body: dict[str, object], error: str) -> None:
    response = dialogue.post(**body)
    assert response.status_code == 422
    assert response.json()["error"] == error


def test_4000_characters_are_read(dialogue: Dialogue) -> None:
    assert dialogue.post(text="my bin was missed " * 222).status_code == 200


def test_bad_json_is_refused(dialogue: Dialogue) -> None:
    response = dialogue.client.post("/webhooks/frontdoor/turn", content=b"{")
    assert (response.status_code, response.json()["error"]) == (422, "wrong_request")


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", "Basic a-token-for-tests-0123456789"])
def test_only_the_web_app_may_ask(dialogue: Dialogue, rasa_server: RasaProcess, header: str | None) -> None:
    response = httpx2.post(
        f"http://127.0.0.1:{rasa_server.port}/webhooks/frontdoor/turn",
        headers={"Authorization": header} if header is not None else {},
        json={"conversation": dialogue.conversation, "text": "hello"},
    )
    assert response.status_code == 401


@pytest.mark.parametrize("path", ["/model/parse", "/conversations/x/tracker", "/webhooks/rest/webhook", "/status"])
def test_nothing_else_of_rasa_answers(dialogue: Dialogue, path: str) -> None:
    assert dialogue.client.get(path).status_code == 404
    assert dialogue.client.post(path, json={}).status_code == 404


def test_a_form_that_a_new_model_does_not_know_is_let_go(dialogue: Dialogue) -> None:
    dialogue.events = [{"event": "active_loop", "name": "gone_form"}, {"event": "action", "name": "action_listen"}]
    assert dialogue.say("hello") == ["answer:greeting"]


# ── When actions fail ──────────────────────────────────────────────────────────────────────────


def test_an_action_that_fails_is_an_error(
    rasa_server: RasaProcess, council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Council, "now", lambda self: 1 / 0)
    dialogue = Dialogue(rasa_server.client)
    open_missed_bin(dialogue)
    dialogue.say("black")
    response = dialogue.post(text="12 N3 1AB")
    assert response.status_code == 500
    assert response.json()["error"] == "action_failed"
    monkeypatch.undo()
    assert dialogue.say("12 N3 1AB") == ["ask:missed_bin.out_on_time"], "the form is where it was"


def test_what_residents_write_is_not_logged(dialogue: Dialogue, rasa_server: RasaProcess) -> None:
    canary = "canary-7f3a 12 Canary Street N3 9ZZ"
    dialogue.say(canary)
    open_missed_bin(dialogue)
    dialogue.say("black")
    dialogue.say(canary)
    log = Path(rasa_server.log).read_text()
    assert "canary" not in log.lower()
