"""What sorting reaches on contacts that it has never met, held a little below what was measured (2026-11-26).

Nothing may be fitted or worded on that set: tests/sorting/held_back.md. Counts alone are looked at here.
"""

from bench.sorting import HELD_BACK, Scored, figures_of, read, score

RIGHT, HELD, CAUGHT, OVER = 0.77, 0.1, 1.0, 0.16
EVERY = 6  # one line in so many, so that this is quick


def reached(scored: list[Scored]) -> dict[str, float]:
    """The four shares that are held."""
    free = [one for one in scored if not one.decision.holding]
    urgent = [one for one in scored if one.urgent]
    return {
        "right": sum(one.right for one in free) / len(free),
        "held": 1 - len(free) / len(scored),
        "caught": sum(one.raised for one in urgent) / len(urgent),
        "over": sum(one.over for one in scored) / len(scored),
    }


def test_sorting_is_as_good_as_it_was(trained: None) -> None:
    scored, seconds = score(read(HELD_BACK, EVERY))
    found = reached(scored)
    told = "; ".join(f"{figure.name} {figure.value}" for figure in figures_of(scored, seconds))
    assert found["right"] >= RIGHT, told
    assert found["held"] <= HELD, told
    assert found["caught"] >= CAUGHT, told
    assert found["over"] <= OVER, told
