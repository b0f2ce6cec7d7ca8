"""What comes of the forms about streets and large things, case by case."""

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.chat.outcomes import outcome_of


@pytest.mark.parametrize(
    ("answers", "note", "priority"),
    [
        # FACTS 3, Q-STREET: P2 for needles and obstruction.
        ({"what": "litter", "danger": "needles"}, "sent", "P2"),
        ({"what": "litter", "danger": "blocks the way"}, "sent", "P2"),
        ({"what": "litter", "danger": "slippery"}, "sent", None),
        ({"what": "graffiti", "graffiti": "yes", "danger": "none"}, "sent_hateful", "P2"),
        ({"what": "graffiti", "graffiti": "not sure", "danger": "none"}, "sent", None),
        ({"what": "dead animal", "animal": "pet", "danger": "none"}, "sent_pet", None),
        ({"what": "dead animal", "animal": "wild", "danger": "blocks the way"}, "sent", "P2"),
    ],
)
def test_street_report(answers: dict[str, str], note: str, priority: str | None) -> None:
    outcome = outcome_of("street_report", answers, TODAY)
    assert (outcome.notes, outcome.priority, outcome.files) == ((note,), priority, True)


@pytest.mark.parametrize(
    ("danger", "land", "note", "priority"),
    [
        ("needles", "road", "sent", "P2"),
        ("chemicals", "private", "sent_private", "P2"),
        ("none", "private", "sent_private", None),  # FACTS W9: private land is its owner's
        ("broken glass", "park", "sent", None),
    ],
)
def test_fly_tipping(danger: str, land: str, note: str, priority: str | None) -> None:
    outcome = outcome_of("fly_tipping", {"danger": danger, "land": land}, TODAY)
    assert (outcome.notes, outcome.priority) == ((note,), priority)


@pytest.mark.parametrize(
    ("special", "note"),
    [("none", "sent"), ("fridge", "sent"), ("hazardous", "sent_hazardous"), ("both", "sent_hazardous")],
)
def test_bulky_booking(special: str, note: str) -> None:
    assert outcome_of("bulky_booking", {"special": special}, TODAY).notes == (note,)


def test_a_bulky_collection_has_no_price_until_one_is_known() -> None:
    assert "I don't know the price" in said("bulky_booking", outcome_of("bulky_booking", {"special": "none"}, TODAY))
