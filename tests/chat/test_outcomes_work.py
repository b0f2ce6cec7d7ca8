"""What comes of asking for help with work: the team, how soon, and what may be shared."""

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of

FINE = {"need": "work", "behind": "no", "food": "yes", "consent": "yes"}


@pytest.mark.parametrize(
    ("answers", "notes", "team", "priority"),
    [
        # FACTS 3: Q-BOOST is jobs (P4), Q-WELF the Task Force (P1 without food or heat today).
        ({}, ("yourself_work", "sent_jobs"), "jobs", None),
        ({"need": "training"}, ("yourself_work", "sent_jobs"), "jobs", None),
        ({"need": "health"}, ("yourself_work", "sent_jobs"), "jobs", None),
        ({"need": "childcare", "behind": "not sure"}, ("yourself_work", "sent_jobs"), "jobs", None),
        ({"need": "benefits", "behind": "not asked"}, ("yourself_money", "sent_welfare"), "welfare", "P3"),
        ({"need": "debt", "behind": "not asked"}, ("yourself_money", "sent_welfare"), "welfare", "P3"),
        # Several troubles at once are for the team of many agencies.
        ({"need": "health", "behind": "yes"}, ("yourself_money", "sent_welfare"), "welfare", "P3"),
        ({"food": "no"}, ("food", "yourself_money", "sent_welfare"), "welfare", "P1"),
        # No consent: helped all the same, by the council alone.
        ({"consent": "no"}, ("yourself_work", "sent_jobs_kept"), "jobs", None),
        ({"consent": "not sure"}, ("yourself_work", "sent_jobs_kept"), "jobs", None),
        ({"need": "debt", "consent": "no"}, ("yourself_money", "sent_welfare_kept"), "welfare", "P3"),
        ({"food": "no", "consent": "no"}, ("food", "yourself_money", "sent_welfare_kept"), "welfare", "P1"),
    ],
)
def test_work_referral(answers: dict[str, str], notes: tuple[str, ...], team: str, priority: str | None) -> None:
    outcome = outcome_of("work_referral", FINE | answers, TODAY)
    assert (outcome.notes, outcome.referral, outcome.priority, outcome.files) == (notes, team, priority, True)


def test_without_leave_to_share_it_says_so_and_refuses_nothing() -> None:
    text = said("work_referral", outcome_of("work_referral", FINE | {"consent": "no"}, TODAY))
    assert "nobody outside the council" in text and "You get our help all the same" in text
    text = said("work_referral", outcome_of("work_referral", FINE, TODAY))
    assert "Barnet Homes and Jobcentre Plus, and with nobody else" in text and "change your mind" in text
