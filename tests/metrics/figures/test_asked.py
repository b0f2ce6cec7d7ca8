"""Who was asked and who answered, worked out by hand."""

import pytest

from triage.metrics.figures import ALL
from triage.metrics.figures.asked import ON_THE_PAGE, SINCE, WHY
from triage.metrics.figures.shapes import Counts
from triage.surveying.questions import asking
from triage.tables.survey import WHY_NOT

# 100 ended: 10 could not be asked, 90 could. Of those 40 were not drawn and 50 were. Of the 50 there was no way to ask
# 8 and 2 were in danger, so 40 were asked: 20 never opened it, 6 opened it and went no further, 2 answered twice, and
# 12 answers count.
LEVELS = {
    "out:nothing_said": 7,
    "out:staff": 3,
    "eligible:not_sampled": 40,
    "sampled:no_way_to_ask": 8,
    "sampled:unsafe": 2,
    "invited:expired": 15,
    "invited:waiting": 5,
    "opened:expired": 6,
    "excluded:duplicate": 2,
    "answered": 12,
}


def test_the_response_rate_has_every_step_and_every_reason_why_not() -> None:
    value = ALL["response_rate"].figure(Counts.of({("survey", level): n for level, n in LEVELS.items()}))
    assert (value.value, value.numerator, value.n) == (0.3, 12, 40)
    assert value.parts[:6] == (
        ("ended, in all", 100),
        ("could be asked", 90),
        ("drawn by lot to be asked", 50),
        ("asked", 40),
        ("opened it", 20),
        ("answered", 12),
    )
    assert dict(value.parts[6:]) == {
        WHY["nothing_said"]: 7,
        WHY["staff"]: 3,
        WHY["not_sampled"]: 40,
        WHY["no_way_to_ask"]: 8,
        WHY["unsafe"]: 2,
        WHY["expired"]: 21,
        WHY["duplicate"]: 2,
        WHY["waiting"]: 5,
    }
    # Everybody who did not answer is there with a reason.
    assert sum(n for _, n in value.parts[6:]) == 100 - 12


def test_who_answers_on_their_contacts_page_was_not_asked() -> None:
    # 100 were asked by a letter and 20 of them answered. 200 found the question on their contact's page, and 30 of them
    # answered. Of the other 170 nobody knows whether they saw it: 50 of 130 is no rate, and neither is 50 of 300.
    levels = {"answered": 20, "invited:expired": 80, "page": 29, "page:duplicate": 1, "sampled:no_way_to_ask": 170}
    value = ALL["response_rate"].figure(Counts.of({("survey", level): n for level, n in levels.items()}))
    assert (value.value, value.numerator, value.n) == (0.2, 20, 100)
    assert dict(value.parts)["drawn by lot to be asked"] == 300
    assert dict(value.parts)[ON_THE_PAGE] == 29
    assert sum(n for _, n in value.parts[6:]) == 300 - 20


def test_who_was_asked_and_then_refused_was_asked() -> None:
    levels = {"invited:never_again": 3, "sampled:never_again": 2, "answered": 5}
    parts = dict(ALL["response_rate"].figure(Counts.of({("survey", level): n for level, n in levels.items()})).parts)
    assert (parts[SINCE["never_again"]], parts[WHY["never_again"]], parts["asked"]) == (3, 2, 8)


def test_a_history_knows_only_who_was_asked_and_who_answered() -> None:
    value = ALL["response_rate"].figure(Counts.of({("invited", ""): 40, ("answered", ""): 9}))
    assert (value.value, value.n, value.parts) == (0.225, 40, (("asked", 40), ("answered", 9)))


def test_more_answers_than_people_asked_are_no_rate() -> None:
    value = ALL["response_rate"].figure(Counts.of({("invited", ""): 2, ("answered", ""): 9}))
    assert value.value is None


@pytest.mark.parametrize("why", WHY_NOT)
def test_each_reason_is_in_words(why: str) -> None:
    assert why in WHY


def test_a_figure_of_answers_is_not_final_while_they_can_still_come() -> None:
    how = asking()
    # A contact that is closed at the end of the day is asked about a week later, and has its link for a month.
    assert ALL["still_settled"].settles_in >= how.outcome_after_days + how.outcome_open_days
    assert f"{ALL['still_settled'].settles_in} days" in ALL["still_settled"].final
    assert ALL["response_rate"].settles_in >= how.message_after_hours / 24 + how.open_days


def test_who_was_not_reached_was_not_asked() -> None:
    parts = dict(
        ALL["response_rate"]
        .figure(Counts.of({("survey", "sampled:undeliverable"): 2, ("survey", "answered"): 5}))
        .parts
    )
    assert parts["asked"] == 5 and WHY["undeliverable"].startswith("not asked")


def test_really_settled_is_of_those_who_said() -> None:
    value = ALL["still_settled"].figure(
        Counts.of({("outcome", said): n for said, n in (("yes", 9), ("no", 1), ("no_answer", 30))})
    )
    assert (value.value, value.n) == (0.9, 10)
    assert value.parts[-1] == ("did not answer", 30)
