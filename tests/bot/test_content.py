"""What Rasa is trained on and what the web app says fit together, folder by folder."""

import re
import tomllib
from collections import Counter
from typing import Any

import yaml

from bot.actions.form import NOT_ASIDES
from triage.settings import ROOT

SERVICES = ROOT / "data" / "services"
FOLDERS = sorted(path for path in SERVICES.iterdir() if (path / "service.toml").exists())
DOMAINS = {path.parent.name: yaml.safe_load(path.read_text()) for path in SERVICES.glob("*/domain.yml")}
TASKS = {
    "clarify",
    "detail",
    "wrong_answer",
    "person",
    "leave_message",
    "report_missed_bin",
    "library_hours",
    "contact_status",
    "repeat",
    "start_again",
    "end",
}


def _forms() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in FOLDERS:
        found |= tomllib.loads((folder / "service.toml").read_text()).get("forms", {})
    return found


def _payloads() -> list[dict[str, Any]]:
    responses = [one for domain in DOMAINS.values() for one in domain.get("responses", {}).values()]
    return [variation["custom"] for variations in responses for variation in variations]


def test_no_response_or_slot_is_written_twice() -> None:
    # Rasa takes the last of two without a word.
    for key in ("responses", "slots", "forms"):
        names = Counter(name for domain in DOMAINS.values() for name in domain.get(key, {}))
        assert not [name for name, times in names.items() if times > 1]


def test_every_response_is_one_payload_that_the_web_app_can_say() -> None:
    services = {folder.name for folder in FOLDERS}
    everyday = tomllib.loads((SERVICES / "everyday" / "service.toml").read_text())["answers"]
    forms = _forms()
    for payload in _payloads():
        assert len(payload) == 1
        ((kind, what),) = payload.items()
        form, _, part = str(what).partition(".")
        if kind == "answer":
            assert what in services - {"everyday"} or what in everyday, what
        elif kind == "do":
            assert what in TASKS, what
        else:
            assert part in forms[form][kind], f"{kind} {what} has no words"


def test_every_note_that_an_action_says_has_words() -> None:
    forms = _forms()
    # What every form says alike stands among the lines of everyday talk.
    alike = {
        line.removeprefix("form_")
        for line in tomllib.loads((SERVICES / "everyday" / "service.toml").read_text())["lines"]
    }
    files = {"missed_bin": ("missed_bin", "rounds"), "library": ("library",), "contact_status": ("contact_status",)}
    for form, modules in {**files, "message": ("message",)}.items():
        for module in modules:
            source = (ROOT / "bot" / "actions" / f"{module}.py").read_text()
            notes = re.findall(r'say\.note\(\s*"(\w+)"', source) + re.findall(r'else "(not_a_\w+)"', source)
            for note in notes:
                assert note in {*forms[form]["note"], *alike}, f"{form}.{note} has no words"


def test_no_text_of_a_resident_decides_what_comes_next() -> None:
    # A slot that influences the conversation would have to be in every rule.
    for domain in DOMAINS.values():
        for name, slot in domain.get("slots", {}).items():
            assert slot["influence_conversation"] is (name == "form_ended"), name


def test_sessions_never_expire() -> None:
    assert DOMAINS["everyday"]["session_config"]["session_expiration_time"] == 0


def test_whatever_is_said_inside_a_form_has_something_to_say_back() -> None:
    """An intent that is heard inside a form and has no answer would end the turn in an error."""
    intents = {name for domain in DOMAINS.values() for name in domain.get("intents", [])}
    answers = {folder.name for folder in FOLDERS} | set(
        tomllib.loads((SERVICES / "everyday" / "service.toml").read_text())["answers"]
    )
    asides = {name for name in intents if name not in NOT_ASIDES and not name.startswith(("more_", "start_"))}
    assert asides - answers == set()
