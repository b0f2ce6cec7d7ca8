"""Every figure says what it is, in words that a councillor reads, and is made only of what is counted."""

import pytest

from triage.metrics.counting.measures import MEASURES
from triage.metrics.figures import ALL, Definition
from triage.metrics.figures.shapes import Counts, named

COUNTED = {measure for measures in MEASURES.values() for measure in measures}


@pytest.mark.parametrize("definition", ALL.values(), ids=ALL)
def test_a_definition_is_whole(definition: Definition) -> None:
    assert definition.id.isidentifier()
    assert definition.sentence.endswith(".")
    assert len(definition.sentence.split()) <= 45
    assert all((definition.name, definition.numerator, definition.denominator, definition.source, definition.caveat))
    assert set(definition.measures) <= COUNTED


@pytest.mark.parametrize("definition", ALL.values(), ids=ALL)
def test_nothing_counted_is_no_value_and_a_reason(definition: Definition) -> None:
    value = definition.figure(Counts())
    assert value.n == 0
    assert (value.value, bool(value.why)) in ((None, True), (0.0, False))


def test_two_figures_of_one_name_are_refused() -> None:
    one = ALL["satisfaction"]
    with pytest.raises(ValueError, match="two figures"):
        named((one, one))
