"""A supervisor at the desk, as their browser sees it."""

import re
from uuid import UUID

from sqlalchemy import select

from tests.browsers import Browser, SignIn
from tests.makers import make_agent
from triage import taking
from triage.database import transaction
from triage.tables import Agent, ContactHistory

MOVE = {"to": "Q-STREET", "reason": "The depot moved to the other team."}


async def supervisor_in(signed_in: SignIn) -> Browser:
    return await signed_in(await make_agent(role="supervisor", name="Supervisor"))


async def take(contact_id: UUID, agent: Agent) -> None:
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)


async def move_all(browser: Browser, **fields: str) -> str:
    answer = await browser.post("/desk/supervisor/moves", data={"which": "all", **MOVE, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def lines(contact_id: UUID) -> list[str]:
    async with transaction() as session:
        rows = await session.scalars(
            select(ContactHistory.what).where(ContactHistory.contact_id == contact_id).order_by(ContactHistory.at)
        )
        return list(rows)


def row_of(page: str, queue: str) -> list[str]:
    """The cells of one queue's row, as text."""
    row = re.search(rf'<tr>(?:(?!</tr>).)*id="queue-{queue}".*?</tr>', page, re.DOTALL)
    assert row
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row[0], re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]
