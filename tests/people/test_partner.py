"""A partner's agent sees what their partner runs today, and nothing else."""

from datetime import date
from pathlib import Path

import pytest

from tests.browsers import SignIn
from tests.makers import make_agent, make_contact
from triage import clock, taking
from triage.catalogue import catalogue
from triage.tables import Agent

HOUSING = {"Q-HOMELESS", "Q-REPAIR", "Q-TENANCY", "Q-HREG"}


def partner(name: str | None, *queues: str) -> Agent:
    return Agent(role="partner", partner=name, queues=list(queues), login="x", name="x", password_hash="x")


def test_a_partners_agent_works_the_queues_that_the_partner_runs() -> None:
    assert set(taking.queues_of(partner("barnet_homes"))) >= HOUSING
    for code in taking.queues_of(partner("barnet_homes")):
        found = catalogue().partner_of(code, clock.today())
        assert found is catalogue().partners["barnet_homes"]
    assert "Q-WASTE" not in taking.queues_of(partner("barnet_homes"))


def test_queues_named_for_them_are_taken_from_those_of_the_partner() -> None:
    assert taking.queues_of(partner("barnet_homes", "Q-REPAIR", "Q-WASTE")) == ["Q-REPAIR"]


@pytest.mark.parametrize("name", [None, "", "hb_public_law", "nobody"])
def test_a_partner_that_runs_nothing_sees_nothing_and_not_everything(name: str | None) -> None:
    agent = partner(name)
    assert taking.queues_of(agent) == [taking.NO_QUEUE]
    assert taking.queues_of(partner("barnet_homes", "Q-WASTE")) == [taking.NO_QUEUE]
    assert not any(taking.may_work(agent, code) for code in [*catalogue().queues, None, ""])


def test_no_queue_of_any_council_is_called_as_the_queue_of_nobody() -> None:
    for path in (Path(__file__).parents[2] / "data" / "councils").glob("*/queues.toml"):
        assert taking.NO_QUEUE not in path.read_text(encoding="utf-8")


def test_a_queue_that_nobody_runs_is_nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the partnerships began nobody ran these queues, so no partner's agent sees them."""
    monkeypatch.setattr(clock, "today", lambda: date(1999, 1, 1))
    assert taking.queues_of(partner("barnet_homes")) == [taking.NO_QUEUE]
    assert taking.queues_of(partner("nobody")) == [taking.NO_QUEUE]


async def test_at_the_desk_they_see_take_and_open_their_own_alone(signed_in: SignIn) -> None:
    repair = await make_contact(queue="Q-REPAIR")
    bins = await make_contact(queue="Q-WASTE", priority="P0")
    client = await signed_in(await make_agent(role="partner", partner="barnet_homes"))
    page = (await client.get("/desk")).text
    assert str(repair) in page and str(bins) not in page
    assert (await client.get(f"/desk/contacts/{bins}")).status_code == 404
    assert (await client.post(f"/desk/contacts/{bins}/take", data={"version": "1"})).status_code == 404
    taken = await client.post("/desk/take-next")
    assert taken.headers["location"] == f"/desk/contacts/{repair}"


async def test_somebody_of_a_partner_without_queues_is_told_so(signed_in: SignIn) -> None:
    await make_contact(queue="Q-WASTE", priority="P0")
    client = await signed_in(await make_agent(role="partner", partner="hb_public_law"))
    page = await client.get("/desk")
    assert page.status_code == 200 and "your partner runs none today" in page.text
    assert (await client.post("/desk/take-next")).headers["location"] == "/desk?empty=true"
