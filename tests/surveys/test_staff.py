"""A conversation that is begun in a browser with a session at the desk is a colleague's, and says so from the start."""

import httpx2
import pytest
from sqlalchemy import select

from tests.makers import make_agent, session_of
from triage import access
from triage.database import transaction
from triage.tables import SurveyCase


@pytest.mark.parametrize("signed_in", [True, False])
async def test_who_is_at_the_desk_is_staff_in_the_chat(app_client: httpx2.AsyncClient, signed_in: bool) -> None:
    if signed_in:
        app_client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent()))
    assert (await app_client.post("/api/conversations", json={})).status_code == 201
    page = await app_client.post("/chat", data={"text": "hello"}, headers={"origin": "https://testserver"})
    assert page.status_code == 303
    async with transaction() as session:
        assert list(await session.scalars(select(SurveyCase.staff))) == [signed_in, signed_in]
