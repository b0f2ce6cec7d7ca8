"""Secrets made at the first start, and the hash that says whether to train."""

import shutil
import stat
from pathlib import Path

import pytest

from language.intents.examples import read_examples
from triage.asks import asks_of, asks_to_learn
from triage.running import content, first_run, rasa_files
from triage.settings import ROOT


def test_secrets_are_made_once_and_only_we_may_read_them(tmp_path: Path) -> None:
    first = first_run.ensure_secrets(tmp_path / "home", {})
    file = first_run.secrets_file(tmp_path / "home")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(first) == set(first_run.NAMES)
    assert all(len(value) >= 43 for value in first.values())  # 256 bits
    assert len(set(first.values())) == len(first)
    assert first_run.ensure_secrets(tmp_path / "home", {}) == first


def test_the_environment_wins_and_is_not_written_down(tmp_path: Path) -> None:
    given = {"FRONTDOOR_SIGNING_KEY": "from outside"}
    result = first_run.ensure_secrets(tmp_path, given)
    assert result["FRONTDOOR_SIGNING_KEY"] == "from outside"
    assert "from outside" not in first_run.secrets_file(tmp_path).read_text()


def test_a_secret_that_came_later_is_added_to_the_file(tmp_path: Path) -> None:
    file = first_run.secrets_file(tmp_path)
    file.write_text("FRONTDOOR_SIGNING_KEY=kept\n")
    result = first_run.ensure_secrets(tmp_path, {})
    assert result["FRONTDOOR_SIGNING_KEY"] == "kept"
    assert first_run.read_secrets(file) == result
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The part of a checkout that training reads."""
    for folder in ("data/services", "bot/components", "language", "triage/running"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", ".venv"))
    for name in ("config.yml", "uv.lock"):
        shutil.copy(ROOT / "bot" / name, tmp_path / "bot" / name)
    return tmp_path


def test_the_same_content_has_the_same_hash_anywhere(checkout: Path) -> None:
    assert content.content_hash(checkout) == content.content_hash(ROOT)


@pytest.mark.parametrize("name", ["nlu.yml", "rules.yml", "domain.yml"])
def test_what_is_trained_on_changes_the_hash(checkout: Path, name: str) -> None:
    before = content.content_hash(checkout)
    file = next((checkout / "data" / "services").rglob(name))
    file.write_text(file.read_text() + "\n# changed\n")
    assert content.content_hash(checkout) != before


def test_a_renamed_service_changes_the_hash(checkout: Path) -> None:
    before = content.content_hash(checkout)
    folder = next((checkout / "data" / "services").iterdir())
    folder.rename(folder.with_name("another_name"))
    assert content.content_hash(checkout) != before


def test_comments_are_learned_again_when_they_change_and_only_then(checkout: Path) -> None:
    shutil.copytree(ROOT / "data" / "themes", checkout / "data" / "themes")
    before = content.themes_path(checkout, checkout).name
    nlu = next((checkout / "data" / "services").rglob("nlu.yml"))
    nlu.write_text(nlu.read_text() + "\n# changed\n")
    mapping = checkout / "data" / "themes" / "council.toml"
    mapping.write_text(mapping.read_text() + "\n# changed\n")
    assert content.themes_path(checkout, checkout).name == before
    comments = checkout / "data" / "themes" / "council.jsonl"
    comments.write_text(comments.read_text() + '{"text": "Slow", "themes": [], "sentiment": 4}\n')
    assert content.themes_path(checkout, checkout).name != before


def test_what_is_said_for_a_danger_needs_no_training_and_how_it_is_recognised_does(checkout: Path) -> None:
    shutil.copytree(ROOT / "data" / "danger", checkout / "data" / "danger")
    before = content.danger_path(checkout, checkout).name
    numbers = checkout / "data" / "danger" / "numbers.toml"
    numbers.write_text(numbers.read_text() + "\n# changed\n")
    signals = checkout / "data" / "danger" / "signals.toml"
    text = signals.read_text()
    signals.write_text(text.replace('line = "Call 999 now', 'line = "Ring 999 now', 1))
    assert signals.read_text() != text and content.danger_path(checkout, checkout).name == before
    signals.write_text(text.replace('level = "now"', 'level = "today"', 1))
    assert content.danger_path(checkout, checkout).name != before


def test_wording_needs_no_training(checkout: Path) -> None:
    before = content.content_hash(checkout)
    file = next((checkout / "data" / "services").rglob("service.toml"))
    file.write_text(file.read_text() + "\n# changed\n")
    assert content.content_hash(checkout) == before


def test_the_questions_of_a_point_that_no_example_asks_for_are_learned(checkout: Path) -> None:
    before = content.content_hash(checkout)
    file = checkout / "data" / "services" / "tip" / "service.toml"
    asks = 'asks = ["do you take old paddling pools"]'
    point = f'\n[points.pools]\n{asks}\nsay = [{{ text = "I can\'t tell you." }}]\n'
    file.write_text(file.read_text() + point)
    assert content.content_hash(checkout) != before
    rasa_files.lay_out(checkout / "data" / "services", checkout / "out")
    learned = [one for one in read_examples(checkout / "out" / "tip" / rasa_files.ASKS) if one.intent == "tip"]
    assert "do you take old paddling pools" in [one.text for one in learned]


def test_a_point_that_examples_ask_for_needs_no_questions_of_its_own_to_be_learned(checkout: Path) -> None:
    file = checkout / "data" / "services" / "housing_repair" / "service.toml"
    asked = set(asks_of(file)["no_heating"])
    assert asked and not asked & set(asks_to_learn(file))
