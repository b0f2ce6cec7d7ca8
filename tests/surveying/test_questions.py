"""The questions are versions of data: an answer is compared with answers to the same words alone."""

from uuid import UUID

import pytest
from pydantic import ValidationError

from tests.care.test_wording import reading_age
from triage.catalogue import catalogue
from triage.surveying.questions import Asking, Version, asking, asks_alike, first_alike, questions, versions
from triage.tables.survey import FIRST_VERSION

NOW = questions()


def test_the_version_in_use_and_the_first_are_there() -> None:
    assert {asking().version, FIRST_VERSION} <= set(versions())


def test_everybody_is_asked_the_same_but_for_the_one_that_takes_turns() -> None:
    asked = [NOW.asked_of(UUID(int=number)) for number in range(1_000)]
    assert {(*one[:3], one[4]) for one in asked} == {("satisfaction", "got_it", "effort", "comment")}
    seriously = sum(one[3] == "taken_seriously" for one in asked)
    assert {one[3] for one in asked} == {"taken_seriously", "clear_next_step"}
    # Half of a thousand, within four standard errors of 15.8.
    assert abs(seriously - 500) <= 64


def test_the_first_version_asks_what_it_always_asked() -> None:
    assert questions(FIRST_VERSION).asked_of(UUID(int=7)) == ["satisfaction", "got_it", "comment"]


def test_a_version_that_only_asks_more_besides_asks_alike_and_one_in_other_words_does_not() -> None:
    assert first_alike(NOW.version) == first_alike(FIRST_VERSION) == FIRST_VERSION
    assert first_alike("2031-05") == "2031-05"
    said = NOW.model_dump(mode="json")
    words, levels, order = (NOW.model_dump(mode="json") for _ in range(3))
    words["questions"]["got_it"]["question"] = "Did you get what you needed?"
    levels["questions"]["satisfaction"]["levels"][1]["label"] = "Fairly satisfied"
    order["order"] = ["got_it", "satisfaction", *order["order"][2:]]
    assert asks_alike(NOW, Version.model_validate(said))
    for other in (words, levels, order):
        assert not asks_alike(NOW, Version.model_validate(other)) and not asks_alike(Version.model_validate(other), NOW)


@pytest.mark.parametrize("scale", ["satisfaction", "effort"])
def test_five_points_run_from_five_to_one(scale: str) -> None:
    assert [level.value for level in NOW.questions[scale].levels] == [5, 4, 3, 2, 1]


def test_a_child_of_eleven_can_read_each_question() -> None:
    assert reading_age([one.question for one in NOW.questions.values()]) <= 11
    for name, one in NOW.questions.items():
        assert len(one.question.split()) <= 12, name


def test_what_counts_as_not_eligible_is_what_a_form_says() -> None:
    for named in asking().not_eligible_notes:
        form, note = named.split(".")
        assert note in catalogue().form(form)[1].note


def test_a_version_that_asks_what_no_answer_has_a_place_for_is_refused() -> None:
    table = NOW.model_dump()
    with pytest.raises(ValidationError, match="order and turns must name exactly"):
        Version.model_validate(table | {"order": ("satisfaction", "mood")})


def test_a_share_above_everybody_is_refused() -> None:
    with pytest.raises(ValidationError):
        Asking.model_validate(asking().model_dump() | {"share": 1.5})
