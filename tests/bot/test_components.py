"""What we add to Rasa, tried in Rasa's own environment, without a model."""

import json
import os
import subprocess
from typing import Any

import pytest

from triage.settings import ROOT

pytestmark = pytest.mark.rasa

SCRIPT = """
import asyncio, json
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

rasas = RemoteAction._validate_action_result
from bot.components import channel, trackers
from bot.components.carried import EventsNotOurs, carry, resume

results = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": [{"custom": {}}]},
    {"events": [{"event": "slot", "secret": "jo@example.org"}], "responses": []},
    {"events": "none", "responses": []},
    {"events": [], "responses": [7]},
    {"events": [{"event": "no_such_event"}]},
    [],
]
action = RemoteAction("validate_x_form", None)
def verdict(validate, result):
    try:
        validate(action, result)
        return "good"
    except Exception as error:
        return "leaks" if "jo@example" in str(error) and validate is not rasas else "bad"
ours = [verdict(RemoteAction._validate_action_result, one) for one in results]
theirs = [verdict(rasas, one) for one in results]

domain = Domain.from_yaml('''
version: "3.1"
slots:
  a: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms: {f_form: {required_slots: [a]}}
actions: [{validate_f_form: {send_domain: false}}]
''')
events = [{"event": "active_loop", "name": "f_form"}, {"event": "slot", "name": "a", "value": "b"},
          {"event": "action", "name": "action_listen"}]
tracker = DialogueStateTracker.from_events("x", resume(events, domain), slots=domain.slots)

class Failing(EndpointConfig):
    async def request(self, **kwargs):
        assert kwargs["json"]["domain"] == {}
        raise OSError("away")

async def fail():
    turn = trackers.Turn([])
    trackers.current_turn.set(turn)
    endpoint = Failing("http://nowhere", enable_selective_domain=True)
    try:
        await RemoteAction("validate_f_form", endpoint).run(None, None, tracker, domain)
    except OSError:
        return turn.failure

refused = []
for token in ("", "${FRONTDOOR_INTERNAL_TOKEN}"):
    try:
        channel.FrontdoorInput.from_credentials({"token": token})
    except ValueError:
        refused.append(token)

async def outside_a_turn():
    store = trackers.CarriedTrackerStore(domain)
    await store.save(tracker)
    return [await store.retrieve("x"), list(await store.keys())]

print(json.dumps({
    "ours": ours, "theirs": theirs, "carried": carry(tracker), "form": tracker.active_loop_name,
    "failure": asyncio.run(fail()), "refused": refused, "outside": asyncio.run(outside_a_turn()),
    "empty": [type(event).__name__ for event in resume([], domain)],
}))
"""


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What the script above saw."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [str(ROOT / "bot" / ".venv" / "bin" / "python"), "-c", SCRIPT], env=env, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_the_prepared_validator_judges_as_rasas_own(seen: dict[str, Any]) -> None:
    assert seen["ours"] == seen["theirs"]
    assert "good" in seen["ours"] and "bad" in seen["ours"]


def test_events_come_back_as_they_were_given(seen: dict[str, Any]) -> None:
    assert seen["form"] == "f_form"
    assert {event.get("value") for event in seen["carried"]} == {None, "b"}
    assert seen["carried"][0] == {"event": "active_loop", "name": "f_form"}
    assert seen["empty"] == ["ActionExecuted"], "so that Rasa begins no session of its own"


def test_a_failing_action_is_known_to_the_turn(seen: dict[str, Any]) -> None:
    assert seen["failure"] == "validate_f_form: OSError"


def test_without_a_token_the_channel_does_not_start(seen: dict[str, Any]) -> None:
    assert seen["refused"] == ["", "${FRONTDOOR_INTERNAL_TOKEN}"]


def test_outside_a_turn_nothing_is_kept(seen: dict[str, Any]) -> None:
    assert seen["outside"] == [None, []]
