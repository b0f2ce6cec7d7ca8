"""The council's table of quarter 3, 2016/17 (FACTS 5.2, S94), and 315 indicators that it can be counted from.

What stood in the source is in ROWS and TOTAL. Where its rows were cut off (Street Scene's directions, the services
after it) the numbers below are only what is left of the totals, and no test says that the council printed them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from triage.metrics.reporting.rules import Measured


@dataclass(frozen=True)
class Printed:
    """One row of the table as it was printed, its percentages worked out by hand."""

    reported: int
    rated: int
    levels: tuple[int, int, int, int]
    levels_said: tuple[str, str, str, str]
    monitor: int
    improved: int
    worsened: int
    directions_said: tuple[str, str]


def _row(reported: int, rated: int, levels: str, monitor: int, improved: str, worsened: str) -> Printed:
    said = tuple(levels.split(", "))
    counts = tuple(_count(one) for one in said)
    assert len(said) == 4 and len(counts) == 4
    return Printed(
        reported, rated, counts, said, monitor, _count(improved), _count(worsened), (improved, worsened)
    )  # fmt: skip


def _count(said: str) -> int:
    return int(said.partition("(")[2].rstrip(")"))


# Green, Green Amber, Red Amber, Red; then Monitor; then improved or the same, and worsened.
ROWS = {
    "Adults": _row(23, 18, "50% (9), 22% (4), 6% (1), 22% (4)", 5, "75% (9)", "25% (3)"),
    "Barnet Homes": _row(18, 16, "81% (13), 13% (2), 0% (0), 6% (1)", 2, "69% (11)", "31% (5)"),
    "Commissioning": _row(36, 24, "71% (17), 25% (6), 4% (1), 0% (0)", 12, "54% (13)", "46% (11)"),
    "CSG": _row(25, 21, "100% (21), 0% (0), 0% (0), 0% (0)", 4, "89% (16)", "11% (2)"),
    "Education & Skills": _row(26, 12, "75% (9), 17% (2), 0% (0), 8% (1)", 14, "77% (10)", "23% (3)"),
    "Family Services": _row(32, 21, "71% (15), 19% (4), 5% (1), 5% (1)", 11, "82% (9)", "18% (2)"),
    "HB Public Law": _row(13, 12, "92% (11), 0% (0), 0% (0), 8% (1)", 1, "50% (6)", "50% (6)"),
    # 71 + 14 + 0 + 14 = 99.
    "Parking & Infrastructure": _row(7, 7, "71% (5), 14% (1), 0% (0), 14% (1)", 0, "29% (2)", "71% (5)"),
    "Public Health": _row(22, 21, "86% (18), 0% (0), 0% (0), 14% (3)", 1, "61% (11)", "39% (7)"),
    # 87 + 0 + 4 + 10 = 101, as the council printed it.
    "Re": _row(64, 52, "87% (45), 0% (0), 4% (2), 10% (5)", 12, "65% (31)", "35% (17)"),
    "Registrar": _row(9, 9, "67% (6), 11% (1), 0% (0), 22% (2)", 0, "33% (3)", "67% (6)"),
}
# Of Street Scene the ratings were there; its Monitor count and its directions were cut off.
STREET_SCENE = "Street Scene"
STREET_LEVELS = ("55% (6)", "36% (4)", "9% (1)", "0% (0)")
REPORTED, RATED, WITH_DIRECTION = 315, 244, 223
ON_TARGET, BELOW = "78% (191)", "22% (53)"
IMPROVED, WORSENED = "66% (147)", "34% (76)"
# What was cut off: 27 indicators, of which 20 were rated (16 Green). Which level the other 4 had is not known.
CUT_OFF = "Services that were cut off"

# A result for each level against a target of 100 where higher is better, and of 20 where lower is.
_RESULTS = {"higher": ("100", "96", "91.5", "70"), "lower": ("20", "20.9", "21.8", "28")}


def indicators() -> dict[str, list[Measured]]:
    """All 315, by service, such that the rating functions themselves must find each level and each direction."""
    made = {name: list(_service(row.levels, row.monitor, row.improved, row.worsened)) for name, row in ROWS.items()}
    made[STREET_SCENE] = list(_service((6, 4, 1, 0), 2, 9, 3))
    made[CUT_OFF] = list(_service((16, 2, 1, 1), 7, 17, 6))
    return made


def _service(levels: tuple[int, ...], monitor: int, improved: int, worsened: int) -> Iterator[Measured]:
    results = [place for place, count in enumerate(levels) for _ in range(count)] + [None] * monitor
    # Education & Skills has more directions (13) than ratings (12): what is only followed can be compared too.
    ways = ["same" if number % 4 == 3 else "better" for number in range(improved)] + ["worse"] * worsened
    assert len(ways) <= len(results)
    for number, place in enumerate(results):
        higher = number % 3 != 2
        result = Decimal(_RESULTS["higher" if higher else "lower"][place or 0])
        way = ways[number] if number < len(ways) else None
        better_then = result - 1 if higher else result + 1
        worse_then = result + 1 if higher else result - 1
        yield Measured(
            polarity="higher" if higher else "lower",
            target=None if place is None else Decimal(100 if higher else 20),
            result=result,
            year_before={"same": result, "better": better_then, "worse": worse_then, None: None}[way],
        )
