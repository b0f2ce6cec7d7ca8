"""How chances become a verdict, how two readers are weighed, and how a long message is cut; no model is trained."""

import numpy as np
import pytest

from language.danger import CAP
from language.danger.heads import GROUPS, blend
from language.danger.model import MAY_BE, Thresholds, judge
from language.danger.pieces import PIECES, pieces
from language.danger.train import least


def test_chances_are_judged_by_the_gravest_row() -> None:
    labels, levels = ("flood", "none", "notice", "suicide"), ("today", None, "concern", "now")
    limits = Thresholds(alarm=0.7, ask=0.2, doubt=0.1)

    def judged(*rows: tuple[float, float, float, float], danger: float | None = None) -> str | None:
        chances = np.array(rows)
        alarm = chances[:, [0, 3]].sum(axis=1).max()
        any_danger = 1.0 - chances[:, 1].min() if danger is None else danger
        return judge(chances, alarm, any_danger, labels, levels, limits)  # type: ignore[arg-type]

    assert judged((0.0, 0.9, 0.0, 0.1)) is None
    assert judged((0.3, 0.7, 0.0, 0.0)) == MAY_BE
    assert judged((0.8, 0.2, 0.0, 0.0)) == "flood"
    assert judged((0.5, 0.1, 0.0, 0.4)) == "suicide"  # the graver one, where it holds a good part of the alarm
    assert judged((0.1, 0.7, 0.2, 0.0)) == "notice"  # a concern stops nothing, so it may be named at once
    assert judged((0.0, 0.1, 0.9, 0.0)) == "notice"
    assert judged((0.9, 0.1, 0.0, 0.0), (0.0, 0.9, 0.0, 0.1)) == "flood"
    assert judged((0.0, 1.0, 0.0, 0.0), (0.0, 0.2, 0.0, 0.8)) == "suicide"
    # What the readers weigh together decides whether anything is said, whatever one of them says.
    assert judged((0.3, 0.7, 0.0, 0.0), danger=0.1) is None


def test_two_readers_are_weighed_by_level_and_the_network_names_the_signal() -> None:
    levels = ("today", None, "now", "now")
    meaning = np.log(np.array([[0.1, 0.5, 0.3, 0.1]]))
    even = np.log(np.array([[0.25, 0.25, 0.25, 0.25]]))
    grave = np.log(np.array([[0.97, 0.01, 0.01, 0.01]]))  # in the order of GROUPS: now first
    assert GROUPS[0] == "now"
    alone, swayed = blend(meaning, even, levels)[0], blend(meaning, grave, levels)[0]
    assert alone.sum() == pytest.approx(1.0) and swayed.sum() == pytest.approx(1.0)
    assert alone.argmax() == 1 and swayed.argmax() == 2
    assert swayed[2] / swayed[3] == pytest.approx(3.0, rel=1e-3)


def test_the_least_threshold_lets_no_more_through_than_it_may() -> None:
    values = np.array([0.9, 0.1, 0.5, 0.7])
    for share, through in ((0.0, 0), (0.25, 1), (0.5, 2), (1.0, 4)):
        assert (values >= least(values, share)).sum() == through


def test_pieces_are_bounded_and_lose_no_word() -> None:
    assert pieces("") == [] and pieces("He hit me. Help.") == []
    for text in ("one two three four five six seven. " * 30, "word " * 900, "Hi. " * 1_000, "a b c\n" * 50):
        found = pieces(text)
        assert 1 < len(found) <= PIECES
        if len(text) <= CAP:
            assert " ".join(found).split() == text.split()
