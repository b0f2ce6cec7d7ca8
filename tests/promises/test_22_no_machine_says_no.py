"""Promise 22: no reachable state has a contact refused, or closed as not done, by software alone.

A search over every order of what residents, agents and software do: tests/promises/machine.py. It is made longer with
FRONTDOOR_SEARCH=500 (how many days it tries).
"""

import os
from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test
from sqlalchemy import update

from tests.promises.machine import Council, hold
from tests.promises.suppliers import CONNECTOR, DECLINES, SUPPLIER, THEIRS
from triage.delivery import rules
from triage.settings import get_settings
from triage.tables import Contact, ContactHistory

DAYS = int(os.environ.get("FRONTDOOR_SEARCH", "20"))
QUICK = settings(
    max_examples=DAYS,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    report_multiple_bugs=False,
)


@pytest.fixture
def council(database: str, trained: None, monkeypatch: pytest.MonkeyPatch) -> type[Council]:
    """A council over this test's database. It has an event loop of its own, so pools are closed in it."""
    from triage.care import steps

    monkeypatch.setattr(steps, "messages", steps.messages)
    monkeypatch.setenv("FRONTDOOR_CASEWORK", f'{{"missed_bin": "{CONNECTOR}"}}')
    get_settings.cache_clear()
    monkeypatch.setattr(Council, "url", database)
    return Council


def test_no_order_of_events_has_software_say_no(council: type[Council]) -> None:
    Council.happened.clear()
    run_state_machine_as_test(council, settings=QUICK)
    # A search in which little happens finds little.
    for what in ("sorted", "queued", "taken", "closed", "moved"):
        assert Council.happened[what], f"{what} never happened: {Council.happened}"


class Hasty(Council):
    """A council whose software closes what nobody took for a while: the search must find it."""

    @rule()
    def tidy_up(self) -> None:
        async def tidied(session: Any) -> None:
            values = {"state": "closed", "close_reason": "not_done", "outcome": "No reply."}
            await session.execute(update(Contact).where(Contact.state == "queued").values(**values))

        self.do(self._in(tidied))


def test_the_search_finds_software_that_does(council: type[Council], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Hasty, "url", Council.url)
    search = settings(QUICK, max_examples=40, database=None, phases=(Phase.generate,))
    with pytest.raises(AssertionError, match="no person did that"):
        run_state_machine_as_test(Hasty, settings=search)


def a_day_with_a_supplier(council: type[Council], state: str) -> Counter[str]:
    """Two bins are missed and handed on, and their supplier says how one stands. What happened; all held, or it raises.

    The search comes to this by chance and seldom, so it is written out.
    """
    council.happened.clear()
    day = council()
    try:
        day.open_for_the_day([(THEIRS, False)])
        day.supplier_says(0, state)
        day.steps()
        day.no_machine_says_no()
    finally:
        day.teardown()
    return council.happened


@pytest.mark.parametrize("state", DECLINES)
def test_what_a_supplier_will_not_do_is_closed_by_nobody(council: type[Council], state: str) -> None:
    happened = a_day_with_a_supplier(council, state)
    assert happened[f"said {state}"] == 1 and not happened["done elsewhere"]


def test_what_a_supplier_has_done_is_closed_by_them(council: type[Council]) -> None:
    assert a_day_with_a_supplier(council, "done")["done elsewhere"] == 1


def test_a_suppliers_no_that_is_taken_for_an_end_is_found(
    council: type[Council], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MEANS", {**rules.MEANS, "no_action": rules.SETTLED})
    with pytest.raises(AssertionError, match="no person did that"):
        a_day_with_a_supplier(council, "no_action")


@pytest.mark.parametrize(
    ("contact", "history"),
    [
        ({"state": "closed", "close_reason": "done", "outcome": "Done."}, []),
        ({"state": "refused"}, []),
        ({"text": "something else"}, []),
        ({}, [("closed", None)]),
        ({}, [("refused", uuid4())]),
        ({"outcome": "No."}, []),
    ],
)
def test_what_must_hold_does_not_hold_of_a_contact_that_was_wronged(
    contact: dict[str, Any], history: list[tuple[str, Any]]
) -> None:
    one = Contact(**{"id": uuid4(), "state": "queued", "text": "My bin"} | contact)
    lines = [ContactHistory(contact_id=one.id, what=what, agent_id=who, detail={}) for what, who in history]
    with pytest.raises(AssertionError):
        hold(one, lines, "My bin", None)


def test_it_holds_of_one_that_was_not() -> None:
    agent = uuid4()
    one = Contact(id=uuid4(), state="closed", text="My bin", close_reason="not_done", outcome="We cannot.")
    hold(one, [ContactHistory(contact_id=one.id, what="closed", agent_id=agent, detail={})], "My bin", agent)


@pytest.mark.parametrize(
    ("reason", "settled", "holds"), [("done", 1, True), ("done", 0, False), ("not_done", 1, False)]
)
def test_a_suppliers_word_ends_it_once_and_only_as_done(reason: str, settled: int, holds: bool) -> None:
    one = Contact(id=uuid4(), state="closed", text="My bin", close_reason=reason, outcome="We have emptied it.")
    lines = [ContactHistory(contact_id=one.id, what="closed", agent_id=None, detail={"reason": reason})]
    if holds:
        hold(one, lines, "My bin", SUPPLIER, settled)
        return
    with pytest.raises(AssertionError):
        hold(one, lines, "My bin", SUPPLIER, settled)
