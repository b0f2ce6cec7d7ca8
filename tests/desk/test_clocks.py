"""The clocks of a contact on the desk: how they read, and what an agent may send about them, without JavaScript."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.browsers import Browser, SignIn
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.database import transaction
from triage.desk.rules import read_limit
from triage.queues import steps
from triage.tables import Agent

NOW = clock.now()


async def taken(agent: Agent, **fields: object) -> UUID:
    contact_id = await make_contact(
        **{"state": "sorted", "queue": "Q-GOV", "first_due_at": None, "settle_due_at": None, "queued_at": None} | fields
    )
    async with transaction() as session:
        await steps.queue_contact(session, contact_id)
    async with transaction() as session:
        await taking.take(session, agent.id, contact_id)
    return contact_id


async def send(browser: Browser, contact_id: UUID, what: str, **fields: str) -> tuple[int, str]:
    version = str((await contact_now(contact_id)).version)
    answer = await browser.post(f"/desk/contacts/{contact_id}/clocks/{what}", data={"version": version} | fields)
    return answer.status_code, answer.text


async def page(browser: Browser, contact_id: UUID) -> str:
    return (await browser.get(f"/desk/contacts/{contact_id}")).text


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


async def test_the_laws_clock_is_read_in_its_own_days(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    contact_id = await taken(agent, statutory="foi")
    text = await page(await signed_in(agent), contact_id)
    assert "Freedom of information" in text and "20 working days left" in text
    # Midnight would leave open which day is meant.
    assert "at 11:59pm" in text and "midnight" not in text


async def test_pausing_says_why_and_until_when_and_starting_again_clears_it(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    contact_id = await taken(agent, statutory="foi")
    browser = await signed_in(agent)
    assert (await send(browser, contact_id, "pause", reason="third_party", until=in_days(5)))[0] == 303
    text = await page(browser, contact_id)
    assert "Paused: we wait for somebody outside the council, until " in text
    assert "Clocks paused. We wait for somebody outside the council" in text
    assert "20 working days left" in text  # the law does not wait for somebody outside
    assert "Start the clocks again" in text
    assert (await send(browser, contact_id, "resume"))[0] == 303
    text = await page(browser, contact_id)
    assert "Paused: " not in text and "Clocks started again" in text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reason": "", "until": in_days(5)}, "Choose why this waits."),
        ({"reason": "resident", "until": "soon"}, "Choose the day on which the clocks start again."),
        ({"reason": "resident", "until": in_days(0)}, "Choose a day after today"),
        ({"reason": "resident", "until": in_days(29)}, "A pause is 28 days at most."),
    ],
)
async def test_a_pause_that_cannot_be_says_why(signed_in: SignIn, fields: dict[str, str], told: str) -> None:
    agent = await make_agent("Q-GOV")
    contact_id = await taken(agent)
    status, text = await send(await signed_in(agent), contact_id, "pause", **fields)
    assert status == 422 and told in text
    assert (await contact_now(contact_id)).paused_at is None


async def test_nobody_stops_the_clocks_of_what_they_do_not_have(signed_in: SignIn) -> None:
    agent, other = await make_agent("Q-GOV"), await make_agent("Q-GOV")
    contact_id = await taken(agent)
    status, _ = await send(await signed_in(other), contact_id, "pause", reason="resident", until=in_days(5))
    assert status == 404
    assert (await contact_now(contact_id)).paused_at is None


async def test_a_stale_version_stops_nothing(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    contact_id = await taken(agent)
    browser = await signed_in(agent)
    data = {"version": "1", "reason": "resident", "until": in_days(5)}
    assert (await browser.post(f"/desk/contacts/{contact_id}/clocks/pause", data=data)).status_code == 409
    assert (await contact_now(contact_id)).paused_at is None


async def test_longer_once_with_a_reason_and_a_step_that_the_law_asks_for(signed_in: SignIn) -> None:
    agent = await make_agent()
    browser = await signed_in(agent)
    sar = await taken(agent, statutory="sar")
    assert "Subject access request: take longer" in await page(browser, sar)
    assert (await send(browser, sar, "sar/longer", reason=" "))[0] == 422
    assert (await send(browser, sar, "sar/longer", reason="Nine years of records."))[0] == 303
    text = await page(browser, sar)
    assert "Subject access request: take longer" not in text and "Nine years of records." in text
    damp = await taken(agent, statutory="hazard", queue="Q-REPAIR")
    assert (await send(browser, damp, "hazard_investigate/reached"))[0] == 303
    text = await page(browser, damp)
    assert "Significant hazard: written summary" in text and "3 working days left" in text
    assert (await send(browser, damp, "hazard_investigate/reached"))[0] == 422
    assert (await send(browser, damp, "settle/reached"))[0] == 422


async def test_an_agent_says_whether_the_proof_came(signed_in: SignIn) -> None:
    agent = await make_agent("Q-GOV")
    contact_id = await taken(agent, statutory="sar")
    browser = await signed_in(agent)
    assert (await send(browser, contact_id, "proved"))[0] == 422
    assert (await send(browser, contact_id, "pause", reason="identity", until=in_days(5)))[0] == 303
    text = await page(browser, contact_id)
    assert "They have proved who they are" in text and "Start the clocks again without proof" in text
    assert (await send(browser, contact_id, "resume"))[0] == 303
    # The proof may come later.
    assert "They have proved who they are" in await page(browser, contact_id)
    assert (await send(browser, contact_id, "proved"))[0] == 303
    text = await page(browser, contact_id)
    assert "Clocks started again: they have proved who they are" in text
    assert "They have proved who they are" not in text


@pytest.mark.parametrize(
    ("met", "missed", "near", "waits", "state", "words"),
    [
        (None, False, False, None, "ok", "6 working days left"),
        (None, False, True, None, "soon", "6 working days left"),
        (None, False, True, "Paused: we wait", "paused", "Paused: we wait"),
        (None, True, True, None, "late", "The legal time is over"),
        (NOW, False, False, None, "met", "Done in time"),
        (NOW, True, False, None, "late", "Done late"),
    ],
)
def test_a_limit_reads_in_words(
    met: object, missed: bool, near: bool, waits: str | None, state: str, words: str
) -> None:
    reading = read_limit("FOI", NOW, met, missed, near, "6 working days left", waits)  # type: ignore[arg-type]
    assert (reading.state, reading.words) == (state, words)
