"""What sorting reaches on contacts that it has never met, held a little below what was measured (2026-11-26).

Nothing may be fitted or worded on that set: tests/sorting/held_back.md. Counts alone are looked at here.
"""

import pytest

from bench.sorting import HELD_BACK, read, score


@pytest.mark.parametrize("step", [3])
def test_sorting_is_as_good_as_it_was(trained: None, step: int) -> None:
    scored, _ = score(read(HELD_BACK, step))
    free = [one for one in scored if not one.decision.holding]
    urgent = [one for one in scored if one.urgent]
    assert sum(one.right for one in free) / len(free) >= RIGHT
    assert 1 - len(free) / len(scored) <= HELD
    assert sum(one.raised for one in urgent) / len(urgent) >= CAUGHT
    assert sum(one.over for one in scored) / len(scored) <= OVER


RIGHT, HELD, CAUGHT, OVER = 0.70, 0.15, 0.90, 0.20
