"""A change of wording is said within a second, by the running app, with no training."""

import asyncio
import shutil
import time
from pathlib import Path

import httpx2
import pytest

from triage import catalogue, reading

OLD, NEW = "Each home gets one council tax bill", "Every home has one bill for council tax"


async def ask(client: httpx2.AsyncClient) -> str:
    began = (await client.post("/api/conversations", json={})).json()
    answer = await client.post(
        f"/api/conversations/{began['id']}/messages",
        json={"text": "my council tax bill"},
        headers={"authorization": f"Bearer {began['secret']}"},
    )
    return str(answer.json()["messages"][-1]["text"])


async def test_an_edited_answer_is_said_within_a_second(
    app_client: httpx2.AsyncClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(catalogue.DATA, tmp_path / "data")
    monkeypatch.setattr(catalogue, "DATA", tmp_path / "data")
    monkeypatch.setattr(catalogue, "_held", catalogue._Held())
    assert OLD in await ask(app_client)
    trained = reading.reader_version()

    path = tmp_path / "data" / "services" / "council_tax_bill" / "service.toml"
    path.write_text(path.read_text().replace(OLD, NEW))
    saved = time.monotonic()
    while NEW not in (said := await ask(app_client)):
        assert time.monotonic() - saved < 1.0, f"still said a second after it was saved: {said}"
        await asyncio.sleep(0.05)
    assert OLD not in said
    assert reading.reader_version() == trained
