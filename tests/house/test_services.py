"""Every folder of data/services is whole, says its replies under its own name, and goes to a queue that exists."""

import re
import tempfile
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from triage.running import rasa_files
from triage.settings import ROOT

SERVICES = ROOT / "data" / "services"
FOLDERS = sorted(path for path in SERVICES.iterdir() if path.is_dir())
ORDINARY = [path for path in FOLDERS if path.name != "everyday"]
COUNCILS = sorted(path for path in (ROOT / "data" / "councils").iterdir() if path.is_dir())
FILES = ("domain.yml", "nlu.yml", "rules.yml", "service.toml")
# What Rasa is trained on: the files of data/services with those that a plain service does not need to write.
LAID_OUT = Path(tempfile.mkdtemp(prefix="frontdoor-content-")) / "content"
rasa_files.lay_out(SERVICES, LAID_OUT)
FEWEST_EXAMPLES = 10


def read(path: Path) -> dict[str, Any]:
    """A YAML or TOML file."""
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text())
    content: dict[str, Any] = yaml.safe_load(path.read_text()) or {}
    return content


def responses(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The replies that a folder's domain names."""
    found: dict[str, list[dict[str, Any]]] = read(LAID_OUT / folder.name / "domain.yml").get("responses") or {}
    return found


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_service_folder_is_whole(folder: Path) -> None:
    assert [name for name in ("nlu.yml", "service.toml") if not (folder / name).is_file()] == []
    assert (folder / "domain.yml").is_file() == (folder / "rules.yml").is_file(), "one without the other"
    assert read(folder / "service.toml")["id"] == folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_nothing_else_in_it_is_read_by_rasa(folder: Path) -> None:
    others = [path for path in (LAID_OUT / folder.name).rglob("*.y*ml") if path.name not in FILES]
    # More examples are fine. A test_*.yml would be trained on, and any other YAML swallowed into the domain.
    assert all(path.name.startswith("nlu_") and set(read(path)) <= {"version", "nlu"} for path in others)


@pytest.mark.parametrize("folder", ORDINARY, ids=lambda path: path.name)
def test_its_name_is_its_intent_with_enough_examples(folder: Path) -> None:
    assert folder.name in read(LAID_OUT / folder.name / "domain.yml")["intents"]
    rows = [row for row in read(folder / "nlu.yml")["nlu"] if row.get("intent") == folder.name]
    examples = [line for row in rows for line in row["examples"].splitlines() if line.strip().startswith("- ")]
    assert len(examples) >= FEWEST_EXAMPLES
    said = [re.sub(r"\W+", " ", line).strip().lower() for line in examples]
    assert [line for line, count in Counter(said).items() if count > 1] == []


@pytest.mark.parametrize("folder", ORDINARY, ids=lambda path: path.name)
def test_it_has_a_rule(folder: Path) -> None:
    rules = read(LAID_OUT / folder.name / "rules.yml")["rules"]
    intents = {step.get("intent") for rule in rules for step in rule["steps"]}
    assert folder.name in intents


@pytest.mark.parametrize("folder", ORDINARY, ids=lambda path: path.name)
def test_its_replies_carry_its_name(folder: Path) -> None:
    forms = read(LAID_OUT / folder.name / "domain.yml").get("forms") or {}
    names = [folder.name, *(form.removesuffix("_form") for form in forms)]
    allowed = [
        *(rf"utter_(do_(\w+_)?)?{name}(_\w+)?" for name in names),
        *(rf"utter_ask_{form}_\w+" for form in forms),
    ]
    assert [name for name in responses(folder) if not any(re.fullmatch(each, name) for each in allowed)] == []


def test_no_two_folders_name_the_same_reply_form_or_slot() -> None:
    # Rasa merges the folders, and of two with one name the last wins without a word.
    for kind in ("responses", "forms", "slots"):
        names = Counter(
            name for folder in FOLDERS for name in (read(LAID_OUT / folder.name / "domain.yml").get(kind) or {})
        )
        assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_rasa_only_names_what_to_say(folder: Path) -> None:
    for name, choices in responses(folder).items():
        for choice in choices:
            assert set(choice) == {"custom"}, name
            assert len(set(choice["custom"]) & {"answer", "ask", "do", "note"}) == 1, name


@pytest.mark.parametrize("folder", ORDINARY, ids=lambda path: path.name)
@pytest.mark.parametrize("council", COUNCILS, ids=lambda path: path.name)
def test_its_queue_exists_in_every_council(folder: Path, council: Path) -> None:
    queue, other = read(folder / "service.toml")["queue"], read(council / "council.toml").get("other_queue")
    assert {queue, other} & set(read(council / "queues.toml"))


@pytest.mark.parametrize("folder", ORDINARY, ids=lambda path: path.name)
def test_its_next_steps_lead_somewhere(folder: Path) -> None:
    service = read(folder / "service.toml")
    named = {step["service"] for step in service["answer"].get("next", []) if "service" in step}
    assert named <= {each.name for each in FOLDERS} | set(read(SERVICES / "everyday" / "service.toml")["answers"])
