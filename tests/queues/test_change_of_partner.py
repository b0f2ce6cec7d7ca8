"""A queue changes hands while contacts wait in it: a breach is of whoever ran it on the day when it was due."""

from dataclasses import replace
from datetime import date

import pytest

from tests.queues.walls import Wall, arrive, at, clocks, sweep
from triage.catalogue import catalogue
from triage.clocks import beginning
from triage.content import RunBy

pytestmark = pytest.mark.usefixtures("database")


def run_by(partner: str, start: date, end: date | None) -> RunBy:
    profile = catalogue().council["profile"]
    return RunBy.model_validate({"profile": profile, "queue": "Q-GOV", "partner": partner, "from": start, "to": end})


@pytest.fixture
def changes_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    """Q-GOV is run by csg to the end of 8 December 2026, and by nsl from the 9th on."""
    known = replace(
        catalogue(),
        run_by=(run_by("csg", date(2013, 1, 1), date(2026, 12, 8)), run_by("nsl", date(2026, 12, 9), None)),
    )
    monkeypatch.setattr(beginning, "catalogue", lambda: known)


async def test_what_is_due_after_the_change_is_the_new_partners_breach(wall: Wall, changes_hands: None) -> None:
    contact_id = await arrive("Q-GOV", statutory="foi")
    assert {row.partner for row in (await clocks(contact_id)).values()} == {"csg"}
    wall.set(2026, 12, 23, 9, 0)
    await sweep()
    rows = await clocks(contact_id)
    assert (rows["first"].due_at < at(2026, 12, 9), rows["first"].partner) == (True, "csg")
    assert (rows["foi"].breached_at, rows["foi"].partner) == (at(2026, 12, 23, 0, 0), "nsl")


async def test_what_is_due_by_the_end_of_the_last_day_is_still_the_old_ones(wall: Wall, changes_hands: None) -> None:
    # Ten working days, to the end of 8 December: midnight itself is of the day after.
    wall.set(2026, 11, 24, 10, 0)
    contact_id = await arrive("Q-GOV", statutory="complaint")
    wall.set(2026, 12, 22, 9, 0)
    await sweep()
    row = (await clocks(contact_id))["complaint"]
    assert (row.breached_at, row.partner) == (at(2026, 12, 9, 0, 0), "csg")
