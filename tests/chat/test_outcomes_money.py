"""What comes of the form about money, case by case, with the FACTS row that says so."""

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of
from triage.chat.outcomes.money import HELP, fitting

CALM = {
    "today": "enough",
    "cause": "low",
    "age": "working age",
    "housing": "own",
    "bill": "on time",
    "children": "none",
    "send": "no",
}


@pytest.mark.parametrize(
    ("changed", "fits"),
    [
        ({}, ("credit", "support")),
        # FACTS C11, 0.2: a Crisis Payment for a sudden loss or cost, on benefits or not.
        ({"cause": "earnings"}, ("crisis", "credit", "support")),
        ({"cause": "cost", "age": "pension age"}, ("crisis", "pension", "support")),
        ({"cause": "stopped"}, ("crisis", "stopped", "credit", "support")),
        ({"today": "power"}, ("crisis", "credit", "support")),
        # FACTS C10: a Housing Payment needs Housing Benefit or the housing part of Universal Credit.
        ({"housing": "helped"}, ("housing", "support")),
        ({"housing": "rent"}, ("credit", "support")),
        # FACTS C9: a new claim for rent is Housing Benefit only of pension age.
        ({"housing": "rent", "age": "pension age"}, ("pension", "rent", "support")),
        ({"age": "not sure"}, ("either", "support")),
        # FACTS C8: who gets no bill needs no support with it. C7 and C12: what is owed.
        ({"bill": "no bill"}, ("credit",)),
        ({"bill": "not sure"}, ("credit", "support")),
        ({"bill": "behind"}, ("credit", "support", "relief")),
        ({"bill": "court"}, ("court", "credit", "support", "relief")),
        # FACTS C13.
        ({"children": "school"}, ("credit", "support", "meals")),
        ({"children": "younger"}, ("credit", "support")),
    ],
)
def test_which_help_fits_in_its_order(changed: dict[str, str], fits: tuple[str, ...]) -> None:
    assert fitting(CALM | changed) == fits


@pytest.mark.parametrize("today", ["groceries", "power", "both"])
def test_nothing_for_today_is_sent_as_urgent_without_asking(today: str) -> None:
    # FACTS 3, Q-WELF: P1 no food or heat today; section 4: destitution.
    outcome = outcome_of("money_help", CALM | {"today": today, "bill": "court", "send": "not asked"}, TODAY)
    assert (outcome.files, outcome.priority, outcome.service) == (True, "P1", None)
    text = said("money_help", outcome)
    assert "1. A Crisis Payment" in text and "within 48 hours" in text and "020 8359 2000" in text


@pytest.mark.parametrize(
    ("changed", "service", "priority"),
    [
        ({"cause": "cost"}, None, None),
        ({"housing": "helped"}, None, None),
        ({}, "council_tax_support", None),
        ({"bill": "behind"}, "council_tax_support", None),
        ({"bill": "court"}, "council_tax_arrears", "P2"),
        ({"bill": "court", "cause": "earnings"}, "council_tax_arrears", "P2"),
    ],
)
def test_who_takes_it(changed: dict[str, str], service: str | None, priority: str | None) -> None:
    outcome = outcome_of("money_help", CALM | changed | {"send": "yes"}, TODAY)
    assert (outcome.files, outcome.service, outcome.priority) == (True, service, priority)
    assert outcome.details["May fit"].split("; ") == [HELP[kind] for kind in fitting(CALM | changed)]


@pytest.mark.parametrize("send", ["no", "not sure"])
def test_what_is_only_shown_is_not_sent(send: str) -> None:
    outcome = outcome_of("money_help", CALM | {"send": send}, TODAY)
    assert outcome.files is False
    assert "Nothing was sent" in said("money_help", outcome)


def test_the_list_is_numbered_through_and_says_only_what_fits() -> None:
    answers = CALM | {"cause": "stopped", "housing": "helped", "bill": "court", "children": "both"}
    outcome = outcome_of("money_help", answers, TODAY)
    assert outcome.notes == ("order", "urgent", "lasting", "shown")
    lines = [line for line in said("money_help", outcome).splitlines() if line[:1].isdigit()]
    assert [line.split(" ", 1)[0] for line in lines] == ["1.", "2.", "3.", "4.", "5.", "6.", "7."]
    assert "Pension Credit" not in "\n".join(lines)


def test_without_anything_urgent_only_one_list_is_said() -> None:
    assert outcome_of("money_help", CALM, TODAY).notes == ("order", "lasting", "shown")
