"""Jadu CXM: what a case is made from, how it is followed, and what a sign-in lasts for."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import AnswerUnreadable, KeyRefused, NotKnown, NotOffered, WrongSettings
from connectors.jadu_cxm import JaduCasework, translate
from connectors.shapes import Attachment, CaseRequest, Place, Reporter
from tests.connectors.jadu_cxm.supplier import World, build, settings
from tests.connectors.suppliers.server import Supplier, serve

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
PLACE = Place(uprn="100000000123", line="12 Long Lane", latitude=51.6, longitude=-0.2)
REQUEST = CaseRequest("missed_bin", "Left", NOW, PLACE, Reporter("Ada Example", "ada@example.com"), {"bin": "blue"})
SUMMARIES = json.loads((Path(__file__).parent / "fixtures" / "summaries.json").read_text())


@pytest.fixture
async def jadu() -> AsyncIterator[Supplier]:
    world = World()
    async with serve(build(world)) as supplier:
        supplier.world = world
        yield supplier


async def test_a_case_is_made_from_their_names_for_what_we_know(jadu: Supplier) -> None:
    case = await JaduCasework(settings(jadu)).create(REQUEST, "BN-1/1")
    assert jadu.world.cases[case.handle]["told"] == {
        "bin": "blue",
        "description": "Left",
        "external-reference": "BN-1/1",
        "uprn": "100000000123",
        "ens-street": "12 Long Lane",
        "ens-latitude": "51.600000",
        "ens-longitude": "-0.200000",
        "sys-first-name": "Ada",
        "sys-last-name": "Example",
        "sys-email-address": "ada@example.com",
    }


async def test_one_sign_in_serves_until_it_ends_early(jadu: Supplier) -> None:
    casework = JaduCasework(settings(jadu))
    for reference in ("1", "2"):
        await casework.create(REQUEST, reference)
    assert jadu.world.signed_in == 1
    jadu.world.token = "token-2"
    await casework.create(REQUEST, "3")
    assert jadu.world.signed_in == 2 and len(jadu.world.cases) == 3


async def test_a_wrong_password_is_tried_once_more_and_no_oftener(jadu: Supplier) -> None:
    with pytest.raises(KeyRefused):
        await JaduCasework(settings(jadu, password="wrong")).create(REQUEST, "1")
    assert len(jadu.calls) <= 2


async def test_cases_are_followed_by_a_filter_from_page_to_page(jadu: Supplier) -> None:
    casework = JaduCasework(settings(jadu))
    cases = [await casework.create(REQUEST, str(number)) for number in range(5)]
    for minutes, (case, title) in enumerate(zip(cases, ("New", "Crew assigned", "Closed", "Odd", "New"), strict=True)):
        at = (NOW + timedelta(minutes=minutes)).isoformat()
        jadu.world.cases[case.handle] |= {"status": {"title": title}, "updated_at": at}
    updates = await casework.updates(NOW + timedelta(minutes=1), NOW + timedelta(minutes=3))
    assert [(one.handle, one.state) for one in updates] == [
        (cases[1].handle, "in_progress"), (cases[2].handle, "done"), (cases[3].handle, "looking"),
    ]  # fmt: skip
    assert updates == await casework.updates(NOW + timedelta(minutes=1), NOW + timedelta(minutes=3))
    assert (await casework.status(cases[0].handle)).state == "received"


async def test_a_file_arrives_whole(jadu: Supplier) -> None:
    casework = JaduCasework(settings(jadu))
    case = await casework.create(REQUEST, "1")
    await casework.attach(case.handle, Attachment("bin.jpg", "image/jpeg", b"\xff\xd8\x00"))
    assert jadu.world.files[case.handle] == {"bin.jpg": b"\xff\xd8\x00"}
    with pytest.raises(NotKnown):
        await casework.attach("nobody/../1", Attachment("a", "text/plain", b""))


async def test_what_the_settings_lack_is_named(jadu: Supplier) -> None:
    with pytest.raises(WrongSettings, match="parks"):
        await JaduCasework(settings(jadu)).create(CaseRequest("parks", "x", NOW), "1")
    with pytest.raises(NotOffered):
        await JaduCasework(settings(jadu, filter="")).updates(NOW, NOW)


def test_a_summary_is_an_update_by_its_case_its_time_and_its_status() -> None:
    first, _ = translate.summaries(SUMMARIES)
    update = translate.update_of(first, {"Crew assigned": "in_progress"})
    assert (update.handle, update.state) == ("FT-100124", "in_progress")
    assert update.id == f"FT-100124 {int(datetime(2026, 11, 26, 9, 30, tzinfo=UTC).timestamp())} Crew assigned"


@pytest.mark.parametrize("content", [None, [], {}, {"items": None}, {"items": [1]}])
def test_what_is_no_page_is_not_read(content: Any) -> None:
    with pytest.raises(AnswerUnreadable):
        translate.summaries(content)
