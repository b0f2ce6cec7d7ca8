"""What a contact's words say beside its service: complaint, the law's clocks, who is vulnerable, how urgent."""

from datetime import date, datetime, timedelta

import pytest

from triage import reading
from triage.catalogue import catalogue
from triage.clock import LONDON
from triage.sorting.complaints import complaint
from triage.sorting.elsewhere import where_to_go
from triage.sorting.letters import read_letter
from triage.sorting.places import place_in
from triage.sorting.statutory import statutory
from triage.sorting.urgency import NEAR, urgencies
from triage.sorting.vulnerable import vulnerable

TODAY = date(2026, 11, 25)
COMPLAINTS = [
    "I want to make a formal complaint about how I was treated at your office.",
    "Your contractor promised to come back on Friday. Nobody came or rang me back, I am fed up with the council.",
    "The officer was rude to my mother and hung up. It is unacceptable and I am disgusted with the council.",
]
REQUESTS = [
    "MY BIN WAS NOT EMPTIED TODAY!!! SEND THE LORRY BACK NOW",
    "Please can somebody mend the light outside number 12, it is pitch black and I am angry",
    "I don't want to complain, I only want to know when the crew comes.",
    "how do i complain about my landlord",
]


@pytest.mark.parametrize("text", COMPLAINTS)
def test_dissatisfaction_with_what_the_council_did_is_a_complaint(text: str) -> None:
    found = complaint(text)
    assert found.is_one and found.reason


@pytest.mark.parametrize("text", REQUESTS)
def test_an_angry_request_is_none(text: str) -> None:
    assert not complaint(text).is_one


@pytest.mark.parametrize(
    ("text", "queue", "service", "clock"),
    [
        ("How many trees did you plant in 2025, and what did it cost?", "Q-GOV", None, "foi"),
        (
            "Please send me the air quality readings for the school street, list of dates since 2024",
            "Q-GOV",
            None,
            "eir",
        ),
        ("I would like my social services records from when I was in care", "Q-GOV", None, "sar"),
        ("There is black mould over the baby's cot and she wheezes", "Q-REPAIR", "housing_repair", "hazard"),
        ("My landlord is selling and we have to be out by Friday", "Q-HOMELESS", "homelessness", "homelessness"),
        ("When is my bin collected?", "Q-WASTE", "bin_collection_day", None),
        ("The tap drips", "Q-REPAIR", "housing_repair", None),
    ],
)
def test_the_clock_starts_without_the_words_of_the_law(
    text: str, queue: str, service: str | None, clock: str | None
) -> None:
    assert statutory(text, queue=queue, service=service, complaint=False).name == clock


def test_a_hazard_goes_before_the_complaint_that_it_comes_in() -> None:
    found = statutory("No heating for days and my baby is ill", queue="Q-REPAIR", service=None, complaint=True)
    assert found.name == "hazard"
    assert statutory("You never replied", queue="Q-CTAX", service=None, complaint=True).name == "complaint"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Cllr, 88, lives alone", "older"),
        ("we have a 3 week old baby", "baby"),
        ("i'm 7 months pregnant", "pregnant"),
        ("my wife uses a wheelchair", "disabled"),
        ("he is on dialysis", "illness"),
        ("I care for my mum full time", "carer"),
        ("I'm a care leaver", "care leaver"),
        ("we have no food until Friday", "no money"),
        ("sleeping in my car", "homeless"),
        ("she needs an interpreter", "language"),
        ("my late husband's account", "bereaved"),
        ("he hits me", "abuse"),
        ("she is on oxygen at home", "equipment"),
        ("the boss keeps our passports", "modern slavery"),
        ("I have bipolar", "mental health"),
        ("I've two kids", "child"),
        ("im 16 and left home", "young"),
    ],
)
def test_who_needs_more_care_is_named(text: str, word: str) -> None:
    assert word in vulnerable(text)


def test_numbers_that_are_no_ages_name_nobody() -> None:
    assert vulnerable("The bill is 84 pounds, bus 82, 70% paid, 65 min late") == ()


@pytest.mark.parametrize(
    ("text", "queue", "priority"),
    [
        ("eviction is on Tuesday and nobody calls", "Q-TENANCY", "P2"),
        ("my hearing at the tribunal is tomorrow", "Q-BENS", "P2"),
        ("Mum is discharged from hospital on Friday and there is no bed rail", "Q-ASC", "P2"),
        ("landlord changed the locks while I was at work", "Q-PRS", "P1"),
        ("boiler is off again", "Q-REPAIR", None),
        ("what day is my bin", "Q-WASTE", None),
    ],
)
def test_a_deadline_or_harm_makes_it_sooner(text: str, queue: str, priority: str | None) -> None:
    found = urgencies(text, queue=queue, vulnerable=(), today=TODAY)
    assert (found[0].priority if found else None) == priority


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize(
    "written", ["{day} {name}", "{name} {day}", "{day}th of {short}", "on {day}/{month}", "by {day}.{month}"]
)
def test_a_date_is_near_in_every_month_and_only_for_some_days(month: int, written: str) -> None:
    day = date(2026, month, 14)
    text = "The eviction is " + written.format(day=day.day, month=month, name=f"{day:%B}", short=f"{day:%b}")

    def near(today: date) -> bool:
        return bool(urgencies(text, queue="Q-TENANCY", vulnerable=(), today=today))

    assert near(day) and near(day - timedelta(days=3)) and near(day - NEAR)
    assert not near(day - NEAR - timedelta(days=1)) and not near(day + timedelta(days=1))


def test_the_new_years_dates_are_near_at_the_end_of_the_old_one_and_a_far_days_weekday_is_not() -> None:
    today = date(2026, 12, 28)
    assert urgencies("court on 5 January", queue="Q-CTAX", vulnerable=(), today=today)
    assert not urgencies("court on Tuesday 16 March", queue="Q-CTAX", vulnerable=(), today=today)
    assert not urgencies("the hearing was on Monday 9 November", queue="Q-CTAX", vulnerable=(), today=today)


@pytest.mark.parametrize("month", [f"{date(2026, month, 1):%B}" for month in range(1, 13)])
def test_no_month_is_forgotten_where_one_tells_of_a_birth_or_of_a_broken_promise(month: str) -> None:
    assert "pregnant" in vulnerable(f"I'm due in {month}")
    assert "pregnant" not in vulnerable(f"the second half is due in {month}")
    assert complaint(f"I rang your office about it in {month} and still nothing. It is a disgrace.").is_one


def test_the_cold_is_urgent_where_it_harms_somebody() -> None:
    found = urgencies("no heating since Sunday", queue="Q-REPAIR", vulnerable=("baby",), today=TODAY)
    assert found[0].priority == "P1" and "baby" in found[0].reason


OMBUDSMAN = (
    "On 1 Nov 2026 the benefits team wrote:\n> If you are unhappy you can make a complaint or go to the Ombudsman."
)


@pytest.mark.parametrize(
    "own",
    ["Thanks, that was quick.", "Please tell me when my next payment comes, as I could not see it on the letter."],
)
def test_what_is_only_quoted_is_no_complaint_however_little_stands_above_it(own: str) -> None:
    assert complaint(OMBUDSMAN).is_one
    assert not complaint(read_letter(f"{own}\n\n{OMBUDSMAN}").own).is_one
    assert complaint(read_letter(f"{own} I want to complain.\n\n{OMBUDSMAN}").own).is_one


def test_what_is_not_ours_says_where_to_go() -> None:
    (reason,) = where_to_go(catalogue(), "not_ours_water")
    assert "https://" in reason
    assert where_to_go(catalogue(), "missed_bin") == () and where_to_go(catalogue(), None) == ()


def test_of_two_roads_no_place_is_taken() -> None:
    now, words = datetime(2026, 11, 25, 10, tzinfo=LONDON), reading.council_words()
    assert place_in("pothole on Ballards Lane", now, words) == "Ballards Lane"
    assert place_in("between Ballards Lane and Regents Park Road", now, words) is None
    assert place_in("my bin was missed", now, words) is None
