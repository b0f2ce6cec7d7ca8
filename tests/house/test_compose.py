"""docker-compose.yml runs what `make run` runs, lets nobody in but by the front, and holds no secret."""

import re
from typing import Any

import pytest
import yaml

from triage.running import processes
from triage.running.first_run import NAMES
from triage.settings import ROOT, Settings

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
TEXT = (ROOT / "docker-compose.yml").read_text()


@pytest.mark.parametrize("process", [processes.MIGRATE, *processes.LONG_RUNNING], ids=lambda one: one.name)
def test_the_commands_are_the_supervisors(process: processes.Process) -> None:
    assert tuple(SERVICES[process.name]["command"]) == process.command


def test_every_service_is_known() -> None:
    ours = {process.name for process in (processes.MIGRATE, *processes.LONG_RUNNING)}
    assert set(SERVICES) == ours | {"postgres", "front"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_what_stays_has_a_health_check_and_comes_back(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("process", processes.LONG_RUNNING, ids=lambda one: one.name)
def test_ours_are_asked_by_our_own_command(process: processes.Process) -> None:
    assert SERVICES[process.name]["healthcheck"]["test"] == ["CMD", "frontdoor", "ready", process.name]


def test_only_the_front_publishes_a_port() -> None:
    assert [name for name, service in SERVICES.items() if service.get("ports")] == ["front"]


def test_rasa_is_reached_from_inside_alone_and_reaches_nothing_outside() -> None:
    networks = SERVICES["rasa"]["networks"]
    assert networks == ["assistant"]
    assert COMPOSE["networks"]["assistant"]["internal"] is True
    assert {name for name, one in SERVICES.items() if "assistant" in one["networks"]} == {"rasa", "web"}


def test_the_record_is_not_reached_from_the_front_or_by_rasa() -> None:
    assert {name for name, one in SERVICES.items() if "record" in one["networks"]} == {
        "postgres", "migrate", "web", "worker",
    }  # fmt: skip
    assert COMPOSE["networks"]["record"]["internal"] is True


@pytest.mark.parametrize("name", ["web", "rasa", "worker"])
def test_there_may_be_several(name: str) -> None:
    assert "container_name" not in SERVICES[name]
    assert "ports" not in SERVICES[name]


def test_it_starts_in_order() -> None:
    for name in ("web", "worker"):
        assert SERVICES[name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_no_secret_is_written_down() -> None:
    for name in (*NAMES, "POSTGRES_PASSWORD"):
        given = re.findall(rf"{name}: (\S+)", TEXT)
        assert given or name == "POSTGRES_PASSWORD"
        assert all(value.startswith(f"${{{name}:?") for value in given)
    assert not re.search(r"(password|secret|token|key)\s*:\s*[\"']?[A-Za-z0-9]{6,}", TEXT, re.IGNORECASE)


def test_every_variable_of_ours_is_a_setting() -> None:
    known = {f"FRONTDOOR_{name.upper()}" for name in Settings.model_fields}
    used = set(re.findall(r"\bFRONTDOOR_[A-Z_]+", TEXT))
    assert used <= known


def test_both_images_come_from_one_file() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    targets = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert targets == {"triage", "bot"}
    assert all(re.search(rf"^FROM \S+ AS {target}$", dockerfile, re.MULTILINE) for target in targets)


def test_the_images_install_with_the_uv_that_the_checkout_pins() -> None:
    from triage.running.setup import UV_VERSION

    assert f"uv=={UV_VERSION}" in (ROOT / "Dockerfile").read_text()
