"""The pages of sorting, as a supervisor's, a service owner's and a content editor's browser get them."""

import re
from collections.abc import Awaitable, Callable

import httpx2
import pytest
import structlog
from sqlalchemy import select
from structlog.testing import capture_logs

from tests.learning.conftest import corrected, make_sorted, make_version, settle, states
from tests.makers import make_agent, session_of
from triage import access
from triage.database import transaction
from triage.learning import endpoints, examples
from triage.sorters.contract import Score, sorter_kind
from triage.tables import Audit

Browser = httpx2.AsyncClient
As = Callable[[str], Awaitable[Browser]]


@pytest.fixture
async def signed_in(app_client: Browser) -> As:
    """Makes the browser that of somebody with a role."""

    async def make(role: str) -> Browser:
        token = await session_of(await make_agent(role=role, name=role.capitalize()))
        app_client.cookies.set(access.DESK_COOKIE, token)
        app_client.headers |= {"accept": "text/html", "sec-fetch-site": "same-origin"}
        return app_client

    return make


def words(page: httpx2.Response) -> str:
    """A page as plain words."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2]).split())


async def test_sentences_come_first_and_say_how_sure_they_are(signed_in: As) -> None:
    for _ in range(3):
        await settle(await make_sorted())
    await corrected("Q-STREET")
    page = await (await signed_in("owner")).get("/desk/sorting")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    said = words(page)
    assert "Too few to say. Of 4 contacts settled in the last 30 days" in said
    assert "1 had been put in the wrong one." in said and "25.0%" not in said
    assert "4 contacts were sorted in that time; none were left to a person." in said
    assert "Built from the content alone" in said and sorter_kind().built() in said
    assert "Train a sorter" not in said, "an owner looks and does not change"
    ids = re.findall(r'\bid="([^"]+)"', page.text)
    assert len(ids) == len(set(ids))


async def test_an_empty_house_has_a_page_too(signed_in: As) -> None:
    said = words(await (await signed_in("supervisor")).get("/desk/sorting"))
    assert "no contact was settled that sorting had put in a queue" in said
    assert "None are accepted for training" in said and "Train a sorter" not in said
    assert "None is in shadow" in said and "Nobody has changed anything yet" in said


@pytest.mark.parametrize("role", ["agent", "partner", "editor"])
async def test_others_do_not_come_in(signed_in: As, role: str) -> None:
    browser = await signed_in(role)
    for address in ("/desk/sorting", "/desk/sorting/rules"):
        assert (await browser.get(address)).status_code == 403
    assert (await browser.get("/desk/sorting/examples")).status_code == (200 if role == "editor" else 403)


async def test_promoting_by_the_page_and_being_refused_by_it(signed_in: As) -> None:
    built = sorter_kind().built()
    await make_version("better", live_version=built)
    browser = await signed_in("supervisor")
    page = await browser.get("/desk/sorting")
    assert "94.7% right of 190 not held" in words(page)
    empty = await browser.post("/desk/sorting/versions/better/promote", data={"reason": " "})
    assert empty.status_code == 422 and "Say why" in words(empty)
    done = await browser.post("/desk/sorting/versions/better/promote", data={"reason": "It is better."})
    assert done.status_code == 303 and await states() == {"better": "live"}
    await make_version("worse", live_version="better", score=Score(200, 10, 100).kept())
    page = await browser.get("/desk/sorting")
    assert "It may not be promoted" in words(page) and 'versions/worse/promote"' not in page.text
    refused = await browser.post("/desk/sorting/versions/worse/promote", data={"reason": "Because I say so."})
    assert refused.status_code == 409 and "52.6%" in words(refused)
    assert (await states())["better"] == "live"
    back = await browser.post("/desk/sorting/versions/better/roll-back", data={"reason": "Trees go to parking."})
    assert back.status_code == 303 and (await states())["better"] == "past"
    said = words(await browser.get("/desk/sorting"))
    assert f"Went back from the sorter better to {built}. Reason: Trees go to parking." in said
    assert "it was refused" in said and "Promoted the sorter better" in said


async def test_a_training_is_asked_for_once_and_its_progress_is_on_the_page(signed_in: As) -> None:
    browser = await signed_in("supervisor")
    assert (await browser.post("/desk/sorting/retrain")).status_code == 303
    said = words(await browser.get("/desk/sorting"))
    assert "Waiting for its turn" in said and "Load again to see how far it is" in said
    again = await browser.post("/desk/sorting/retrain")
    assert again.status_code == 409 and "going on already" in words(again)


async def test_corrections_are_accepted_and_dropped_and_who_saw_them_is_noted(
    signed_in: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A logger that an earlier test has used is bound to where that one's lines went.
    monkeypatch.setattr(endpoints, "log", structlog.get_logger())
    for number in range(2):
        await corrected("Q-STREET", text=f"Drain {number} is blocked, says Priya Zelkova.", name="Priya Zelkova")
    async with transaction() as session:
        await examples.gather(session)
    browser = await signed_in("editor")
    with capture_logs() as lines:
        page = await browser.get("/desk/sorting/examples")
    assert "2 wait" in words(page) and "Zelkova" not in page.text
    seen = [line for line in lines if line["event"] == "sorting.words_seen"]
    assert [line["messages"] for line in seen] == [2] and "Drain" not in str(lines)
    async with transaction() as session:
        noted = (await session.scalars(select(Audit))).one()
    assert (noted.what, noted.role, noted.kind, noted.detail) == ("words_seen", "editor", "sorting", {"messages": 2})
    first, second = re.findall(r"/examples/([0-9a-f-]+)/accept", page.text)
    wrong = await browser.post(f"/desk/sorting/examples/{first}/accept", data={"queue": "", "about": ""})
    assert wrong.status_code == 422 and "Choose the queue" in words(wrong)
    done = await browser.post(f"/desk/sorting/examples/{first}/accept", data={"queue": "Q-STREET", "about": ""})
    assert done.status_code == 303
    assert (await browser.post(f"/desk/sorting/examples/{second}/drop")).status_code == 303
    assert "None waits; 1 is accepted" in words(await browser.get("/desk/sorting/examples"))


async def test_a_rule_from_the_form_to_a_trial(signed_in: As) -> None:
    browser = await signed_in("supervisor")
    bad = await browser.post("/desk/sorting/rules", data={"name": "Trees <b>", "phrases": "xmas tree"})
    assert bad.status_code == 422 and "what the rule does" in words(bad)
    assert 'value="Trees &lt;b&gt;"' in bad.text, "what was typed is not lost"
    made = await browser.post(
        "/desk/sorting/rules",
        data={"name": "Trees", "phrases": "xmas tree", "queue": "Q-STREET", "priority": "P2"}
        | {"from_day": ["4", "12", "2026"], "to_day": ["", "", ""]},
    )
    assert made.status_code == 303
    address = made.headers["location"]
    said = words(await browser.get(address))
    assert "First day 4 December 2026." in said
    assert "When it says “xmas tree”, send it to" in said and "make it at least P2" in said and "Off" in said
    early = await browser.post(f"{address}/on", data={"version": "1"})
    assert early.status_code == 409 and "Try the rule first" in words(early)
    assert (await browser.post(f"{address}/try", data={"version": "1"})).status_code == 303
    assert "Waiting for its turn" in words(await browser.get(address))
    changed = await browser.post(
        f"{address}/change", data={"version": "1", "name": "Trees", "phrases": "fir", "tag": "trees"}
    )
    assert changed.status_code == 303
    said = words(await browser.get(address))
    assert "tag it “trees”" in said and "The rule has been changed since" in said
    assert "Trees" in words(await browser.get("/desk/sorting/rules"))
    assert (await browser.get("/desk/sorting/rules/00000000-0000-0000-0000-000000000000")).status_code == 404


async def test_the_agent_is_asked_why_a_contact_is_passed_on(signed_in: As) -> None:
    contact_id = await make_sorted()
    browser = await signed_in("agent")
    await browser.post(f"/desk/contacts/{contact_id}/take", data={"version": "1"})
    page = await browser.get(f"/desk/contacts/{contact_id}")
    assert re.findall(r'<option value="(wrong_team|next_step|specialist)"', page.text) == [
        "wrong_team",
        "next_step",
        "specialist",
    ]
