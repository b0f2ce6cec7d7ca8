"""Logs hold no resident's words: every call in the code is held to that, and so is what comes out."""

import ast
import asyncio
import gc
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from triage import logs
from triage.settings import ROOT

CANARY = "Priya Zelkova, 47 Quillfeather Road"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls(folder: str) -> Iterator[tuple[Path, ast.Call]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        if ".venv" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger"), attr=level)) if level in LEVELS:
                    yield path, node


def test_there_are_calls_to_look_at() -> None:
    assert len(list(calls("triage"))) > 5
    assert len(list(calls("bot"))) > 3


@pytest.mark.parametrize("folder", ["triage", "connectors", "language"])
def test_our_lines_have_a_fixed_name_and_known_fields(folder: str) -> None:
    for path, call in calls(folder):
        where = f"{path}:{call.lineno}"
        assert [type(one) for one in call.args] == [ast.Constant], where
        assert {word.arg for word in call.keywords} <= logs.FIELDS, where


def test_the_assistants_lines_name_classes_and_nothing_else() -> None:
    for path, call in calls("bot"):
        where = f"{path}:{call.lineno}"
        assert isinstance(call.args[0], ast.Constant) and not call.keywords, where
        assert all(ast.unparse(one) == "type(error).__name__" for one in call.args[1:]), where


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Logging as a process begins with it, undone afterwards."""
    before, configured = logging.getLogRecordFactory(), structlog.get_config()
    logs.begin()
    yield
    logging.captureWarnings(False)
    logging.setLogRecordFactory(before)
    structlog.configure(**configured)


def test_a_field_that_nobody_knows_has_no_value(begun: None, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger("x").warning("something", text=CANARY, error="ValueError")
    line = json.loads(capsys.readouterr().out)
    assert (line["text"], line["error"]) == ("…", "ValueError")


def fail() -> None:
    try:
        int(CANARY)
    except ValueError as error:
        raise ExceptionGroup(CANARY, [KeyError(CANARY), RuntimeError(CANARY)]) from error


def test_an_exception_is_classes_and_places(
    begun: None, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    try:
        fail()
    except ExceptionGroup as error:
        structlog.get_logger("x").exception("unexpected", error=type(error).__name__)
        logging.getLogger("a.library").exception("failed with %s", error)
    for said in (capsys.readouterr().out, caplog.text):
        assert "Zelkova" not in said and "Quillfeather" not in said
        for name in ("builtins.ExceptionGroup", "builtins.KeyError", "builtins.ValueError", "test_logs.py"):
            assert name in said


async def test_a_task_that_nobody_waited_for_and_a_warning(begun: None, caplog: pytest.LogCaptureFixture) -> None:
    async def wrong() -> None:
        raise ValueError(CANARY)

    task = asyncio.create_task(wrong())
    await asyncio.sleep(0)
    del task
    gc.collect()
    await asyncio.sleep(0)
    logging.getLogger("py.warnings").warning("%s", warnings.formatwarning(CANARY, UserWarning, "a.py", 7, CANARY))
    assert "never retrieved" in caplog.text and "a.py:7: UserWarning" in caplog.text
    assert "Zelkova" not in caplog.text
