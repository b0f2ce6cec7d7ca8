"""What Rasa is trained on: the YAML files of data/services, and those that a service does not need to write itself.

A service that only answers says the same to Rasa as every other: its name is an intent, and the intent is answered by
its name. A form that is written down in form.yml asks its questions in their order. What Rasa wants to know of both
is written here, so that a new service is two files (what is said, how residents ask) and its form a third. The
questions of a service's points are examples of it too.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from triage.asks import asks_to_learn

# One form of a service is form.yml; everyday has several, each a form_<name>.yml.
FORMS = "form*.yml"
# What the questions of a service's points are written to.
ASKS = "nlu_asks.yml"
# How a form may end, and what is then done: bot/actions/leaving.py names them.
ENDS = {
    "done": "utter_do_finish_{form}",
    "stop": "utter_{form}_stopped",
    "person": "utter_do_person",
    "start_again": "utter_do_start_again",
    "goodbye": "utter_do_end",
}

DOMAIN = """version: "3.1"
intents:
  - {name}
responses:
  utter_{name}:
    - custom: {{answer: {name}}}
"""
RULES = """version: "3.1"
rules:
  - rule: answer {name}
    steps:
      - intent: {name}
      - action: utter_{name}
"""


def lay_out(services: Path, out: Path) -> None:
    """Copy every YAML file of `services` (data/services) into the new folder `out`, plain services made whole.

    Raises FileExistsError when `out` is there already.
    """
    out.mkdir(parents=True)
    for service in sorted(path.parent for path in services.glob("*/service.toml")):
        folder = out / service.name
        folder.mkdir()
        forms = sorted(service.glob(FORMS))
        if asks := asks_to_learn(service / "service.toml"):
            (folder / ASKS).write_text(with_asks(service.name, asks), encoding="utf-8")
        for path in service.glob("*.yml"):
            if path not in forms:
                shutil.copyfile(path, folder / path.name)
        if (service / "domain.yml").exists():
            # What this folder says and asks is its own file's; its forms are added beside it.
            for path in forms:
                form = yaml.safe_load(path.read_text(encoding="utf-8"))
                beside = out / f"{service.name}_{form['form']}"
                beside.mkdir()
                _write(beside, *with_form(None, form))
            continue
        domain, rules = DOMAIN.format(name=service.name), RULES.format(name=service.name)
        if forms:
            domain, rules = with_form(service.name, yaml.safe_load(forms[0].read_text(encoding="utf-8")))
        _write(folder, domain, rules)


def with_asks(name: str, asks: Iterable[str]) -> str:
    """The questions of a service's points as examples of the service, as YAML."""
    lines = "".join(f"- {ask}\n" for ask in asks)
    return _yaml({"version": "3.1", "nlu": [{"intent": name, "examples": lines}]})


def _write(folder: Path, domain: str, rules: str) -> None:
    (folder / "domain.yml").write_text(domain, encoding="utf-8")
    (folder / "rules.yml").write_text(rules, encoding="utf-8")


def with_form(service: str | None, form: dict[str, Any]) -> tuple[str, str]:
    """The domain and the rules of a service with a declared form, as YAML. None: a form of everyday talk."""
    name = str(form["form"])
    written = form.get("opens_on") or []
    opens_on = [written] if isinstance(written, str) else list(written)
    starts = [*(form.get("opens_with") or {}), f"start_{name}"]
    asked = [*(question["id"] for question in form["questions"]), "confirm"]
    answers = [] if service is None or service in opens_on else [(service, f"utter_{service}")]
    domain = {
        "version": "3.1",
        "intents": [*([service] if service else []), *starts],
        "slots": {
            **{f"{name}_{one}": _slot(name, one) for one in asked},
            # Set by the form alone: what to change, and what was typed beside an option.
            **{f"{name}_{one}": _own_slot() for one in ("change", "beside")},
        },
        "forms": {f"{name}_form": {"required_slots": [f"{name}_{one}" for one in asked]}},
        "actions": [{f"validate_{name}_form": {"send_domain": False}}],
        "responses": {
            **{utter: [{"custom": {"answer": intent}}] for intent, utter in answers},
            **{f"utter_ask_{name}_form_{name}_{one}": [{"custom": {"ask": f"{name}.{one}"}}] for one in asked},
            f"utter_ask_{name}_form_{name}_change": [{"custom": {"ask": f"{name}.change"}}],
            f"utter_{name}_stopped": [{"custom": {"note": f"{name}.stopped"}}],
            f"utter_do_finish_{name}": [{"custom": {"do": f"finish_{name}"}}],
        },
    }
    rules = [
        *({"rule": f"answer {intent}", "steps": [{"intent": intent}, {"action": utter}]} for intent, utter in answers),
        *(_opening(name, intent) for intent in (*opens_on, *starts)),
        *(_ending(name, how, then.format(form=name)) for how, then in ENDS.items()),
    ]
    return _yaml(domain), _yaml({"version": "3.1", "rules": rules})


def _slot(form: str, question: str) -> dict[str, Any]:
    condition = {"active_loop": f"{form}_form", "requested_slot": f"{form}_{question}"}
    mapping = {"type": "from_text", "conditions": [condition]}
    return {"type": "text", "influence_conversation": False, "mappings": [mapping]}


def _own_slot() -> dict[str, Any]:
    return {"type": "text", "influence_conversation": False, "mappings": [{"type": "custom"}]}


def _opening(form: str, intent: str) -> dict[str, Any]:
    return {
        "rule": f"{intent} opens {form}",
        "steps": [
            {"intent": intent},
            {"action": f"{form}_form"},
            {"active_loop": f"{form}_form"},
            {"slot_was_set": [{"form_ended": None}]},
        ],
    }


def _ending(form: str, how: str, then: str) -> dict[str, Any]:
    return {
        "rule": f"{form} ended by {how}",
        "condition": [{"active_loop": f"{form}_form"}],
        "steps": [
            {"action": f"{form}_form"},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}, {"form_ended": how}]},
            {"action": then},
        ],
    }


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
