"""Shares and times from counts. Nothing here reads a clock or a database, so each can be worked out again by hand."""

from collections.abc import Mapping
from math import sqrt

from triage.metrics.counting.measures import BINS, MINUTES, NOT_YET, bin_bounds
from triage.metrics.figures.shapes import NOTHING, Value
from triage.shares import Z95, wilson

Parts = tuple[tuple[str, int], ...]
# What part of all a time is read off for, in words.
_SAID = {0.5: "half", 0.9: "nine in ten"}


def share(some: int, n: int, parts: Parts = ()) -> Value:
    """`some` of `n` with its Wilson 95% interval; no value when `n` is nothing, or less than `some`."""
    if n <= 0 or some > n:
        return Value(None, max(n, 0), parts=parts, why=NOTHING if n <= 0 else "the counts are not of the same things")
    low, high = wilson(some, n)
    return Value(some / n, n, low, high, some, parts)


def quantile(bins: Mapping[str, int], at: float, parts: Parts = ()) -> Value:
    """The time in minutes within which `at` of all were done, from how many fell in each bin, with its 95% interval.

    Inside a bin times are taken to be spread evenly. The interval is that of the rank, n·p ± 1.96 √(n·p·(1 - p)), read
    from the same bins: it asks for no shape of the distribution (Conover 1999, Practical Nonparametric Statistics 3.2).
    What is not done yet is later than everything. A time in the last bin, which has no end, has no value: all that is
    known is that it is longer than where that bin begins.
    """
    n = sum(bins.values())
    if n == 0:
        return Value(None, 0, parts=parts, why=NOTHING)
    half = Z95 * sqrt(n * at * (1 - at))
    value, done = _at_rank(bins, n * at), n - bins.get(NOT_YET, 0)
    low = _at_rank(bins, max(n * at - half, 0))
    if low is None and n * at - half <= done:
        low = float(MINUTES[-1])
    if value is None:
        why = (
            f"more than {_length(MINUTES[-1])}"
            if n * at <= done
            else f"fewer than {_SAID.get(at, f'{100 * at:g} in 100')} are done yet"
        )
        return Value(None, n, low, None, parts=parts, why=why)
    return Value(value, n, low, _at_rank(bins, min(n * at + half, n)), parts=parts)


def _at_rank(bins: Mapping[str, int], rank: float) -> float | None:
    """The time at a rank (0 to n); None when it is past what is done, or in the last bin, which has no end."""
    before = 0
    for level in BINS:
        count = bins.get(level, 0)
        if count and rank <= before + count:
            start, end = bin_bounds(level)
            return None if end is None else start + (end - start) * max(rank - before, 0) / count
        before += count
    return None


def bin_parts(bins: Mapping[str, int]) -> Parts:
    """The bins as people read them, for a table: '5 to 10 minutes', '30 minutes to 1 hour'."""
    return tuple((_between(level), bins[level]) for level in (*BINS, NOT_YET) if bins.get(level))


def _between(level: str) -> str:
    if level == NOT_YET:
        return "not yet"
    start, end = bin_bounds(level)
    if end is None:
        return f"{_length(start)} or more"
    first, last = _length(start), _length(end)
    if start == 0:
        return f"under {last}"
    # One unit is said once: 5 to 10 minutes.
    return f"{first.split()[0] if first.split()[1][:3] == last.split()[1][:3] else first} to {last}"


def _length(minutes: int) -> str:
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
