"""Bringing past figures in through the owner's pages and the command, and taking them back whole."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select, text

from tests.makers import make_agent, session_of
from triage import access, clock
from triage.database import transaction
from triage.errors import Conflict
from triage.metrics import steps
from triage.metrics.importing import command, endpoints, repository, service
from triage.metrics.importing.command import Refused, offered_from
from triage.metrics.importing.service import Offered
from triage.tables import Audit, Fact, ImportedCount, SurveyImport

# 76 of 100 in July 2016, in Barnet's own services.
JULY = (
    "month,service,channel,very_satisfied,satisfied,neither,dissatisfied,very_dissatisfied\n"
    "2016-07,missed_bin,phone,40,36,10,6,8\n"
)
FACES = "date,service,channel,rating,comment\n" + "13/07/2016,Council Tax,web,Good,A secret comment\n" * 12


async def rows(model: Any) -> int:
    async with transaction() as session:
        return await session.scalar(select(func.count()).select_from(model)) or 0


async def facts(source: str = "import") -> dict[tuple[date, str, str, str], int]:
    async with transaction() as session:
        found = await session.execute(
            select(Fact.day, Fact.measure, Fact.level, Fact.service, Fact.count).where(Fact.source == source)
        )
        return {(day, measure, level, service_id): count for day, measure, level, service_id, count in found}


async def send(
    owner: httpx2.AsyncClient, path: str, content: str, layout: str, name: str = "old.csv", **more: str
) -> httpx2.Response:
    return await owner.post(path, data={"layout": layout, **more}, files={"file": (name, content.encode(), "text/csv")})


async def brought_in(owner: httpx2.AsyncClient, content: str, layout: str, **more: str) -> httpx2.Response:
    sha256 = hashlib.sha256(content.encode()).hexdigest()
    return await send(owner, "/owner/imports", content, layout, sha256=sha256, **more)


async def test_the_pages_are_for_owners(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/owner/imports")).headers["location"].startswith("/desk/sign-in")
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent(role="agent")))
    assert (await client.get("/owner/imports")).status_code == 403
    assert (await send(client, "/owner/imports/check", JULY, "counted_answers")).status_code == 403
    assert (await brought_in(client, JULY, "counted_answers")).status_code == 403
    assert await rows(SurveyImport) == 0


async def test_a_check_says_what_would_be_counted_and_stores_nothing(owner: httpx2.AsyncClient) -> None:
    page = await send(owner, "/owner/imports/check", JULY, "counted_answers")
    assert page.status_code == 200
    assert "Nothing is wrong with this file" in page.text
    assert "<strong>76</strong>" in page.text
    assert "1 row, from July 2016 to July 2016" in page.text
    assert (await rows(SurveyImport), await rows(ImportedCount), await rows(Fact)) == (0, 0, 0)


async def test_a_file_with_one_fault_is_not_counted_at_all(owner: httpx2.AsyncClient) -> None:
    wrong = JULY + "2016-08,missed_bin,phone,40,x,10,6,8\n"
    page = await send(owner, "/owner/imports/check", wrong, "counted_answers")
    assert page.status_code == 422
    assert "Line 3, column satisfied: “x” is no whole number" in page.text
    assert (await brought_in(owner, wrong, "counted_answers")).status_code == 422
    assert (await rows(SurveyImport), await rows(ImportedCount), await rows(Fact)) == (0, 0, 0)


async def test_a_file_is_counted_with_where_it_came_from(owner: httpx2.AsyncClient) -> None:
    answer = await brought_in(owner, JULY, "counted_answers", note="The contractor's own survey")
    assert answer.status_code == 303
    async with transaction() as session:
        held = (await session.scalars(select(SurveyImport))).one()
    assert held.sha256.hex() == hashlib.sha256(JULY.encode()).hexdigest()
    assert (held.file_name, held.layout, held.rows, held.grain, held.source) == (
        "old.csv",
        "counted_answers",
        1,
        "month",
        "import",
    )
    page = (await owner.get(answer.headers["location"])).text
    assert "The contractor&#39;s own survey" in page and "Service owner" in page
    assert held.sha256.hex() in page
    first = date(2016, 7, 1)
    assert await facts() == {
        (first, "satisfaction", level, "missed_bin"): count
        for level, count in (("5", 40), ("4", 36), ("3", 10), ("2", 6), ("1", 8))
    }
    view = "/owner/satisfaction.csv?by=quarter&source="
    assert ",100,76.0," in (await owner.get(f"{view}import")).text
    assert "76.0" not in (await owner.get(f"{view}live")).text
    assert await facts("live") == {}
    async with transaction() as session:
        noted = (await session.scalars(select(Audit).where(Audit.what == "imported"))).one()
    assert (noted.about, noted.agent_id, noted.detail["rows"]) == (str(held.id), held.agent_id, 1)


async def test_only_the_file_that_was_checked_is_counted(owner: httpx2.AsyncClient) -> None:
    other = await send(owner, "/owner/imports", JULY, "counted_answers", sha256="0" * 64)
    assert other.status_code == 409
    assert "This is not the file that you checked" in other.text
    assert await rows(SurveyImport) == 0


async def test_the_same_file_twice_is_refused(owner: httpx2.AsyncClient) -> None:
    await brought_in(owner, JULY, "counted_answers")
    before = await facts()
    again = await brought_in(owner, JULY, "counted_answers", name="renamed.csv", beside="yes")
    assert again.status_code == 409
    assert "This very file was brought in" in again.text
    check = await send(owner, "/owner/imports/check", JULY, "counted_answers")
    assert "It is counted already" in check.text
    assert await facts() == before


async def test_what_is_counted_already_is_counted_beside_it_only_when_that_is_said(owner: httpx2.AsyncClient) -> None:
    await brought_in(owner, JULY, "counted_answers")
    more = JULY.replace("40,36,10,6,8", "1,1,1,1,1")
    refused = await brought_in(owner, more, "counted_answers")
    assert refused.status_code == 409
    assert "old.csv counts some of the same days" in refused.text
    assert (await brought_in(owner, more, "counted_answers", beside="yes")).status_code == 303
    assert (await facts())[date(2016, 7, 1), "satisfaction", "5", "missed_bin"] == 41
    # Another channel is no overlap.
    assert (await brought_in(owner, JULY.replace("phone", "web"), "counted_answers")).status_code == 303


async def test_an_import_is_taken_back_whole(owner: httpx2.AsyncClient) -> None:
    first = (await brought_in(owner, JULY, "counted_answers")).headers["location"]
    before = await facts()
    second = await brought_in(owner, JULY.replace("40,36", "1,1"), "counted_answers", beside="yes")
    path = second.headers["location"]
    assert "Say why" in (await owner.post(f"{path}/take-back", data={"why": " "})).text
    assert (await owner.post(f"{path}/take-back", data={"why": "The wrong file."})).status_code == 303
    assert await facts() == before
    page = (await owner.get(path)).text
    assert "Taken back" in page and "The wrong file." in page and "Nothing of it is counted" in page
    assert (await owner.post(f"{path}/take-back", data={"why": "Once more."})).status_code == 409
    assert (await owner.post(f"{first}/take-back", data={"why": "All of it."})).status_code == 303
    assert await facts() == {}
    assert await rows(ImportedCount) == 0
    async with transaction() as session:
        noted = list(await session.scalars(select(Audit.about).where(Audit.what == "import_taken_back")))
    assert len(noted) == 2
    # Taken back, the file may come again.
    assert (await brought_in(owner, JULY, "counted_answers")).status_code == 303
    assert await facts() == before


async def test_real_and_demonstration_facts_are_never_touched(
    owner: httpx2.AsyncClient, make_facts: Callable[..., Awaitable[None]]
) -> None:
    day = date(2016, 7, 1)
    await make_facts(day, (1, 2, 3, 4, 5), source="live", channel="phone")
    await make_facts(day, (5, 4, 3, 2, 1), source="demo", channel="phone")
    live, demo = await facts("live"), await facts("demo")
    path = (await brought_in(owner, JULY, "counted_answers")).headers["location"]
    assert (await facts("live"), await facts("demo")) == (live, demo)
    await owner.post(f"{path}/take-back", data={"why": "A try."})
    assert (await facts("live"), await facts("demo")) == (live, demo)
    # And counting the record again, as every night, does not touch what was brought in.
    await brought_in(owner, JULY.replace("2016-07", f"{clock.today():%Y-%m}"), "counted_answers")
    before = await facts()
    await steps.recount_last_days()
    assert await facts() == before and len(before) == 5


async def test_faces_stand_apart_and_a_comment_is_only_where_it_is_erased(owner: httpx2.AsyncClient) -> None:
    await brought_in(owner, FACES, "faces")
    page = (await owner.get("/owner/imports")).text
    assert "GovMetric faces" in page and "Five-point answers" not in page
    assert "<strong>100</strong>" in page
    assert {measure for _, measure, _, _ in await facts()} == {"face", "comment"}
    async with transaction() as session:
        for table in ("survey_import", "imported_count", "fact", "audit"):
            found = await session.scalar(text(f"select string_agg(t::text, ' ') from {table} t"))
            assert "secret" not in (found or ""), table


async def test_a_name_that_would_run_is_only_text(owner: httpx2.AsyncClient) -> None:
    name = '=cmd|"<script>alert(1)</script>.csv'
    sha256 = hashlib.sha256(JULY.encode()).hexdigest()
    answer = await send(owner, "/owner/imports", JULY, "counted_answers", name, sha256=sha256, note="<b>=1+1</b>")
    page = (await owner.get(answer.headers["location"])).text
    assert "<script>alert" not in page and "<b>" not in page
    async with transaction() as session:
        assert not (await session.scalars(select(SurveyImport.file_name))).one().startswith("=")


async def test_no_file_too_large_a_file_and_no_layout(
    owner: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Choose a file." in (await owner.post("/owner/imports/check", data={"layout": "answers"})).text
    assert "Choose what kind" in (await send(owner, "/owner/imports/check", JULY, "")).text
    monkeypatch.setattr(endpoints, "LARGEST", 10)
    too_large = await send(owner, "/owner/imports/check", JULY, "counted_answers")
    assert too_large.status_code == 413 and "larger than 5 MB" in too_large.text


async def test_two_at_once_count_one(owner: httpx2.AsyncClient) -> None:
    offered = Offered(JULY.encode(), "old.csv", "counted_answers")
    draft = await service.checked(offered)
    async with transaction() as one:
        await service.bring_in(one, offered, draft, None)
        async with transaction() as other:
            await other.execute(text("set local lock_timeout = '100ms'"))
            with pytest.raises(Exception, match="lock"):
                await repository.lock(other)
    async with transaction() as late:
        with pytest.raises(Conflict):
            await service.bring_in(late, offered, draft, None)


async def test_the_command(database: str, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text(JULY)
    said = await command.import_file(offered_from(path, "counted_answers"), dry_run=True)
    assert "  July to September 2016: 100 answers, 76 of them satisfied" in said
    assert said[-1] == "This was a dry run: nothing was counted."
    assert await rows(Fact) == 0
    said = await command.import_file(offered_from(path, "counted_answers", "From before"), dry_run=False)
    assert said[-1].startswith("Counted, as import ")
    assert len(await facts()) == 5
    async with transaction() as session:
        import_id = (await session.scalars(select(SurveyImport.id))).one()
    assert await command.take_back(import_id, "A try") == ["old.csv is counted no longer. It had 1 row."]
    assert await facts() == {}
    path.write_text(JULY.replace("40", "forty"))
    with pytest.raises(Refused) as refused:
        await command.import_file(offered_from(path, "counted_answers"), dry_run=False)
    assert "Line 2, column very_satisfied" in refused.value.detail
