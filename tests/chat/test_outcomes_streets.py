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


@pytest.mark.parametrize(
    ("answers", "note", "priority"),
    [
        # FACTS 3, Q-HWAY: P1 danger.
        ({"danger": "hurt", "size": "small"}, "sent_danger", "P1"),
        ({"danger": "open", "size": "deep", "surface": "estate"}, "sent_danger", "P1"),
        ({"danger": "swerve", "size": "wide"}, "sent_repair", "P2"),
        ({"danger": "trip", "size": "small", "surface": "pavement"}, "sent_repair", "P2"),
        ({"danger": "none", "size": "wide and deep"}, "sent_repair", "P2"),
        ({"danger": "none", "size": "small"}, "sent_repair", None),
        ({"danger": "none", "size": "not sure"}, "sent_repair", None),
        ({"danger": "none", "size": "small", "surface": "estate"}, "sent_estate", None),
    ],
)
def test_pothole(answers: dict[str, str], note: str, priority: str | None) -> None:
    outcome = outcome_of("pothole", {"surface": "road", "red": "no", "ours": "not asked", **answers}, TODAY)
    assert (outcome.notes, outcome.priority, outcome.files) == ((note,), priority, True)
    assert outcome.details == {}


@pytest.mark.parametrize(("red", "ours"), [("yes", "yes"), ("yes", "not sure"), ("not sure", "not asked")])
def test_a_hole_on_what_may_be_a_red_route_is_sent_with_a_warning(red: str, ours: str) -> None:
    # FACTS P8: Transport for London runs the red routes.
    outcome = outcome_of("pothole", {"red": red, "ours": ours, "danger": "none", "size": "wide"}, TODAY)
    assert outcome.files and "TfL" in outcome.details["Whose road"]


def test_a_hole_that_tfl_is_told_of_is_not_sent_to_us() -> None:
    outcome = outcome_of("pothole", {"surface": "road", "red": "yes", "ours": "no"}, TODAY)
    assert outcome.files is False
    assert "Tell TfL" in said("pothole", outcome)


@pytest.mark.parametrize("danger", ["wires", "leaning", "hanging"])
@pytest.mark.parametrize("what", ["light", "sign", "signals"])
def test_a_dangerous_street_light_is_for_today(danger: str, what: str) -> None:
    # FACTS P9: exposed wires are P1; section 4 gives the number.
    outcome = outcome_of("street_light", {"what": what, "ours": "not asked", "danger": danger}, TODAY)
    assert (outcome.notes, outcome.priority) == (("sent_danger",), "P1")
    assert "020 8359 2000 now" in said("street_light", outcome)


@pytest.mark.parametrize(
    ("answers", "note", "files"),
    [
        ({"what": "light", "danger": "none", "fault": "out"}, "sent_light", True),
        ({"what": "not sure", "danger": "not sure", "fault": "several"}, "sent_light", True),
        # FACTS P9: signals are Transport for London's.
        ({"what": "signals", "ours": "yes", "danger": "none", "fault": "out"}, "sent_signals", True),
        ({"what": "signals", "ours": "not sure", "danger": "none", "fault": "out"}, "sent_signals", True),
        ({"what": "signals", "ours": "no"}, "tfl_only", False),
    ],
)
def test_street_light(answers: dict[str, str], note: str, files: bool) -> None:
    outcome = outcome_of("street_light", answers, TODAY)
    assert (outcome.notes, outcome.files, outcome.priority) == ((note,), files, None)
    assert ("Whose lights" in outcome.details) is (note == "sent_signals")
