"""What the widget says to whoever waits for a person: their place in line, or that nobody is there."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from tests.journeys.browser import axe, fits, started_browser
from tests.makers import make_agent, make_contact, make_conversation, session_of
from tests.serving import served
from triage import codes, presence
from triage.database import transaction
from triage.tables import Conversation

pytestmark = pytest.mark.journey

NOBODY = "Nobody from this team is at their desk just now."


@pytest.fixture
async def address(database: str, trained: None) -> AsyncIterator[str]:
    """The whole web app, served on a port of this machine."""
    from triage.app import build

    async with served(build()) as address:
        yield address


async def test_the_banner_has_a_place_only_while_somebody_is_there(address: str) -> None:
    secret, agent = codes.new_secret(), await make_agent("Q-WASTE")
    await session_of(agent)
    talk = await make_conversation(("resident", "My bin was not emptied."))
    contact_id = await make_contact(conversation_id=talk, live=True, channel="chat")
    values = {"mode": "waiting", "contact_id": contact_id, "secret_hash": codes.hash_secret(secret)}
    async with transaction() as session:
        await session.execute(update(Conversation).where(Conversation.id == talk).values(**values))
    loop = asyncio.get_running_loop()
    kept = {"id": str(talk), "secret": secret, "open": True, "unsent": [], "surveys": {}}

    def away(is_away: bool) -> None:
        async def say() -> None:
            async with transaction() as session:
                await presence.set_away(session, agent.id, is_away)

        asyncio.run_coroutine_threadsafe(say(), loop).result(20)

    def visit() -> None:
        with started_browser() as browser:
            page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}).new_page()
            page.add_init_script(f"sessionStorage.setItem('frontdoor:' + location.origin, '{json.dumps(kept)}')")
            page.goto("/")
            panel = page.get_by_role("dialog", name="Ask the council")
            expect(panel).to_contain_text("You are next.")
            away(True)
            expect(panel).to_contain_text(NOBODY)
            expect(panel).not_to_contain_text("You are next.")
            expect(panel).to_contain_text("You can leave at any time.")
            axe(page)
            fits(page)
            away(False)
            expect(panel).to_contain_text("You are next.")
            expect(panel).not_to_contain_text(NOBODY)

    await asyncio.to_thread(visit)
