"""A message tried out: read and answered as a resident's would be, and nothing of it is left anywhere."""

import httpx2
import pytest
from sqlalchemy import func, select
from structlog.testing import capture_logs

from triage.catalogue import catalogue
from triage.database import transaction
from triage.tables import Base


async def rows() -> dict[str, int]:
    """How many rows each table has."""
    async with transaction() as session:
        return {
            table.name: (await session.scalar(select(func.count()).select_from(table))) or 0
            for table in Base.metadata.sorted_tables
        }


async def test_what_is_understood_and_said(editor: httpx2.AsyncClient) -> None:
    page = await editor.post("/content/try", data={"text": "my council tax bill"})
    assert page.status_code == 200
    assert 'href="/content/services/council_tax_bill">Council tax bill and payments</a>' in page.text
    assert catalogue().services["council_tax_bill"].answer.next[0].label in page.text
    assert "Each home gets one council tax bill" in page.text
    # No Rasa runs beside this app: the page says that the spare engine answered.
    assert "The assistant is away, so its spare answers" in page.text


async def test_nothing_of_it_is_stored_or_logged(editor: httpx2.AsyncClient) -> None:
    before = await rows()
    with capture_logs() as lines:
        for text in (
            "this is Priya Zelkova, my bin was missed and how do I pay my council tax?",
            "i want to talk to a person",
            "my husband hits me",
            "zzz qqq",
            "that's all, bye",
        ):
            page = await editor.post("/content/try", data={"text": text})
            assert page.status_code == 200 and "What a resident would see" in page.text
    assert await rows() == before
    assert "Zelkova" not in str(lines) and "husband" not in str(lines)


async def test_what_the_assistant_is_given_is_shown(editor: httpx2.AsyncClient) -> None:
    page = await editor.post(
        "/content/try", data={"text": "I'm Priya Zelkova, NW4 4BG, blue bin not emptied yesterday"}
    )
    assert "As the assistant was given it" in page.text and "[name]" in page.text
    assert "postcode: NW4 4BG" in page.text and "stream: blue" in page.text


async def test_not_sure_enough_says_what_is_nearest(editor: httpx2.AsyncClient) -> None:
    page = await editor.post("/content/try", data={"text": "the thing on my road"})
    assert "Not sure enough, so we ask. The nearest is" in page.text
    assert "too low to answer" in page.text and "None of these" in page.text


async def test_a_danger_is_said_first(editor: httpx2.AsyncClient) -> None:
    page = await editor.post("/content/try", data={"text": "my husband is hitting me right now"})
    assert "A danger: the conversation stops here" in page.text
    assert 'href="tel:999"' in page.text.partition("What a resident would see")[2]


async def test_another_language_is_named(editor: httpx2.AsyncClient) -> None:
    page = await editor.post("/content/try", data={"text": "dzień dobry, jak mogę zapłacić podatek council tax"})
    assert "It is written in Polish" in page.text


@pytest.mark.parametrize(("text", "told"), [("", "Type a message first"), ("x" * 4001, "That message is too long")])
async def test_what_cannot_be_tried_is_told(editor: httpx2.AsyncClient, text: str, told: str) -> None:
    page = await editor.post("/content/try", data={"text": text})
    assert page.status_code == 422 and told in page.text
    assert "<title>Error: Try a message" in page.text


async def test_only_a_form_of_ours_is_taken(editor: httpx2.AsyncClient) -> None:
    del editor.headers["sec-fetch-site"]
    for headers in ({}, {"sec-fetch-site": "cross-site"}, {"origin": "https://elsewhere.example"}):
        page = await editor.post("/content/try", data={"text": "hello"}, headers=headers)
        assert page.status_code == 403


async def test_whoever_is_not_signed_in_is_sent_to_sign_in(app_client: httpx2.AsyncClient) -> None:
    page = await app_client.get("/content/try", headers={"accept": "text/html"})
    assert page.headers["location"] == "/desk/sign-in?after=/content/try"
