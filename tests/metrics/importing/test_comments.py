"""Comments of past surveys: redacted before they are stored, read by the same reader, apart from live ones, erased."""

import csv
import io
from datetime import date, timedelta
from uuid import UUID

import httpx2
import pytest
from sqlalchemy import select, text, update

from tests.metrics.comments.conftest import (
    MakeComment,
    make_comment,  # noqa: F401 (a fixture)
)
from tests.metrics.importing.test_pages import brought_in, facts, rows, send
from triage import clock, reading
from triage.database import transaction
from triage.metrics.comments import steps
from triage.metrics.comments.themes import themes
from triage.tables import ImportedComment, OpenDataEdition, SurveyImport

SECRET = "Mrs Okonkwo", "07700 900123", "N3 2PY", "@SUM"
TOLD = "Nobody rang back Mrs Okonkwo on 07700 900123 at Flat 2, 14 Long Lane, N3 2PY"
FILE = "date,service,channel,rating,comment\n" + "".join(
    f'{day}/07/2016,Council Tax,web,{"Poor" if day < 21 else "Good"},"{words}"\n'
    for day, words in [
        *((day, f"{TOLD} number {day}") for day in range(1, 13)),
        (13, "=HYPERLINK(1) <b>slow</b>"),
        (14, ""),
        *((day, "Staff were kind and helpful") for day in range(21, 32)),
    ]
)


async def kept() -> list[ImportedComment]:
    async with transaction() as session:
        return list(await session.scalars(select(ImportedComment).order_by(ImportedComment.line)))


async def read(location: str) -> None:
    async with transaction() as session:
        await steps.read_imported(session, UUID(location.rsplit("/", 1)[1]))


async def test_only_redacted_words_are_stored_and_each_is_read_as_those_given_here(
    trained: None, owner: httpx2.AsyncClient
) -> None:
    check = await send(owner, "/owner/imports/check", FILE, "faces")
    assert "24 comments. They are kept when the file is counted, without names, addresses and numbers." in check.text
    assert not any(secret in check.text for secret in SECRET)
    assert await rows(ImportedComment) == 0
    location = (await brought_in(owner, FILE, "faces")).headers["location"]
    assert "24 kept, without names, addresses and numbers; 24 are still to be read" in (await owner.get(location)).text
    assert "24 comments are still to be read" in (await owner.get("/owner/comments?source=import")).text
    async with transaction() as session:
        # Of the whole database: the jobs that will read them too.
        for table in await session.scalars(text("select tablename from pg_tables where schemaname = 'public'")):
            held = await session.scalar(text(f'select string_agg(t::text, chr(10)) from "{table}" t')) or ""
            assert not any(secret in held for secret in SECRET), table
    for _ in range(2):
        await read(location)
    reader = reading.themes()
    assert reader is not None
    for one in await kept():
        assert one.themes == list(themes().of_comment(one.text, reader.read(one.text).themes))
        assert one.version == reading.themes_version()
    assert [one.line for one in await kept()][:13] == list(range(2, 15))
    page = (await owner.get("/owner/comments?source=import&theme=manner")).text
    assert (
        "Comments of past surveys, brought in from files." in page
        and "Council tax, 31 July 2016, past survey</p>" in page
    )


async def test_they_are_never_in_one_figure_with_those_given_here(
    owner: httpx2.AsyncClient,
    make_comment: MakeComment,  # noqa: F811
) -> None:
    await brought_in(owner, FILE, "faces")
    async with transaction() as session:
        await session.execute(update(ImportedComment).values(themes=["waiting"], sentiment=4, version="themes-test"))
    for _ in range(11):
        await make_comment("Told here", clock.now(), "waiting", sentiment=2)

    async def about(query: str) -> dict[str, str]:
        answer = await owner.get(f"/owner/comments.csv{query}")
        return next(row for row in csv.DictReader(io.StringIO(answer.text)) if row["code"] == "waiting")

    live, past = await about(""), await about("?source=import")
    assert (live["comments"], live["source"]) == ("11", "live")
    assert (past["comments"], past["unhappy in every 100 of them"], past["source"]) == ("24", "100.0", "import")
    page = (await owner.get("/owner/comments?theme=waiting")).text
    assert "Past surveys hold 24 more comments, of July 2016." in page
    assert "Nobody rang" not in page and "Told here" in page
    past_page = (await owner.get("/owner/comments?source=import&theme=waiting")).text
    assert "12 months up to July 2016." in past_page and "Told here" not in past_page
    # A comment that begins as a formula does is text on the page, and in no file.
    wide = (await owner.get("/owner/comments.csv?source=import&theme=waiting")).text
    assert "HYPERLINK" not in wide and "rang" not in wide
    assert "June 2016" not in (await owner.get("/owner/comments?source=import&until=2016-08&months=1")).text
    assert (await owner.get("/owner/comments?until=2016-13")).status_code == 422


async def test_they_go_with_their_import_and_a_second_file_of_the_same_days_is_refused(
    owner: httpx2.AsyncClient,
) -> None:
    location = (await brought_in(owner, FILE, "faces")).headers["location"]
    alone = "date,service,channel,comment\n13/07/2016,Council Tax,web,Again the same\n"
    assert "old.csv counts some of the same days" in (await brought_in(owner, alone, "comments")).text
    assert (await owner.post(f"{location}/take-back", data={"why": "The wrong file."})).status_code == 303
    assert await rows(ImportedComment) == 0
    async with transaction() as session:
        # What is published of ratings is not touched by a file that has none.
        session.add(OpenDataEdition(source="import", measure="face", quarter=date(2016, 7, 1), number=7, groups=[]))
    assert (await brought_in(owner, alone, "comments")).status_code == 303
    async with transaction() as session:
        number = select(OpenDataEdition.number).where(OpenDataEdition.withdrawn_at.is_(None))
        assert await session.scalar(number) == 7
    assert [one.text for one in await kept()] == ["Again the same"]
    assert {measure for _, measure, _, _ in await facts()} == {"comment"}


@pytest.mark.parametrize(("days", "left"), [(1_000, "Too slow"), (1_200, "")])
async def test_their_words_are_erased_three_years_after_they_came_and_their_themes_are_counted_still(
    owner: httpx2.AsyncClient, days: int, left: str
) -> None:
    file = "date,comment\n" + "13/07/2016,Too slow\n" * 12
    location = (await brought_in(owner, file, "comments")).headers["location"]
    async with transaction() as session:
        await session.execute(update(ImportedComment).values(themes=["waiting"], sentiment=4, version="themes-older"))
        await session.execute(update(SurveyImport).values(at=clock.now() - timedelta(days=days)))
    before = await facts()
    for _ in range(2):
        async with transaction() as session:
            await steps.erase_past(session)
    assert {one.text for one in await kept()} == {left} and await facts() == before
    page = (await owner.get("/owner/comments?source=import&theme=waiting")).text
    assert ('<p class="govuk-body">Too slow</p>' in page) == bool(left)
    assert "<strong>100</strong>" in page
    assert ("12 kept" in (await owner.get(location)).text) == bool(left)
    if not left:
        # A newer reader has no words to read.
        async with transaction() as session:
            await steps.read_missed(session)
        assert {one.version for one in await kept()} == {"themes-older"}
