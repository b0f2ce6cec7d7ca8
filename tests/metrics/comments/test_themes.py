"""How the reader's themes become the council's."""

import pytest
from pydantic import ValidationError

from triage.metrics.comments.themes import Themes, themes


def test_a_comment_may_have_several_themes_in_the_councils_order() -> None:
    read = ("Staff manner & personal attributes", "Timeliness of care", "Staff responsiveness")
    assert themes().of_comment("slow but kind", read) == ("waiting", "manner")


def test_what_no_theme_takes_is_something_else() -> None:
    assert themes().of_comment("I live in a flat", ()) == ("other",)
    assert themes().of_comment("I live in a flat", ("Not assigned",)) == ("other",)


@pytest.mark.parametrize("text", ["Nothing", "nothing.", "N/A", "No comments!", "Don't know"])
def test_a_comment_that_says_nothing_is_no_praise(text: str) -> None:
    assert themes().of_comment(text, ("Positive experience & gratitude",)) == ("other",)


def test_every_theme_has_words_for_people() -> None:
    assert [one.id for one in themes().theme][-1] == "other"
    assert all(one.name and one.description.endswith(".") for one in themes().theme)


def test_a_theme_of_the_reader_belongs_to_one_of_the_councils() -> None:
    twice = [{"id": one, "name": one, "description": one, "of": ["Food"]} for one in ("a", "other")]
    with pytest.raises(ValidationError, match="twice"):
        Themes.model_validate({"says_nothing": [], "theme": twice})
