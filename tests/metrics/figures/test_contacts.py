"""How contacts went, worked out by hand."""

import pytest

from triage.metrics.counting.avoidable import reasons
from triage.metrics.figures import ALL
from triage.metrics.figures.shapes import Counted, Counts


def test_settled_at_the_first_contact_is_who_did_not_come_back() -> None:
    value = ALL["first_contact_resolution"].figure(Counts.of({("closed", "stayed"): 42, ("closed", "came_back"): 8}))
    assert (value.value, value.numerator, value.n) == (0.84, 42, 50)
    # Wilson by hand: z² = 3.841459; middle = (0.84 + 0.038415) / 1.076829 = 0.815742;
    # half = 1.959964 × √(0.1344/50 + 3.841459/10000) / 1.076829 = 1.959964 × 0.055424 / 1.076829 = 0.100879.
    assert value.low == pytest.approx(0.7149, abs=1e-4)
    assert value.high == pytest.approx(0.9166, abs=1e-4)


def test_avoidable_contact_has_one_reason_each_so_they_add_up() -> None:
    counts = Counts.of({("arrived", "needed"): 160, ("arrived", "chasing"): 30, ("arrived", "online"): 10})
    value = ALL["avoidable_contact"].figure(counts)
    assert (value.value, value.numerator, value.n) == (0.2, 40, 200)
    assert sum(n for _, n in value.parts) == 40
    assert [name for name, _ in value.parts] == [reason.name for reason in reasons().values()]


def test_while_some_are_open_it_can_still_change() -> None:
    # Of 100 that came in September 12 are open: they are closed as another organisation's in November.
    now = Counts.of({("arrived", "needed"): 68, ("arrived", "chasing"): 20, ("arrived", "open"): 12})
    then = Counts.of({("arrived", "needed"): 68, ("arrived", "chasing"): 20, ("arrived", "wrong_place"): 12})
    open_still, all_closed = (ALL["avoidable_contact"].figure(counts) for counts in (now, then))
    assert (open_still.value, open_still.provisional) == (0.2, True)
    assert ("open still, so it may yet be known", 12) in open_still.parts
    assert (all_closed.value, all_closed.provisional) == (0.32, False)
    assert ALL["avoidable_contact"].final == "when every contact of it is closed"


def test_a_reason_that_has_gone_from_the_file_is_still_counted() -> None:
    value = ALL["avoidable_contact"].figure(Counts.of({("arrived", "needed"): 9, ("arrived", "an_old_reason"): 1}))
    assert value.numerator == 1
    assert ("an_old_reason", 1) in value.parts


def test_what_was_left_to_a_person_was_not_put_in_a_wrong_queue() -> None:
    counts = Counts.of({("sorted", "right"): 45, ("sorted", "wrong"): 5, ("sorted", "held"): 20})
    value = ALL["misroute_rate"].figure(counts)
    assert (value.value, value.n, dict(value.parts)["left to a person"]) == (0.1, 50, 20)


def test_done_on_a_screen_counts_chats_that_left_no_contact() -> None:
    rows = [
        Counted("arrived", "", n, channel) for channel, n in (("chat", 20), ("web", 10), ("phone", 40), ("email", 10))
    ]
    rows += [Counted("chat", "settled", 15, "chat"), Counted("chat", "said_yes", 5, "chat")]
    # Left in the middle and handed over are not settled: the hand-over has a contact, which is counted as such.
    rows += [Counted("chat", "abandoned", 100, "chat"), Counted("chat", "person", 100, "chat")]
    value = ALL["digital_takeup"].figure(Counts(tuple(rows)))
    # 20 + 10 + 20 settled = 50 of 80 + 20.
    assert (value.value, value.numerator, value.n) == (0.5, 50, 100)


def test_a_count_of_everything_has_no_interval() -> None:
    value = ALL["contacts"].figure(Counts.of({("arrived", "needed"): 4, ("arrived", "online"): 3}))
    assert (value.value, value.low, value.high, value.n) == (7, None, None, 7)
