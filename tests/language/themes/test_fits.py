"""What is chosen when comments are learned, on examples small enough to follow."""

import numpy as np
import pytest

from language.themes.examples import Comment
from language.themes.fits import choose, macro_f1, micro_f1, targets

# Three comments, two themes. Said and right: one of the first theme, none of the second.
SAID = np.array([[True, False], [True, False], [False, True]])
RIGHT = np.array([[True, False], [False, True], [False, False]])


def test_micro_f1_counts_every_theme_of_every_comment() -> None:
    # Agreed: 1. Said: 3. Right: 2. 2 * 1 / (3 + 2) = 0.4.
    assert micro_f1(SAID, RIGHT) == pytest.approx(0.4)


def test_macro_f1_is_the_mean_of_the_themes() -> None:
    # First: agreed 1, said 2, right 1: 2/3. Second: agreed 0: 0. The mean is 1/3.
    assert macro_f1(SAID, RIGHT) == pytest.approx(1 / 3)


def test_a_theme_that_no_comment_has_counts_for_nothing() -> None:
    assert macro_f1(np.array([[True, True]]), np.array([[True, False]])) == 1.0


def test_a_threshold_stands_where_most_agree() -> None:
    unseen = np.array([[0.6], [0.5], [0.2], [0.1]])
    chosen = choose(unseen, np.array([[True], [True], [False], [False]]))
    assert 0.2 < chosen[0] <= 0.5


def test_a_sentiment_that_nobody_could_tell_is_the_average_one() -> None:
    comments = [Comment("a", ("X",), 1), Comment("b", (), 5), Comment("c", ("X",), None)]
    assert targets(comments, ["X"]).tolist() == [
        [1, 1, 0, 0, 0, 0],
        [0, 0, 0, 0, 0, 1],
        [1, 0.5, 0, 0, 0, 0.5],
    ]
