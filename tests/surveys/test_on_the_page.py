"""The page of a closed contact asks how it went, also whoever could not be asked otherwise; and it is asked once."""

import re

import httpx2
import pytest
from sqlalchemy import select

from tests.intake.test_following_up import HERE, contact_in, post
from triage.database import transaction
from triage.surveying.links import token_for
from triage.surveying.questions import asking
from triage.surveys import steps
from triage.tables import Answer, SurveyCase


async def closed(**fields: object) -> SurveyCase:
    contact_id = await contact_in("closed", **fields)
    async with transaction() as session:
        await steps.invite_after_contact(session, contact_id)
        return (await session.scalars(select(SurveyCase).filter_by(contact_id=contact_id))).one()


async def test_the_question_is_there_once_it_is_closed_and_its_answer_counts(app_client: httpx2.AsyncClient) -> None:
    case = await closed()
    assert case.why_not == "no_way_to_ask"
    page = await post(app_client)
    assert "Overall, how satisfied are you" in page.text and page.text.count('name="satisfaction"') == 5
    action = re.search(r'action="(/survey/[0-9a-f]{64})"', page.text)
    assert action and action[1] == f"/survey/{token_for(case.id)}"
    taken = await app_client.post(action[1], data={"satisfaction": "4"}, headers=HERE)
    assert (taken.status_code, taken.headers["location"]) == (303, action[1])
    async with transaction() as session:
        (answer,) = (await session.scalars(select(Answer))).all()
        kept = await session.get_one(SurveyCase, case.id)
        assert (answer.satisfaction, answer.excluded, answer.version) == (4, None, asking().version)
        assert (kept.invited_by, kept.why_not) == ("page", None)
        assert kept.invited_at is not None and kept.answered_at is not None
    assert "how satisfied are you" not in (await post(app_client)).text, "it is asked once"
    again = await app_client.post(action[1], data={"satisfaction": "1"}, headers=HERE)
    assert again.status_code == 409


async def test_looking_at_the_page_invites_nobody(app_client: httpx2.AsyncClient) -> None:
    case = await closed()
    await post(app_client)
    await app_client.get(f"/survey/{token_for(case.id)}")
    async with transaction() as session:
        kept = await session.get_one(SurveyCase, case.id)
        assert (kept.invited_at, kept.opened_at, kept.why_not) == (None, None, "no_way_to_ask")


async def test_all_may_be_skipped(app_client: httpx2.AsyncClient) -> None:
    case = await closed()
    address = f"/survey/{token_for(case.id)}"
    for _ in range(4):
        page = await app_client.get(address)
        skip = re.search(r'name="skip" value="(\w+)"', page.text)
        assert skip
        assert (await app_client.post(address, data={"skip": skip[1]}, headers=HERE)).status_code == 303
    page = await app_client.get(address)
    assert 'name="comment"' in page.text
    done = await app_client.post(address, data={"finished": "yes"}, headers=HERE)
    assert "Thank you" in done.text
    async with transaction() as session:
        kept = await session.get_one(SurveyCase, case.id)
        assert kept.opened_at is not None and kept.answered_at is None
        assert list(await session.scalars(select(Answer))) == []


@pytest.mark.parametrize("fields", [{"demo": True}, {"danger": "domestic_abuse"}, {"safe_to_contact": False}])
async def test_who_is_not_to_be_asked_is_not_asked_here_either(
    app_client: httpx2.AsyncClient, fields: dict[str, object]
) -> None:
    case = await closed(**fields)
    assert "how satisfied are you" not in (await post(app_client)).text
    assert (await app_client.get(f"/survey/{token_for(case.id)}")).status_code == 404


async def test_while_it_is_open_nothing_is_asked(app_client: httpx2.AsyncClient) -> None:
    await contact_in("queued")
    assert "how satisfied are you" not in (await post(app_client)).text
