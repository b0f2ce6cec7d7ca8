"""What could not be told is on a list that supervisors see to."""

import httpx2
from sqlalchemy import select, update

from tests.care.conftest import Notices, changed, round_of
from tests.makers import contact_now, make_agent, session_of
from triage.access import DESK_COOKIE
from triage.database import transaction
from triage.tables import Agent, ContactHistory, Notice

HERE = {"sec-fetch-site": "same-origin"}


async def opened_by(client: httpx2.AsyncClient, agent: Agent) -> httpx2.Response:
    client.cookies.set(DESK_COOKIE, await session_of(agent))
    return await client.get("/desk/notices")


async def one_failed() -> str:
    contact_id = await changed("closed")
    async with transaction() as session:
        await session.execute(update(Notice).values(state="failed", why="refused", attempts=3))
    return (await contact_now(contact_id)).reference


async def test_a_supervisor_sees_what_failed_and_why_and_no_address(app_client: httpx2.AsyncClient) -> None:
    reference = await one_failed()
    page = await opened_by(app_client, await make_agent(role="supervisor"))
    assert page.status_code == 200 and reference in page.text
    assert "The address does not take our messages." in page.text and "resident@example.com" not in page.text


async def test_an_agent_does_not(app_client: httpx2.AsyncClient) -> None:
    await one_failed()
    assert (await opened_by(app_client, await make_agent())).status_code == 403


async def test_it_can_be_tried_again(app_client: httpx2.AsyncClient, notices: Notices, messages: object) -> None:
    await one_failed()
    await opened_by(app_client, await make_agent(role="supervisor"))
    async with transaction() as session:
        notice = await session.scalar(update(Notice).values(why="gave_up").returning(Notice))
    assert notice
    answer = await app_client.post(f"/desk/notices/{notice.id}/again", headers=HERE)
    assert answer.status_code == 303
    assert await round_of(messages) == 1
    assert (await notices(notice.contact_id))[0].state == "sent"


async def test_it_leaves_the_list_once_somebody_dealt_with_it(app_client: httpx2.AsyncClient) -> None:
    reference = await one_failed()
    page = await opened_by(app_client, await make_agent(role="supervisor"))
    action = page.text.split('action="/desk/notices/')[2].split('"')[0]
    assert action.endswith("/seen")
    assert (await app_client.post(f"/desk/notices/{action}", headers=HERE)).status_code == 303
    after = await app_client.get("/desk/notices")
    assert reference not in after.text and "Failed" in after.text


async def test_a_supervisor_sees_to_the_queues_that_they_look_after(
    app_client: httpx2.AsyncClient, notices: Notices
) -> None:
    reference = await one_failed()
    async with transaction() as session:
        notice = await session.scalar(select(Notice))
    assert notice
    page = await opened_by(app_client, await make_agent("Q-LIB", role="supervisor"))
    assert page.status_code == 200 and reference not in page.text and "Failed" not in page.text
    for what in ("again", "seen"):
        assert (await app_client.post(f"/desk/notices/{notice.id}/{what}", headers=HERE)).status_code == 404
    assert (await notices(notice.contact_id))[0].state == "failed"
    supervisor = await make_agent("Q-WASTE", role="supervisor")
    assert reference in (await opened_by(app_client, supervisor)).text
    assert (await app_client.post(f"/desk/notices/{notice.id}/again", headers=HERE)).status_code == 303
    async with transaction() as session:
        line = await session.scalar(select(ContactHistory).where(ContactHistory.what == "sent again"))
    assert line is not None and (line.agent_id, line.detail) == (supervisor.id, {"kind": "closed"})
