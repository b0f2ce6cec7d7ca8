"""What may be shown of groups of people, by hand and by somebody who subtracts everything from everything."""

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.opendata.attack import Attacker
from triage.metrics.figures import ALL
from triage.metrics.figures.shapes import NOTHING, Counts, Dimension
from triage.metrics.groups import judging
from triage.metrics.groups.cells import ANY, FEWEST_OF_SERVICE, REST, SMALL_SERVICE, Crossing, counting
from triage.metrics.groups.service import table, tables_of
from triage.metrics.rules import FEWEST, HELD_BACK, TOO_FEW

SATISFIED = ALL["satisfaction"]
LEVELS = ("1", "5", "yes", "partly", "no", "stayed", "came_back", "first:within", "settle:within", "settle:late")


def said(yes: int, no: int = 0) -> dict[tuple[str, str], int]:
    """So many very satisfied, and so many very dissatisfied."""
    return {("satisfaction", "5"): yes, ("satisfaction", "1"): no}


def crossing(
    everybody: Mapping[str, tuple[int, int]],
    groups: Mapping[tuple[str, str], tuple[int, int]],
    dimension: Dimension = "ward",
) -> Crossing:
    levels: dict[tuple[str, str | None], dict[tuple[str, str], int]] = {
        place: said(*counts) for place, counts in groups.items()
    }
    for (member, _), (yes, no) in groups.items():
        whole = levels.setdefault((member, None), said(0))
        for key, n in said(yes, no).items():
            whole[key] += n
    ns = {place: sum(counts) for place, counts in groups.items()}
    return Crossing(SATISFIED, dimension, {service: said(*counts) for service, counts in everybody.items()}, ns, levels)


def test_a_ward_by_hand() -> None:
    found = crossing(
        {"bins": (300, 100), "tax": (120, 80)},
        {
            ("Hendon", "bins"): (45, 5),
            ("Hendon", "tax"): (10, 10),
            ("Golders", "bins"): (30, 30),
            ("Golders", "tax"): (20, 0),
        },
    )
    hendon = found.cell("Hendon")
    # 55 of 70 in Hendon; 420 of 600 in all, so 365 of 530 besides.
    assert hendon.shares is not None and hendon.difference is not None
    assert [(share.some, share.n) for share in hendon.shares] == [(55, 70), (365, 530)]
    # 0.7857 less 0.6887 is 0.0970. Newcombe's method 10 from Wilson's 0.6759 to 0.8661 and 0.6480 to 0.7267, by hand:
    # 0.0970 - √(0.1098² + 0.0380²) = -0.0192, and 0.0970 + √(0.0804² + 0.0407²) = 0.1871.
    assert hendon.difference == pytest.approx((-0.0192, 0.1871), abs=2e-3)
    assert found.cell("Golders", "tax").shares is not None
    # 50 + 20 + 60 + 20 = 150 of 600 have a ward.
    rest = found.cell(REST)
    assert rest.group is not None and rest.group.n == 450


def test_the_tables_of_a_page_share_what_is_allowed_to_chance() -> None:
    # 118 of 150 beside 350 of 500 is 2.1 standard errors: enough of one group alone, and not of two on one page.
    wards = crossing({"bins": (468, 182)}, {("Hendon", "bins"): (118, 32)})
    languages = crossing({"bins": (468, 182)}, {("pl", "bins"): (110, 40)}, "language")
    assert [line.verdict for line in table(wards, None).lines] == [judging.MORE, ""]
    both = tables_of([wards, languages], None)
    assert [[line.verdict for line in one.lines] for one in both] == [[judging.NO_MORE, ""], [judging.NO_MORE, ""]]


def test_a_small_cell_takes_with_it_what_would_give_it_away() -> None:
    found = crossing(
        {"bins": (300, 70), "tax": (150, 79)},
        {
            ("Hendon", "bins"): (30, 0),
            ("Hendon", "tax"): (4, 0),
            ("Golders", "bins"): (40, 0),
            ("Golders", "tax"): (25, 0),
        },
    )
    # The table of tests/metrics/statistics/test_suppression.py: 4 in Hendon for tax.
    whys = {(ward, of): found.cell(ward, of).why for ward in found.members for of in (None, "bins", "tax")}
    assert whys == {
        ("Golders", None): "",
        ("Golders", "bins"): HELD_BACK,
        ("Golders", "tax"): HELD_BACK,
        ("Hendon", None): "",
        ("Hendon", "bins"): HELD_BACK,
        ("Hendon", "tax"): TOO_FEW,
    }
    # Nothing of what is hidden is in the cell, not even how many it is.
    assert found.cell("Hendon", "tax").group is found.cell("Hendon", "tax").others is None


def test_small_services_are_one_and_are_not_looked_at_by_group() -> None:
    found = crossing(
        {"bins": (300, 100), "parking": (FEWEST_OF_SERVICE - 1, 0), "libraries": (3, 0)},
        {("Hendon", "bins"): (40, 0), ("Hendon", "parking"): (10, 0), ("Hendon", "libraries"): (3, 0)},
    )
    assert found.cell("Hendon", "parking").why == found.cell("Hendon", "libraries").why == SMALL_SERVICE
    assert found.cell("Hendon").group is not None and found.cell("Hendon", "bins").group is not None
    # With three answers in all it would be nobody's but theirs: the smallest of the others goes with them.
    alone = crossing({"bins": (300, 100), "libraries": (3, 0)}, {("Hendon", "bins"): (40, 0)})
    assert alone.cell("Hendon", "bins").why == SMALL_SERVICE


def test_whoever_is_not_in_a_group_is_ten_people_too() -> None:
    # 95 of 100 write in Polish: everybody less them is five people.
    found = crossing({"bins": (100, 0)}, {("pl", "bins"): (95, 0)}, "language")
    assert found.cell("pl").why == HELD_BACK and found.cell(REST).why == TOO_FEW


def test_needs_overlap_and_any_need_less_one_of_them_is_ten_people_too() -> None:
    # 40 told of a need, 30 of whom are older and 25 ill: older and ill overlap. 40 less 30 are ten, who may be known.
    found = crossing(
        {"bins": (200, 0)}, {(ANY, "bins"): (40, 0), ("older", "bins"): (30, 0), ("ill", "bins"): (25, 0)}, "need"
    )
    assert [found.cell(need).why for need in (ANY, "older", "ill", REST)] == ["", "", "", ""]
    assert found.members == (ANY, "ill", "older")
    rest = found.cell(REST)
    assert rest.group is not None and rest.group.n == 160
    # With 31 older ones, 40 less 31 are nine, who told of something else.
    found = crossing(
        {"bins": (200, 0)}, {(ANY, "bins"): (40, 0), ("older", "bins"): (31, 0), ("ill", "bins"): (25, 0)}, "need"
    )
    assert found.cell("older").why == HELD_BACK and found.cell(ANY).why == ""


def test_a_figure_is_hidden_by_its_own_number() -> None:
    # Of a clock there are other kinds in the same facts: how many is asked of the figure and not of the rows.
    keys = [("clock", "settle:within"), ("clock", "settle:late"), ("clock", "first:within")]
    assert counting(ALL["settled_in_time"], keys) == set(keys[:2])
    for definition in ALL.values():
        if definition.for_groups:
            # How many a figure is of adds up from its rows, or what is hidden could not be told from them.
            every = counting(definition, [(one, level) for one in definition.measures for level in LEVELS])
            assert every and definition.figure(Counts.of(dict.fromkeys(every, 7))).n == 7 * len(every)


def test_of_fewer_than_ten_in_all_not_even_empty_groups_are_told_of() -> None:
    # Eight answers, all of Hendon: that Golders and whoever has no ward are nobody would say so.
    found = crossing({"bins": (5, 0), "tax": (3, 0)}, {("Hendon", "bins"): (5, 0), ("Hendon", "tax"): (3, 0)})
    assert [found.cell(ward).why for ward in ("Hendon", "Golders", REST)] == [TOO_FEW] * 3
    assert found.unknown() is None


def test_where_everybody_is_in_one_group_nothing_is_told_of_it() -> None:
    # All 40 about parking are of Hendon: what parking's own months say would be of Hendon too.
    everybody = {"bins": (100, 0), "parking": (40, 0)}
    found = crossing(everybody, {("Hendon", "bins"): (30, 0), ("Hendon", "parking"): (40, 0)})
    assert found.cell("Hendon", "parking").why == found.cell(REST, "parking").why == SMALL_SERVICE
    # Parking and bins are one column then, as parking alone would still be Hendon's total less its bins.
    assert found.cell("Hendon", "bins").why == SMALL_SERVICE and found.cell("Hendon").group is not None
    whole = crossing(everybody, {("Hendon", "bins"): (100, 0), ("Hendon", "parking"): (40, 0)})
    assert [whole.cell(ward).why for ward in ("Hendon", REST)] == [HELD_BACK] * 2


def test_nobody_is_no_secret() -> None:
    found = crossing({"bins": (100, 0), "tax": (100, 0)}, {("Hendon", "bins"): (20, 0)})
    assert found.cell("Hendon", "tax").why == found.cell("Nowhere").why == NOTHING


# Somebody who has every page: everybody by service, month and channel, whatever is shown of wards by service.
WARDS, SERVICES, MONTHS, CHANNELS = ("Hendon", "Golders", REST), ("bins", "tax"), ("jul", "aug"), ("chat", "phone")
PEOPLE = st.dictionaries(
    st.tuples(*(st.sampled_from(each) for each in (WARDS, SERVICES, MONTHS, CHANNELS))),
    st.one_of(st.integers(1, 12), st.integers(1, 90)),
    min_size=4,
)


@given(PEOPLE)
@settings(deadline=None, max_examples=40)
def test_an_attacker_with_every_page_works_out_no_small_number_of_a_ward(people: dict[Any, int]) -> None:
    def of(**fixed: str) -> list[Any]:
        names = ("ward", "service", "month", "channel")
        return [who for who in people if all(who[names.index(name)] == value for name, value in fixed.items())]

    def number(who: list[Any]) -> int:
        return sum(people[one] for one in who)

    everybody = {service: (number(of(service=service)), 0) for service in SERVICES if of(service=service)}
    groups = {
        (ward, service): (number(of(ward=ward, service=service)), 0)
        for ward in WARDS[:2]
        for service in SERVICES
        if of(ward=ward, service=service)
    }
    found = crossing(everybody, groups)
    # Who does not know anything knows nothing of empty places either, but where the page says that they are empty.
    every = list(product(WARDS, SERVICES, MONTHS, CHANNELS))
    attacker = Attacker([*every])
    for seen in product(SERVICES, MONTHS, CHANNELS):
        who = of(service=seen[0], month=seen[1], channel=seen[2])
        attacker.hears([one for one in every if one[1:] == seen], number(who))
    secret = []
    for ward, service in product(WARDS, (None, *SERVICES)):
        who = of(ward=ward, service=service) if service else of(ward=ward)
        anybody = [one for one in every if one[0] == ward and service in (None, one[1])]
        cell = found.cell(ward, service)
        if cell.group is not None or cell.why == NOTHING:
            assert number(who) == 0 or number(who) >= FEWEST
            attacker.hears(anybody, number(who))
        elif 0 < number(who) < FEWEST and ward != REST:
            secret.append(anybody)
        if ward != REST:
            # A month of a ward, and a channel, are of no page.
            secret += [[one] for one in who if people[one] < FEWEST and service]
    assert not [anybody for anybody in secret if attacker.works_out(anybody)]
