"""Our way of finding rules finds what Rasa's own finds, over every rule of the trained model."""

import json
import os
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from triage.running.content import model_path
from triage.settings import ROOT, get_settings

pytestmark = pytest.mark.rasa

# Every rule's own states are tried as a conversation, cut short and with each other intent in its last state.
SCRIPT = """
import copy, json, sys
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.slots import TextSlot
from bot.components.rules import RulesByIntent, copy_slot

lookup = json.load(open(sys.argv[1]))["lookup"]
ours = object.__new__(RulesByIntent)
ours.lookup = lookup
states = [json.loads(key) for key in lookup[RULES]]
intents = sorted({one[-1].get("user", {}).get("intent") or "" for one in states})
tried = [one[:length] for one in states for length in range(1, len(one) + 1)]
some = [one for one in states if one[-1].get("user")][::17] + [one for one in states if one[-1].get("active_loop")][::5]
for one in some:
    for intent in intents:
        changed = copy.deepcopy(one)
        changed[-1]["user"] = {"intent": intent} if intent else {"text": "something"}
        tried.append(changed)
different = [
    one for one in tried for name in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)
    if ours._get_possible_keys(lookup[name], one) != RulePolicy._get_possible_keys(ours, lookup[name], one)
]
found = sum(bool(ours._get_possible_keys(lookup[RULES], one)) for one in tried)
texts = [{**one[-1], "user": {"text": "something"}} for one in states]
by_text = [
    key for last in texts for key in RulePolicy._get_possible_keys(ours, lookup[RULES], [last])
    if last.get("prev_action", {}).get("action_name") == "action_listen" and not last.get("active_loop")
]
slot = TextSlot("a", [{"type": "custom"}], influence_conversation=False)
slot.value = "b"
copied = copy.copy(slot)
copied.value = "c"
print(json.dumps({
    "rules": len(states), "tried": len(tried), "found": found, "different": different[:3],
    "text": ours._text_can_matter(), "by_text": by_text[:3],
    "slot": [slot.value, copied.value, type(copied).__name__, copied.mappings == slot.mappings],
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the script above saw in the model of the present content."""
    home = get_settings().home
    with tarfile.open(model_path(home, ROOT)) as model:
        (member,) = [one for one in model.getmembers() if one.name.endswith("rule_policy.json")]
        content = model.extractfile(member)
        assert content is not None
        lookup = tmp_path_factory.mktemp("rules") / Path(member.name).name
        lookup.write_bytes(content.read())
    env = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [str(ROOT / "bot" / ".venv" / "bin" / "python"), "-c", SCRIPT, str(lookup)],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_the_same_rules_fit_as_rasa_finds(seen: dict[str, Any]) -> None:
    assert seen["rules"] > 100 and seen["found"] > seen["rules"] / 2
    assert seen["different"] == []


def test_a_message_is_known_by_its_intent_only_where_no_rule_speaks_of_text(seen: dict[str, Any]) -> None:
    assert seen["text"] is False and seen["by_text"] == []


def test_a_copied_slot_is_its_own(seen: dict[str, Any]) -> None:
    assert seen["slot"] == ["b", "c", "TextSlot", True]
