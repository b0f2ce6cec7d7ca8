"""A contact is sorted as triage does it, with every model that decides."""

import pytest

from triage.sorting.service import Sorter
from triage.timetable import HOLDING


@pytest.fixture(scope="module")
def sorter(trained: None) -> Sorter:
    return Sorter.current()


QUOTED = (
    "Dear team,\n\nMy pension credit claim went in on 3 October and I would like to know where it is.\n\nMo\n\n"
    "On 1 Nov 2026 the benefits team wrote:\n> If somebody is hitting you, call 999."
)


def test_a_danger_that_is_only_quoted_raises_no_alarm_and_is_looked_at_sooner(sorter: Sorter) -> None:
    decision = sorter.sort(QUOTED, channel="email")
    assert decision.priority == "P2" and decision.queue not in ("Q-EMERG", "Q-SAFE-A")


def test_a_danger_of_its_writers_in_a_long_email_is_caught(sorter: Sorter) -> None:
    text = "\n\n".join(
        (
            "Good morning,",
            "I am writing about my council tax, which I pay by direct debit on the first of the month.",
            "I moved in March. The old bill went to my mother, and I never saw a new one until now.",
            "My husband hits me when letters like this come, and last night he had a knife. Do not write.",
            "Could you tell me how much is left to pay this year?",
            "Kind regards\nR.",
        )
    )
    decision = sorter.sort(text, channel="email")
    assert decision.priority == "P0" and decision.queue in ("Q-SAFE-A", "Q-EMERG")


@pytest.mark.parametrize("text", ["", "hello", "???"])
def test_what_says_nothing_is_held_for_a_person_and_names_no_service(sorter: Sorter, text: str) -> None:
    decision = sorter.sort(text, channel="web")
    assert decision.holding and decision.queue == HOLDING and decision.service is None


def test_no_heating_with_a_baby_is_harm_today_with_its_clock(sorter: Sorter) -> None:
    decision = sorter.sort("no heating since sat, council flat, baby 6 wks old", channel="phone")
    assert (decision.queue, decision.priority, decision.signs.statutory) == ("Q-REPAIR", "P1", "hazard")


def test_a_form_that_was_heard_is_not_read_for_danger_or_complaint(sorter: Sorter) -> None:
    text = "Council tax: a court letter or bailiffs\nHow were you treated: rude, disgusting"
    decision = sorter.sort(text, service="council_tax_arrears", heard=True)
    assert decision.queue == "Q-CTAX" and not decision.signs.complaint


def test_every_version_is_named(sorter: Sorter) -> None:
    assert set(sorter.made_by) == {"rules", "model", "sorting"} and all(sorter.made_by.values())
