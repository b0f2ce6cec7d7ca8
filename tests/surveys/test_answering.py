"""One answer a link, by POST only, in range, in time; what was typed is never lost."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select, text

from tests.surveys.conftest import MakeLink
from tests.surveys.test_cases import AGREED, closed
from triage import clock
from triage.database import transaction
from triage.surveying import links
from triage.surveys import inviting
from triage.tables import Answer, Invite, SurveyCase


async def answers() -> list[tuple[int | None, str | None, str | None]]:
    async with transaction() as session:
        return [(row.satisfaction, row.got_it, row.comment) for row in await session.scalars(select(Answer))]


async def record() -> list[tuple[Any, ...]]:
    """Every row that a survey might touch, jobs included."""
    async with transaction() as session:
        invites = await session.execute(select(Invite.__table__))
        given = await session.execute(select(Answer.__table__))
        jobs = await session.execute(text("select * from procrastinate_jobs"))
        return [tuple(row) for rows in (invites, given, jobs) for row in rows]


async def test_looking_changes_nothing(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    token = await make_link()
    before = await record()
    for _ in range(3):
        page = await client.get(f"/survey/{token}")
        assert page.status_code == 200
    await client.head(f"/survey/{token}")
    assert await record() == before
    assert page.text.count('type="radio"') == 5
    assert "checked" not in page.text


async def test_the_questions_come_one_by_one(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    address = f"/survey/{await make_link()}"
    first = await client.post(address, data={"satisfaction": "4"})
    assert (first.status_code, first.headers["location"]) == (303, address)
    assert await answers() == [(4, None, None)]
    page = await client.get(address)
    assert "Did you get what you came for?" in page.text
    assert (await client.post(address, data={"got_it": "partly"})).status_code == 303
    page = await client.get(address)
    assert 'name="comment"' in page.text
    last = await client.post(address, data={"comment": "Tell me the day.", "finished": "yes"})
    assert last.status_code == 200
    assert "Thank you" in last.text
    assert await answers() == [(4, "partly", "Tell me the day.")]
    assert "answered already" in (await client.get(address)).text


async def test_the_rest_may_be_skipped(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    address = f"/survey/{await make_link()}"
    await client.post(address, data={"satisfaction": "1"})
    done = await client.post(address, data={"finished": "yes"})
    assert (done.status_code, "Thank you" in done.text, "We have your answers" in done.text) == (200, True, True)
    assert await answers() == [(1, None, None)]


async def test_whoever_skips_all_of_it_is_not_told_that_we_have_their_answers(
    client: httpx2.AsyncClient, make_link: MakeLink
) -> None:
    address = f"/survey/{await make_link()}"
    await client.post(address, data={"skip": "satisfaction"})
    done = await client.post(address, data={"finished": "yes"})
    assert done.status_code == 200 and "You did not answer, and that is fine." in done.text
    assert "We have your answers" not in done.text


async def test_each_question_has_a_way_never_to_be_asked_again_where_we_know_an_address(
    client: httpx2.AsyncClient, make_link: MakeLink
) -> None:
    case = await closed(**AGREED)
    async with transaction() as session:
        await inviting.invite(session, await session.get_one(SurveyCase, case.id), "message")
    address = f"/survey/{links.token_for(case.id)}"
    never = f'href="{address}/never"'
    assert never in (await client.get(address)).text
    await client.post(address, data={"satisfaction": "4"})
    assert never in (await client.get(address)).text and never in (await client.post(address, data={})).text
    # Of a link of before cases, and of whoever left no address, we know none.
    assert "/never" not in (await client.get(f"/survey/{await make_link()}")).text


@pytest.mark.parametrize("finished", [True, False])
async def test_a_second_answer_is_refused(client: httpx2.AsyncClient, make_link: MakeLink, finished: bool) -> None:
    token = await make_link()
    first = await client.post(f"/api/surveys/{token}", json={"satisfaction": 5, "finished": finished})
    assert first.status_code == 200
    second = await client.post(f"/api/surveys/{token}", json={"satisfaction": 1})
    assert (second.status_code, second.json()["error"]) == (409, "LinkUsed")
    assert (await client.post(f"/survey/{token}", data={"satisfaction": "1"})).status_code == 409
    assert await answers() == [(5, None, None)]


async def test_two_presses_at_once_count_once(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    token = await make_link()
    sent = [client.post(f"/api/surveys/{token}", json={"satisfaction": level}) for level in (1, 2, 3, 4, 5)]
    statuses = sorted(answer.status_code for answer in await asyncio.gather(*sent))
    assert statuses == [200, 409, 409, 409, 409]
    assert len(await answers()) == 1


async def test_the_rest_is_taken_for_half_an_hour(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    token = await make_link()
    await client.post(f"/api/surveys/{token}", json={"satisfaction": 5})
    async with transaction() as session:
        await session.execute(text("update invite set answered_at = answered_at - interval '31 minutes'"))
    late = await client.post(f"/api/surveys/{token}", json={"got_it": "yes"})
    assert late.status_code == 409
    assert await answers() == [(5, None, None)]


async def test_an_old_link_has_run_out(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    token = await make_link(expires_at=clock.now() - timedelta(seconds=1))
    assert (await client.get(f"/survey/{token}")).status_code == 410
    assert (await client.post(f"/survey/{token}", data={"satisfaction": "5"})).status_code == 410
    gone = await client.post(f"/api/surveys/{token}", json={"satisfaction": 5})
    assert (gone.status_code, gone.json()["error"]) == (410, "LinkExpired")
    assert await answers() == []


async def test_a_wrong_link_leads_nowhere(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    token = await make_link()
    forged = token[:-1] + ("0" if token[-1] != "0" else "1")
    # Signed by us, but never sent to anybody.
    for wrong in (forged, links.token_for(uuid4()), "x"):
        assert (await client.get(f"/survey/{wrong}")).status_code == 404
        assert (await client.post(f"/survey/{wrong}", data={"satisfaction": "5"})).status_code == 404
        assert (await client.post(f"/api/surveys/{wrong}", json={"satisfaction": 5})).status_code == 404
    assert await answers() == []


@pytest.mark.parametrize("given", [{"satisfaction": 0}, {"satisfaction": 6}, {"satisfaction": "x"}, {"got_it": "ok"}])
async def test_only_what_is_listed_may_be_chosen(
    client: httpx2.AsyncClient, make_link: MakeLink, given: dict[str, Any]
) -> None:
    token = await make_link()
    assert (await client.post(f"/api/surveys/{token}", json=given)).status_code == 422
    page = await client.post(f"/survey/{token}", data={key: str(value) for key, value in given.items()})
    assert page.status_code == 422
    assert "There is a problem" in page.text
    assert await answers() == []


async def test_nothing_chosen_is_said_beside_the_question(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    page = await client.post(f"/survey/{await make_link()}", data={})
    assert page.status_code == 422
    assert "Choose one of the answers." in page.text
    assert 'href="#satisfaction"' in page.text
    assert 'id="satisfaction"' in page.text


async def test_a_comment_that_is_too_long_is_kept_in_the_page(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    address = f"/survey/{await make_link()}"
    await client.post(address, data={"satisfaction": "2"})
    await client.post(address, data={"got_it": "no"})
    typed = "<b>" + "x" * 1198
    page = await client.post(address, data={"comment": typed, "finished": "yes"})
    assert page.status_code == 422
    assert "1,200 characters; it has 1,201" in page.text
    assert "&lt;b&gt;" + "x" * 1198 in page.text
    assert (await client.post(address, data={"comment": typed[:1200], "finished": "yes"})).status_code == 200
    assert await answers() == [(2, "no", typed[:1200])]


@pytest.mark.parametrize("finished", ["yes", ""])
async def test_a_comment_that_tells_of_a_danger_is_answered_with_who_helps(
    client: httpx2.AsyncClient, make_link: MakeLink, finished: str
) -> None:
    said = "I can not go on. I am going to kill myself tonight."
    address = f"/survey/{await make_link()}"
    await client.post(address, data={"satisfaction": "1"})
    page = await client.post(address, data={"comment": said, "finished": finished})
    assert page.status_code == 200 and 'class="govuk-link fd-number" href="tel:' in page.text
    assert "Nobody reads comments here as they come in." in page.text
    shown = (await client.post(f"/api/surveys/{await make_link()}", json={"comment": said})).json()
    assert shown["danger"]["numbers"] and shown["danger"]["line"]
    assert await answers() == [(1, None, said), (None, None, said)]
    calm = await client.post(f"/api/surveys/{await make_link()}", json={"comment": "It took a month."})
    assert calm.json()["danger"] is None


async def test_a_line_break_counts_as_one_character(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    address = f"/survey/{await make_link()}"
    await client.post(address, data={"satisfaction": "2"})
    done = await client.post(address, data={"comment": "x\r\n" * 599 + "xx", "finished": "yes"})
    assert done.status_code == 200
    assert await answers() == [(2, None, "x\n" * 599 + "xx")]


async def test_another_website_cannot_answer(client: httpx2.AsyncClient, make_link: MakeLink) -> None:
    refused = await client.post(
        f"/survey/{await make_link()}", data={"satisfaction": "5"}, headers={"sec-fetch-site": "cross-site"}
    )
    assert refused.status_code == 403
    assert await answers() == []
