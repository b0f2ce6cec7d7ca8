"""What council.toml switches on is what is used; what it cannot mean is named; and no secret stands in it."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field, SecretStr

from connectors.console import ConsoleAddresses, ConsoleMessages
from connectors.errors import UnknownConnector, WrongSettings
from connectors.govuk_notify import NotifyMessages, NotifyReceipts
from connectors.open311.settings import Settings as Open311Settings
from connectors.registry import check_stand_ins, connect
from connectors.settings import ConnectorSettings, WebSettings, plain

KEY = "for-tests-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"


async def test_the_stand_in_keeps_what_it_would_have_sent_and_logs_no_address(
    capsys: pytest.CaptureFixture[str],
) -> None:
    fields = {"reference": "BN-7K3M-9QXF", "link": "https://x", "subject": "News", "text": "News about BN-7K3M-9QXF"}
    stand_in = ConsoleMessages()
    for _ in range(2):
        await stand_in.send("resident@example.com", "closed", fields, "one")
    (sent,) = stand_in.outbox
    assert (sent.to, sent.template, sent.fields) == ("resident@example.com", "closed", fields)
    logged = capsys.readouterr().out
    assert "message.sent" in logged and "resident@example.com" not in logged and "BN-7K3M" not in logged


def test_the_stand_ins_are_the_default() -> None:
    assert isinstance(connect({}).addresses, ConsoleAddresses)
    assert not connect({}).inbound


def test_one_kind_is_switched_with_its_settings_and_hears_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVUK_NOTIFY_API_KEY", KEY)
    found = connect({"messages": "govuk_notify", "govuk_notify": {"email_template": "t"}})
    assert isinstance(found.messages, NotifyMessages) and isinstance(found.addresses, ConsoleAddresses)
    assert isinstance(found.inbound["govuk_notify"], NotifyReceipts)


@pytest.mark.parametrize(
    ("switch", "named"),
    [
        ({"addresses": "nowhere"}, "nowhere"),
        ({"default": "nowhere"}, "nowhere"),
        ({"addresses": "smtp"}, "addresses"),
        ({"adresses": "console"}, "adresses"),
        ({"notify": {"email_template": "t"}}, "notify"),
    ],
)
def test_what_is_not_there_is_named(switch: dict[str, object], named: str) -> None:
    with pytest.raises(UnknownConnector, match=named):
        connect(switch)


class Example(ConnectorSettings):
    """Settings of an example."""

    api_key: SecretStr = Field(description="A key.")
    tries: int = Field(3, description="A number.")


def test_a_secret_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    assert plain(Example.load("example", {}, {"EXAMPLE_API_KEY": "direct"}).api_key) == "direct"
    by_file = Example.load("example", {"tries": 5}, {"EXAMPLE_API_KEY_FILE": str(tmp_path / "key")})
    assert (plain(by_file.api_key), by_file.tries) == ("from a file", 5)
    assert Example.load("example", {"tries": 5}, {"EXAMPLE_API_KEY": "x", "EXAMPLE_TRIES": "7"}).tries == 7


def test_a_table_comes_from_the_environment_as_json() -> None:
    variables = {
        "OPEN311_URL": "https://x.example",
        "OPEN311_SERVICES": '{"missed_bin": "BIN"}',
        "OPEN311_API_KEY": "{x",
    }
    found = Open311Settings.load("open311", {}, variables)
    assert found.services == {"missed_bin": "BIN"} and plain(found.api_key) == "{x"


def test_a_secret_in_council_toml_is_refused() -> None:
    with pytest.raises(WrongSettings, match="api_key may not stand"):
        Example.load("example", {"api_key": "hunter2"}, {})


@pytest.mark.parametrize("table", [{"tries": "hunter2"}, {"hunter": "hunter2"}])
def test_wrong_settings_are_named_and_their_values_are_not(table: dict[str, str]) -> None:
    with pytest.raises(WrongSettings) as raised:
        Example.load("example", table, {"EXAMPLE_API_KEY": "secret-itself"})
    assert "hunter2" not in str(raised.value) and "secret-itself" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_variable_that_is_set_to_nothing_is_not_set(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file")
    variables = {"EXAMPLE_API_KEY": "", "EXAMPLE_TRIES": "", "EXAMPLE_API_KEY_FILE": str(tmp_path / "key")}
    found = Example.load("example", {}, variables)
    assert plain(found.api_key) == "from a file" and found.tries == Example.model_fields["tries"].default


def test_a_file_that_is_not_there_is_named_by_its_variable() -> None:
    with pytest.raises(WrongSettings, match="EXAMPLE_API_KEY_FILE"):
        Example.load("example", {}, {"EXAMPLE_API_KEY_FILE": "/nowhere/key"})


@pytest.mark.parametrize("url", ["http://example.com", "ftp://example.com", "example.com", "http://127.0.0.1.evil.com"])
def test_another_machine_is_called_encrypted(url: str) -> None:
    with pytest.raises(WrongSettings, match="https"):
        WebSettings.load("example", {"url": url}, {})


REAL = {"addresses": "os_places", "collections": "bins_json", "libraries": "somebody", "messages": "smtp"}


@pytest.mark.parametrize(
    ("switch", "casework", "named"),
    [
        ({}, [], "addresses, collections, libraries, messages"),
        ({"stand_ins": ["libraries"]}, [], "addresses, collections, messages"),
        (REAL, ["console"], "casework"),
        (REAL | {"messages": "console"}, ["open311"], "messages"),
    ],
)
def test_in_production_a_stand_in_serves_only_what_the_council_names(
    switch: dict[str, Any], casework: list[str], named: str
) -> None:
    with pytest.raises(WrongSettings, match=f"would serve {named}: "):
        check_stand_ins(switch, casework)
    kinds = {*named.split(", "), *switch.get("stand_ins", [])}
    assert check_stand_ins(switch | {"stand_ins": [*kinds]}, casework) == sorted(kinds)


def test_real_suppliers_need_no_word_of_it_and_a_word_that_is_none_is_refused() -> None:
    assert check_stand_ins(REAL, ["open311"]) == []
    for wrong in (["mesages"], "messages", True):
        with pytest.raises(WrongSettings, match="is a list of kinds"):
            check_stand_ins(REAL | {"stand_ins": wrong})
