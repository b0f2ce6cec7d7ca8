"""Features say what the readers say, likeness is to the nearest, the weigher learns how far to trust each."""

import numpy as np
import pytest

from language.danger.fits import directions, fit_neighbours, fit_weigher
from language.danger.neighbours import NEAREST, nearest, turn
from language.danger.signals import Level
from language.danger.weighing import Said, features

LEVELS: tuple[Level | None, ...] = ("today", None, "concern", "now")


def said(*rows: tuple[float, float, float, float], likeness: float = 0.0, words: int = 5) -> Said:
    blended = np.array(rows)
    nearest_by = np.full((len(rows), len(NEAREST)), likeness)
    return Said(blended, np.log(blended + 1e-9), np.zeros((len(rows), 4)), nearest_by, np.array([words] * len(rows)))


def test_a_graver_message_has_greater_features_and_a_longer_one_says_so() -> None:
    calm = features(said((0.1, 0.8, 0.05, 0.05)), LEVELS)
    grave = features(said((0.1, 0.2, 0.05, 0.65), likeness=0.3), LEVELS)
    piece = features(said((0.1, 0.8, 0.05, 0.05), (0.1, 0.2, 0.05, 0.65), words=80), LEVELS)
    assert len(calm) == len(grave) == len(piece) == 15
    assert grave[0] > calm[0] and grave[6] > calm[6] and grave[7] > calm[7]
    assert piece[0] == pytest.approx(grave[0])  # the gravest piece
    assert piece[1] == pytest.approx(calm[1])  # the whole
    assert piece[13] > calm[13] and piece[14] > calm[14]


def test_chances_of_nothing_and_of_certainty_stay_numbers() -> None:
    assert np.isfinite(features(said((0.0, 1.0, 0.0, 0.0), words=0), LEVELS)).all()
    assert np.isfinite(features(said((0.0, 0.0, 0.0, 1.0)), LEVELS)).all()


def test_a_vector_is_like_the_examples_it_lies_beside() -> None:
    chance = np.random.default_rng(1)
    middles = chance.normal(size=(2, 768)).astype(np.float32)
    near = np.repeat(middles, 20, axis=0) + 0.3 * chance.normal(size=(40, 768)).astype(np.float32)
    grave = np.arange(40) < 20
    middle, axes = directions(near)
    found = fit_neighbours(near, grave, middle, axes)
    likeness = found.likeness(middles)
    assert (likeness[0] > 0.5).all() and (likeness[1] < -0.5).all()
    turned = turn(near, middle, axes)
    assert np.linalg.norm(turned, axis=1) == pytest.approx(np.ones(40), abs=1e-5)


def test_fewer_examples_than_are_asked_for_will_do_and_none_is_like_nothing() -> None:
    one = np.eye(3, dtype=np.float32)
    assert len(one) < NEAREST[1]
    assert nearest(one[:1], one) == pytest.approx(np.array([[1.0, 1 / 3, 1 / 3]]))
    assert nearest(one[:1], one[:0]) == pytest.approx(np.zeros((1, 3)))


def test_the_weigher_trusts_what_tells_and_not_what_does_not() -> None:
    chance = np.random.default_rng(2)
    found = chance.normal(size=(2_000, 3)) * [1.0, 50.0, 1.0]
    alarm, danger = found[:, 0] > 0.5, found[:, 2] > 0
    weigher = fit_weigher(found, alarm, danger)
    weighed = weigher.weigh(found)
    assert ((weighed[:, 0] > 0.5) == alarm).mean() > 0.97
    assert ((weighed[:, 1] > 0.5) == danger).mean() > 0.97
    assert abs(weigher.weights[1] * 50).max() < 0.1 * weigher.weights[0, 0]
