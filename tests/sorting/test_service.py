"""A contact is sorted as triage does it, with every model that decides."""

from datetime import UTC, datetime

import pytest

from triage.sorting.rules import Guess, Route
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


def test_a_fire_in_a_letter_that_is_only_about_bins_goes_to_the_bins_team_as_urgent_as_it_was(sorter: Sorter) -> None:
    text = (
        "My tenant in Hendon tells me the wheelie bin was set alight by youths on Bonfire Night and what is left is a "
        "puddle of green plastic. We need a new bin, please, and to know what a replacement costs."
    )
    decision = sorter.sort(text, channel="email")
    assert (decision.queue, decision.priority) == ("Q-WASTE", "P0")


@pytest.mark.parametrize(
    "text",
    [
        "i want to renew my library card before i kill myself on sunday, it has a fine on it",
        "My husband hits me. Also when is bin day?",
        "pomocy maz mnie bije i ma noz",
    ],
)
def test_what_people_tell_in_passing_goes_to_those_who_act_at_once(sorter: Sorter, text: str) -> None:
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


def test_a_forms_own_words_are_read_for_what_they_ask_and_its_labels_are_not(sorter: Sorter) -> None:
    labels = "State Pension age: No; What happened: A benefit stopped or was cut; Children: No"
    silent = sorter.sort(labels, service="crisis_help", heard=True)
    assert silent.signs.vulnerable == () and not silent.signs.complaint
    typed = ("We have no food since Sunday.", "I am 81. Your officer was rude and hung up, it is unacceptable.")
    spoken = sorter.sort(labels, service="crisis_help", heard=True, typed=typed, means=("child",))
    assert {"older", "child", "no money"} <= set(spoken.signs.vulnerable) and spoken.signs.complaint
    assert spoken.priority == "P1" and spoken.signs.statutory == "complaint"
    asked = sorter.sort(labels, service="crisis_help", heard=True, typed=typed, request=True)
    assert not asked.signs.complaint


def test_the_clock_that_a_forms_answers_start_is_the_contacts(sorter: Sorter) -> None:
    decision = sorter.sort("Repair: What needs repair: Damp", service="housing_repair", heard=True, law="hazard")
    assert decision.signs.statutory == "hazard" and any("Their answers say" in one for one in decision.reasons)


def test_a_guess_that_is_held_does_not_say_where_to_go(sorter: Sorter, monkeypatch: pytest.MonkeyPatch) -> None:
    for abstained in (False, True):
        guess = Guess(Route("not_ours_hmrc", "HMRC", "Q-GENERAL", "P3"), 0.12, abstained)
        monkeypatch.setattr(Sorter, "_guess", lambda self, text, opinion, guess=guess: guess)
        told = [one for one in sorter.sort("about my code", channel="web").reasons if "Where to go" in one]
        assert bool(told) is not abstained


def test_a_day_is_near_from_when_the_contact_came(sorter: Sorter) -> None:
    text = "The eviction from the flat is on 14 June."
    came = datetime(2026, 6, 2, 10, tzinfo=UTC)
    assert any("eviction" in one for one in sorter.sort(text, channel="web", now=came).reasons)
    later = sorter.sort(text, channel="web", now=came.replace(month=7)).reasons
    assert not any("eviction or a visit" in one for one in later)


def test_every_version_is_named(sorter: Sorter) -> None:
    assert set(sorter.made_by) == {"rules", "model", "sorting"} and all(sorter.made_by.values())
