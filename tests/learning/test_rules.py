"""What people made of a decision, and when a sorter may be promoted."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from triage.learning.rules import Line, Verdict, refusals, teaches, verdict
from triage.sorters.contract import Score

START = datetime(2026, 11, 2, 9, tzinfo=UTC)
AGENT = uuid4()


def trail(*steps: tuple[str, dict[str, Any]]) -> list[Line]:
    """Lines of an audit trail, an hour apart."""
    return [Line(what, START + timedelta(hours=hour), AGENT, detail) for hour, (what, detail) in enumerate(steps, 1)]


def passed(to: str, why: str | None = None) -> tuple[str, dict[str, Any]]:
    return ("transferred", {"to": to, "reason": "…"} | ({"why": why} if why else {}))


CLOSED = ("closed", {"reason": "done"})


def read(*steps: tuple[str, dict[str, Any]], queue: str = "Q-WASTE", holding: bool = False) -> Verdict:
    return verdict(queue, "missed_bin", holding, START, trail(*steps))


def test_closed_where_it_was_put_is_agreement() -> None:
    found = read(CLOSED)
    assert (found.verdict, found.why, found.to_queue, found.to_service) == ("right", "agreed", "Q-WASTE", "missed_bin")
    assert found.settled_at is not None and not teaches(found, "missed_bin")


def test_passed_on_to_the_right_team_is_a_correction_and_the_last_such_pass_is_the_truth() -> None:
    found = read(passed("Q-STREET", "wrong_team"), passed("Q-HWAY", "wrong_team"), CLOSED)
    assert (found.verdict, found.to_queue, found.to_service) == ("wrong", "Q-HWAY", None)
    assert found.agent_id == AGENT and teaches(found, "missed_bin")


def test_a_pass_from_before_agents_said_why_counts_as_a_correction() -> None:
    assert read(passed("Q-STREET"), CLOSED).verdict == "wrong"


@pytest.mark.parametrize("why", ["next_step", "specialist"])
def test_a_pass_for_another_reason_says_nothing_against_sorting(why: str) -> None:
    found = read(passed("Q-STREET", why), CLOSED)
    assert (found.verdict, found.to_queue) == ("right", "Q-WASTE")
    assert not teaches(found, "missed_bin")


def test_what_follows_the_next_step_is_no_more_about_sorting() -> None:
    assert read(passed("Q-STREET", "next_step"), passed("Q-HWAY", "wrong_team"), CLOSED).verdict == "right"
    found = read(passed("Q-STREET", "wrong_team"), passed("Q-HWAY", "next_step"), CLOSED)
    assert (found.verdict, found.to_queue) == ("wrong", "Q-STREET")


def test_passed_on_and_brought_back_was_right_after_all() -> None:
    assert read(passed("Q-STREET", "wrong_team"), passed("Q-WASTE", "wrong_team"), CLOSED).verdict == "right"


def test_what_a_person_sorts_out_of_holding_is_counted_apart_whatever_they_say_why() -> None:
    found = read(passed("Q-CTAX", "next_step"), CLOSED, queue="Q-HOLDING", holding=True)
    assert (found.verdict, found.why, found.to_queue, found.to_service) == ("held", "sorted_by_hand", "Q-CTAX", None)
    assert teaches(found, None)


def moved(to: str, move: str = "1", what: str = "moved") -> tuple[str, dict[str, Any]]:
    return (what, {"from": "…", "to": to, "reason": "…", "move": move})


def test_a_supervisors_move_is_a_correction_as_a_pass_is() -> None:
    found = read(moved("Q-STREET"), CLOSED)
    assert (found.verdict, found.to_queue, found.agent_id) == ("wrong", "Q-STREET", AGENT)
    found = read(moved("Q-CTAX"), CLOSED, queue="Q-HOLDING", holding=True)
    assert (found.verdict, found.to_queue) == ("held", "Q-CTAX") and teaches(found, None)
    assert read(passed("Q-STREET", "next_step"), moved("Q-HWAY"), CLOSED).verdict == "right"


def test_a_move_that_was_taken_back_is_none() -> None:
    back = moved("Q-WASTE", what="moved back")
    assert read(moved("Q-STREET"), back, CLOSED).verdict == "right"
    found = read(passed("Q-LIB", "wrong_team"), moved("Q-STREET"), moved("Q-LIB", what="moved back"), CLOSED)
    assert (found.verdict, found.to_queue) == ("wrong", "Q-LIB")


def test_what_software_moves_because_a_queue_was_given_up_says_nothing() -> None:
    lines = [line._replace(agent_id=None) for line in trail(moved("Q-STREET"))] + trail(CLOSED)
    assert verdict("Q-WASTE", "missed_bin", False, START, lines).verdict == "right"


def test_settled_in_holding_itself_teaches_nothing() -> None:
    assert not teaches(read(CLOSED, queue="Q-HOLDING", holding=True), None)


def test_a_service_put_right_in_the_same_queue_is_learned_from() -> None:
    found = read(
        (
            "corrected",
            {"from": {"service": "missed_bin", "priority": "P3"}, "to": {"service": "new_bin", "priority": "P3"}},
        ),
        CLOSED,
    )
    assert (found.verdict, found.why, found.to_service) == ("right", "service", "new_bin")
    assert teaches(found, "missed_bin")


def test_a_priority_put_right_is_kept_and_teaches_no_queue() -> None:
    found = read(
        (
            "corrected",
            {"from": {"service": "missed_bin", "priority": "P3"}, "to": {"service": "missed_bin", "priority": "P2"}},
        ),
        CLOSED,
    )
    assert (found.verdict, found.why) == ("right", "priority") and not teaches(found, "missed_bin")


def test_opened_again_it_is_not_settled_until_it_is_closed_again() -> None:
    assert read(CLOSED, ("reopened", {})).settled_at is None
    again = read(CLOSED, ("reopened", {}), passed("Q-STREET", "wrong_team"), CLOSED)
    assert again.settled_at == START + timedelta(hours=4) and again.verdict == "wrong"


def test_what_happened_before_the_decision_is_not_read() -> None:
    early = Line("transferred", START - timedelta(hours=1), AGENT, {"to": "Q-HWAY", "why": "wrong_team"})
    assert verdict("Q-WASTE", None, False, START, [early, *trail(CLOSED)]).verdict == "right"


LIVE = Score(n=200, held=10, right=171, missed=("contact 7",))


def test_a_sorter_that_is_as_good_may_be_promoted() -> None:
    assert refusals(LIVE, LIVE) == ()
    assert refusals(Score(200, 15, 170), LIVE) == ()


def test_a_sorter_that_is_less_often_right_is_refused_with_the_figures() -> None:
    (why,) = refusals(Score(200, 10, 170, ("contact 7",)), LIVE)
    assert "89.5%" in why and "90.0%" in why


def test_a_sorter_that_leaves_too_much_to_people_is_refused() -> None:
    (why,) = refusals(Score(200, 21, 179), LIVE)
    assert "10.5%" in why and "10.0%" in why
    assert refusals(Score(200, 20, 180), LIVE) == ()


def test_a_sorter_that_misses_what_the_live_one_catches_is_refused_however_good_it_is() -> None:
    (why,) = refusals(Score(200, 0, 200, ("contact 9",)), LIVE)
    assert "contact 9" in why
    assert refusals(Score(200, 0, 200, ("contact 7",)), LIVE) == ()


def test_two_that_were_scored_on_different_contacts_are_not_compared() -> None:
    assert "not scored on the same" in refusals(Score(199, 0, 199), LIVE)[0]
    assert refusals(Score(0, 0, 0), Score(0, 0, 0))
