"""docker-compose.yml runs what `make run` runs, lets nobody in but by the front, and holds no secret."""

import re
from importlib import import_module
from typing import Any

import pytest
import yaml

from connectors.manifest import manifests
from triage.running import processes
from triage.running.first_run import NAMES
from triage.settings import ROOT, Settings

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
CADDY = (ROOT / "deploy" / "Caddyfile").read_text()
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


def test_a_resident_is_counted_by_their_own_address_behind_a_balancer_and_by_nobodys_word_else() -> None:
    assert SERVICES["front"]["environment"]["TRUSTED_PROXIES"] == "${TRUSTED_PROXIES:-127.0.0.1/32}"
    assert re.search(r"trusted_proxies static \{\$TRUSTED_PROXIES:127\.0\.0\.1/32\}\s", CADDY)
    assert re.search(r"^\s*trusted_proxies_strict$", CADDY, re.MULTILINE)
    # The web app takes the first of a list, which anybody may have written.
    assert SERVICES["web"]["environment"]["FORWARDED_ALLOW_IPS"] == "*"
    assert re.search(r"^\s*header_up X-Forwarded-For \{client_ip\}$", CADDY, re.MULTILINE)


def test_the_front_may_end_tls_itself_and_keeps_its_certificate() -> None:
    tls = yaml.safe_load((ROOT / "deploy" / "tls.yml").read_text())
    front = tls["services"]["front"]
    assert {"80:80", "443:443"} <= set(front["ports"])
    assert front["environment"]["SITE_ADDRESS"].startswith("${SITE_ADDRESS:?") and "{$SITE_ADDRESS::8000} {" in CADDY
    (kept,) = front["volumes"]
    assert kept.split(":")[0] in tls["volumes"] and kept.endswith(":/data")
    assert "header @tls Strict-Transport-Security" in CADDY


def test_the_front_asks_itself_at_an_address_that_it_has_either_way() -> None:
    asked = SERVICES["front"]["healthcheck"]["test"][-1].removesuffix("/health/live")
    assert f"\n{asked} {{" in CADDY


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


@pytest.mark.parametrize(("ignores", "line"), [(".dockerignore", "**/.env*"), (".gitignore", ".env*")])
def test_the_file_that_holds_every_secret_goes_into_no_image_and_no_commit(ignores: str, line: str) -> None:
    assert line in (ROOT / ignores).read_text().splitlines()


def test_every_variable_of_ours_is_a_setting() -> None:
    known = {f"FRONTDOOR_{name.upper()}" for name in Settings.model_fields}
    used = set(re.findall(r"\bFRONTDOOR_[A-Z0-9_]+", TEXT))
    assert used <= known


# What a container is told by the file itself, or must not be told: the clock of a demonstration.
FIXED = {
    *("home", "database_url", "port", "host", "rasa_url", "rasa_host", "actions_url"),
    *("now", "clock_began"),
}  # fmt: skip
# Without these nothing starts, so compose asks for them; and these two it answers itself.
ASKED = {"public_url", "internal_token", "signing_key"}
ANSWERED = {"environment": "production", "council": "barnet"}


def variable(field: str) -> str:
    return f"FRONTDOOR_{field.upper()}"


def environment(service: str) -> dict[str, str]:
    return dict(SERVICES[service]["environment"])


@pytest.mark.parametrize("service", ["web", "worker"])
def test_every_setting_can_be_set(service: str) -> None:
    given = environment(service)
    # The worker lets nobody in, so it knows nothing of signing in.
    sign_in = set(COMPOSE["x-sign-in"]) if service == "worker" else set()
    for field in set(Settings.model_fields) - FIXED:
        name = variable(field)
        if name in sign_in:
            assert name not in given
        elif field in ASKED:
            assert given[name].startswith(f"${{{name}:?")
        else:
            # Left empty, it is what the settings say: one place for each default.
            assert given[name] == f"${{{name}:-{ANSWERED.get(field, '')}}}"
    assert not {variable(field) for field in ("home", "now", "clock_began")} & set(given)


@pytest.mark.parametrize("service", ["web", "worker"])
def test_every_secret_of_a_connector_can_be_set_and_no_other_container_sees_it(service: str) -> None:
    secrets = {
        f"{name}_{field}".upper()
        for name in manifests()
        for field in import_module(f"connectors.{name}.settings").Settings.secrets()
    }
    assert "GOVUK_NOTIFY_API_KEY" in secrets and secrets == set(COMPOSE["x-connectors"])
    assert {name: environment(service)[name] for name in secrets} == {name: f"${{{name}:-}}" for name in secrets}
    assert not secrets & (set(environment("rasa")) | set(environment("migrate")) | set(environment("postgres")))


def test_what_is_left_empty_is_as_the_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)
    plain = Settings()
    for name in (*COMPOSE["x-choices"], *COMPOSE["x-sign-in"]):
        monkeypatch.setenv(name, "")
    assert Settings() == plain


def test_both_images_come_from_one_file() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    targets = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert targets == {"triage", "bot"}
    assert all(re.search(rf"^FROM \S+ AS {target}$", dockerfile, re.MULTILINE) for target in targets)


def test_the_images_install_with_the_uv_that_the_checkout_pins() -> None:
    from triage.running.setup import UV_VERSION

    assert f"uv=={UV_VERSION}" in (ROOT / "Dockerfile").read_text()
