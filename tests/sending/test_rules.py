"""When a supplier is left alone, and how long it is given."""

from datetime import UTC, datetime, timedelta

from triage.sending import rules
from triage.sending.rules import Breaker

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_after_five_failures_it_is_left_alone_for_longer_each_time() -> None:
    breaker = Breaker()
    for _ in range(rules.TRIP - 1):
        breaker = breaker.failed(NOW)
        assert not breaker.is_open(NOW)
    pauses = []
    for _ in range(8):
        breaker = breaker.failed(NOW)
        assert breaker.opened_until is not None
        pauses.append((breaker.opened_until - NOW).total_seconds())
    assert pauses[:4] == [30, 60, 120, 240]
    assert max(pauses) == 300
    assert breaker.is_open(NOW)
    assert breaker.is_probing(NOW + timedelta(minutes=5))


def test_a_supplier_that_says_how_long_is_given_that_long_but_not_for_ever() -> None:
    assert rules.at_least(timedelta(seconds=5), 300) == timedelta(minutes=5)
    assert rules.at_least(timedelta(minutes=10), 1) == timedelta(minutes=10)
    assert rules.at_least(timedelta(seconds=5), 9 * 86400) == timedelta(hours=1)
    assert rules.at_least(timedelta(seconds=5), None) == timedelta(seconds=5)
