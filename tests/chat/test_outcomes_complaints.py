"""What comes of a complaint: its path, its days, who runs the service, and where it may go after."""

from datetime import date

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of
from triage.contacts import KIND, REQUEST

BINS = {"about": "bins or streets", "which": "bins", "home": "not asked", "care": "not asked"}
LANDLORD = {"about": "my home", "which": "not asked", "home": "landlord", "care": "not asked"}
CHILD = {"about": "care", "which": "not asked", "home": "not asked", "care": "child"}
OTHER = {"about": "something else", "which": "not asked", "home": "not asked", "care": "not asked"}
FIRST = {"stage": "first time", "kind": "complaint"}


@pytest.mark.parametrize(
    ("about", "stage", "notes", "acknowledged", "answered"),
    [
        # Wednesday 25 November: 5 working days, then 10 or 20 more (Complaint Handling Code).
        (BINS, "told you", ("sent_stage_1", "then_council"), "Wednesday 2 December 2026", "Wednesday 16 December 2026"),
        (BINS, "answered", ("sent_stage_2", "again_council"), "Wednesday 2 December 2026", "Monday 4 January 2027"),
        (
            LANDLORD,
            "told you",
            ("sent_stage_1", "then_landlord"),
            "Wednesday 2 December 2026",
            "Wednesday 16 December 2026",
        ),
        # Children's social care: 2 and 10 working days, then 25 (regulations of 2006).
        (
            CHILD,
            "told you",
            ("sent_children_1", "then_children"),
            "Friday 27 November 2026",
            "Wednesday 9 December 2026",
        ),
        (CHILD, "answered", ("sent_children_2", "again_children"), "Friday 27 November 2026", "Monday 4 January 2027"),
    ],
)
def test_the_days(about: dict[str, str], stage: str, notes: tuple[str, str], acknowledged: str, answered: str) -> None:
    outcome = outcome_of("complaint", {**about, "stage": stage, "kind": "not asked"}, TODAY)
    assert (*outcome.notes, *outcome.then) == notes
    assert (outcome.values["acknowledged"], outcome.values["answered"]) == (acknowledged, answered)
    assert outcome.details["Answer by"] == answered
    assert acknowledged in said("complaint", outcome) and answered in said("complaint", outcome)


def test_christmas_and_new_year_are_no_working_days() -> None:
    outcome = outcome_of("complaint", {**BINS, "stage": "told you"}, date(2026, 12, 18))
    # From Friday 18 December: 21, 22, 23, 24, then 29 December; ten more end after New Year's Day.
    assert outcome.values["acknowledged"] == "Tuesday 29 December 2026"
    assert outcome.values["answered"] == "Wednesday 13 January 2027"


@pytest.mark.parametrize(
    ("about", "notes"),
    [
        (BINS, ("sent_final", "after_council")),
        (LANDLORD, ("sent_final", "after_landlord")),
        (CHILD, ("sent_panel", "after_children")),
    ],
)
def test_after_the_final_answer_no_day_is_promised_and_nobody_is_sent_away(
    about: dict[str, str], notes: tuple[str, str]
) -> None:
    outcome = outcome_of("complaint", {**about, "stage": "final"}, TODAY)
    assert (*outcome.notes, *outcome.then) == notes
    assert outcome.files and outcome.values == {}


def test_the_housing_ombudsman_is_for_tenants_alone() -> None:
    landlord = said("complaint", outcome_of("complaint", {**LANDLORD, **FIRST}, TODAY))
    council = said("complaint", outcome_of("complaint", {**BINS, **FIRST}, TODAY))
    assert "Housing Ombudsman" in landlord and "0300 111 3000" in landlord
    assert "Housing Ombudsman" not in council and "0300 061 0614" in council


@pytest.mark.parametrize(
    ("about", "service"),
    [
        (BINS, "missed_bin"),
        ({**BINS, "which": "roads"}, "pothole"),
        ({**BINS, "which": "other"}, None),
        (LANDLORD, "housing_repair"),
        ({**LANDLORD, "home": "help with housing"}, "housing_register"),
        (CHILD, "safeguarding_child"),
        ({**OTHER, "about": "parking"}, "penalty_charge"),
        ({**OTHER, "about": "money"}, "council_tax_bill"),
        (OTHER, None),
    ],
)
def test_which_service_it_is_about(about: dict[str, str], service: str | None) -> None:
    outcome = outcome_of("complaint", {**about, **FIRST}, TODAY)
    # A complaint stays one, whatever it is about.
    assert (outcome.about, outcome.service) == (service, None)


def test_whoever_complains_is_offered_the_service_and_stays_a_complainant() -> None:
    outcome = outcome_of("complaint", {**BINS, **FIRST}, TODAY)
    assert outcome.offers == ("missed_bin",)
    assert outcome.notes == ("sent_stage_1",)
    assert outcome_of("complaint", {**CHILD, **FIRST}, TODAY).offers == ()


def test_a_request_goes_to_the_team_and_a_complaint_stays_open_to_them() -> None:
    outcome = outcome_of("complaint", {**BINS, "stage": "first time", "kind": "put right"}, TODAY)
    assert (outcome.service, outcome.details[KIND], outcome.then) == ("missed_bin", REQUEST, ())
    assert "complain after all" in said("complaint", outcome)


def test_a_request_about_something_else_is_read_by_its_words() -> None:
    outcome = outcome_of("complaint", {**OTHER, "stage": "first time", "kind": "put right"}, TODAY)
    assert (outcome.service, outcome.about, outcome.offers) == ("", None, ())


def test_only_the_first_time_can_be_a_request() -> None:
    # Whoever told us before and was not helped has a complaint, whatever an earlier answer said.
    outcome = outcome_of("complaint", {**BINS, "stage": "told you", "kind": "put right"}, TODAY)
    assert outcome.notes == ("sent_stage_1",) and KIND not in outcome.details
