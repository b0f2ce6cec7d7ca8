"""A deployment that lacks something is told in one line, before anything starts."""

from typing import Any

import pytest

from triage.running import requirements
from triage.running.messages import CannotStart
from triage.settings import Settings

SECRETS = {"FRONTDOOR_INTERNAL_TOKEN": "a", "FRONTDOOR_SIGNING_KEY": "b"}


def production(monkeypatch: pytest.MonkeyPatch, url: str = "postgresql://somewhere/frontdoor", **more: str) -> Settings:
    for name, value in {"FRONTDOOR_ENVIRONMENT": "production", "DATABASE_URL": url, **more}.items():
        monkeypatch.setenv(name, value)
    return Settings()


def test_production_makes_up_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart, match="FRONTDOOR_SIGNING_KEY must be set"):
        requirements.check_production(production(monkeypatch), {"FRONTDOOR_INTERNAL_TOKEN": "a"})


def test_production_makes_up_no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart, match="DATABASE_URL"):
        requirements.check_production(production(monkeypatch, url=""), SECRETS)


def test_production_keeps_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart, match="FRONTDOOR_NOW"):
        requirements.check_production(production(monkeypatch, FRONTDOOR_NOW="2026-11-24T10:00"), SECRETS)


def test_production_with_everything_may_start(monkeypatch: pytest.MonkeyPatch) -> None:
    requirements.check_production(production(monkeypatch), SECRETS)


def test_production_lets_somebody_sign_in_and_nobody_listen(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotStart, match="Nobody could sign in"):
        requirements.check_production(production(monkeypatch, FRONTDOOR_LOCAL_SIGN_IN="false"), SECRETS)
    council = {"FRONTDOOR_OPENID_CLIENT_ID": "frontdoor", "FRONTDOOR_OPENID_ISSUER": "http://login.example"}
    with pytest.raises(CannotStart, match="https"):
        requirements.check_production(production(monkeypatch, **council), SECRETS)
    council["FRONTDOOR_OPENID_ISSUER"] = "https://login.example"
    requirements.check_production(production(monkeypatch, FRONTDOOR_LOCAL_SIGN_IN="false", **council), SECRETS)


def test_an_unknown_council_is_told_with_those_there_are() -> None:
    with pytest.raises(CannotStart, match=r"no council 'camden'.*barnet"):
        requirements.check_content("camden")


@pytest.mark.parametrize("url", ["mysql://a/b", "sqlite:///x"])
def test_another_kind_of_database_is_refused(url: str) -> None:
    with pytest.raises(CannotStart, match="postgresql://"):
        requirements.check_database(url)


def test_a_database_that_does_not_answer_is_told_in_one_line_without_its_password() -> None:
    with pytest.raises(CannotStart) as told:
        requirements.check_database("postgresql://somebody:hunter2@127.0.0.1:9/frontdoor")
    assert "\n" not in str(told.value) and "hunter2" not in str(told.value)


def test_a_database_that_answers_is_fine(postgres: Any) -> None:
    requirements.check_database(postgres.get_uri())
