"""In production neither the web app nor the worker starts with a stand-in that the council has not named."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from connectors.errors import WrongSettings
from triage import worker
from triage.app import build
from triage.catalogue import catalogue
from triage.sending import guard
from triage.settings import get_settings


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("FRONTDOOR_ENVIRONMENT", "production")
    get_settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    get_settings.cache_clear()


def switched(patch: pytest.MonkeyPatch, switch: dict[str, Any], **more: Any) -> None:
    known = catalogue()
    council = {**known.council, "connectors": switch, **more}
    patch.setattr(guard, "catalogue", lambda: replace(known, council=council))


async def test_neither_starts(production: pytest.MonkeyPatch) -> None:
    switched(production, {"default": "console"})
    with pytest.raises(WrongSettings, match="addresses, collections, libraries, messages"):
        worker.main()
    app = build()
    with pytest.raises(WrongSettings, match="stand_ins"):
        async with app.router.lifespan_context(app):
            raise AssertionError("it started")


def test_named_or_in_development_it_may(production: pytest.MonkeyPatch) -> None:
    guard.refuse_stand_ins()
    switched(production, {"stand_ins": ["addresses", "collections", "libraries", "messages"]})
    guard.refuse_stand_ins()
    switched(production, {}, casework={"missed_bin": "console"})
    with pytest.raises(WrongSettings, match="casework"):
        guard.refuse_stand_ins()
    production.setenv("FRONTDOOR_ENVIRONMENT", "development")
    get_settings.cache_clear()
    guard.refuse_stand_ins()
