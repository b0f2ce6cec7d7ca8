"""The weighted figure beside the plain one: worked out by hand, and what it does where something is missing."""

from itertools import product

import pytest

from triage.metrics.room.weighing import corrected

Row = tuple[str, str, str, str, int]
SERVICES, CHANNELS, ENDS = {"bins": 0.6, "tax": 0.4}, {"chat": 0.4, "phone": 0.6}, {"done": 0.7, "not_done": 0.3}


def answers(satisfied: int, n: int, service: str, channel: str, end: str) -> list[Row]:
    """`n` answers, as they are counted: by themselves and by how it ended."""
    levels = {"5": satisfied, "1": n - satisfied}
    return [(service, channel, "satisfaction", level, count) for level, count in levels.items() if count] + [
        (service, channel, "rated", f"{end}:{level}", count) for level, count in levels.items() if count
    ]


def everybody(n: int) -> list[Row]:
    return [
        (service, channel, "ended", end, round(n * SERVICES[service] * CHANNELS[channel] * ENDS[end]))
        for service, channel, end in product(SERVICES, CHANNELS, ENDS)
    ]


def eight() -> list[Row]:
    """50 answers in each of eight cells: 40 of 50 satisfied where it was done, 10 of 50 where it was not."""
    return [
        row
        for service, channel, end in product(SERVICES, CHANNELS, ENDS)
        for row in answers(40 if end == "done" else 10, 50, service, channel, end)
    ]


def name(kind: str, code: str) -> str:
    return code.capitalize()


def test_by_service_channel_and_end_by_hand() -> None:
    found = corrected([*eight(), *everybody(1000)], name)
    assert found is not None
    # Plain 200 of 400. Seven in ten ended done: 0.7 × 40/50 + 0.3 × 10/50 = 0.62, whatever the service and channel.
    assert found.weighted.plain.value == 0.5
    assert found.weighted.value == pytest.approx(0.62)
    # Weights are products (tests/metrics/statistics/test_raking.py), so their mean squares are too:
    # (1.2² + 0.8²) ÷ 2 = 1.04, twice, and (1.4² + 0.6²) ÷ 2 = 1.16: 1.04 × 1.04 × 1.16 = 1.2547, so 400 are worth 319.
    assert found.weighted.design_effect == pytest.approx(1.2547, abs=1e-4)
    assert round(found.weighted.effective) == 319
    assert (found.population, found.notes) == (
        "who could have answered, by service, channel and how it ended",
        (),
    )


def test_without_ends_it_is_by_the_contacts_that_arrived_and_that_is_said() -> None:
    rows = [row for row in eight() if row[2] == "satisfaction"]
    rows += [("bins", "chat", "arrived", "needed", 500), ("tax", "phone", "arrived", "needed", 500)]
    found = corrected(rows, name)
    assert found is not None and found.population == "whose contact arrived, by service and channel"
    assert found.notes[0] == "How it ended was not counted then."


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        # Twenty of 420 answers are of days on which ends were not counted yet.
        ([*answers(20, 20, "bins", "chat", "done")[:1]], "that is known of 400 of 420 answers"),
        # Forty more have no case that says how it ended.
        (answers(40, 40, "bins", "chat", ""), "that is known of 400 of 440 answers"),
    ],
)
def test_where_too_few_ends_are_known_it_is_not_weighted_by_them(rows: list[Row], said: str) -> None:
    found = corrected([*eight(), *everybody(1000), *rows, ("bins", "chat", "arrived", "needed", 900)], name)
    assert found is not None and found.population.startswith("whose contact arrived")
    assert said in found.notes[0]


def test_nobody_to_weight_to_and_few_answers_are_no_weighted_figure() -> None:
    assert corrected([row for row in eight() if row[2] == "satisfaction"], name) is None
    assert corrected([*answers(9, 9, "bins", "chat", "done"), *everybody(1000)], name) is None


def test_more_answers_than_ends_are_not_weighted_to_them() -> None:
    found = corrected([*eight(), *everybody(300), ("bins", "chat", "arrived", "needed", 900)], name)
    assert found is not None and "more answered than are known to have ended" in found.notes[0]
