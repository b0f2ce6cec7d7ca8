"""How a result is rated and which way it is going. Pure: every level can be worked out again by hand.

Numbers are decimals and are judged as they were recorded, never as they were rounded for the page.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from triage.metrics.reporting.presets import NAMES, Preset, Rag, Step

Polarity = Literal["higher", "lower"]
Way = Literal["improved", "same", "worsened"]

WAYS: dict[Way, str] = {"improved": "Improved", "same": "Same", "worsened": "Worsened"}


@dataclass(frozen=True, slots=True)
class Measured:
    """What a rating is made from. `polarity`: whether higher or lower is better.

    `other_question`: why last year's result is not compared with this, as it answers another question; '' where it is.
    """

    polarity: Polarity
    target: Decimal | None
    result: Decimal | None
    year_before: Decimal | None
    other_question: str = ""


@dataclass(frozen=True, slots=True)
class Rating:
    """A level and why. `on_target`: whether the target itself was met, whatever tolerance the preset has."""

    rag: Rag
    reasons: tuple[str, ...]
    on_target: bool = False

    @property
    def name(self) -> str:
        """As people read it: 'Green Amber'."""
        return NAMES[self.rag]

    @property
    def rated(self) -> bool:
        """Whether it has a level: Monitor is reported and not rated."""
        return self.rag != "monitor"


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way a result went since the same period last year and why; `way` None: it cannot be said."""

    way: Way | None
    reason: str
    instead: str = "Not known"

    @property
    def name(self) -> str:
        """As people read it; improved and the same are counted together (FACTS 5.2)."""
        return WAYS[self.way] if self.way else self.instead


@dataclass(frozen=True, slots=True)
class Judged:
    """An indicator's rating and its direction; `reported`: it has a result, or is followed without one."""

    rating: Rating
    direction: Direction


def plain(value: Decimal) -> str:
    """A number without needless zeros: 95, 92.5, 1,204."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def miss(measured: Measured) -> Decimal | None:
    """How far the result falls short, in per cent of the target: 0 when it was met, None when it has no such share."""
    if measured.target is None or measured.result is None:
        return None
    short = measured.target - measured.result if measured.polarity == "higher" else measured.result - measured.target
    if short <= 0:
        return Decimal(0)
    # A target of none at all ("no missed visits") has no per cent to miss it by.
    return short * 100 / abs(measured.target) if measured.target else None


def direction(measured: Measured) -> Direction:
    """Improved, Same or Worsened against the same period last year (FACTS 5.2)."""
    now, then = measured.result, measured.year_before
    if now is None:
        return Direction(None, "There is no result to compare.")
    if then is None:
        return Direction(None, "There is no result for the same period last year.")
    if measured.other_question:
        return Direction(None, measured.other_question, "Different questions")
    if now == then:
        return Direction("same", f"It was {plain(then)} in the same period last year, and is now the same.")
    better = (now > then) == (measured.polarity == "higher")
    good = "Higher" if measured.polarity == "higher" else "Lower"
    said = f"It was {plain(then)} in the same period last year, and is now {plain(now)}. {good} is better."
    return Direction("improved" if better else "worsened", said)


def rate(preset: Preset, measured: Measured) -> Rating:
    """The level of one result under one preset (FACTS 5.2), with its reasons. Monitor without a target or a result."""
    if measured.target is None:
        return Rating("monitor", ("There is no target, so it is followed and not rated.",))
    if measured.result is None:
        return Rating("monitor", ("There is no result yet, so it is not rated.",))
    short = miss(measured)
    way = direction(measured)
    said = _against(measured, short)
    for step in preset.steps:
        if _met(step, short, way):
            return Rating(step.rag, (said, *_because(step, way)), on_target=short == 0)
    raise AssertionError("the last step of a preset asks nothing")


def _met(step: Step, short: Decimal | None, way: Direction) -> bool:
    if step.miss_at_most is not None and (short is None or short > step.miss_at_most):
        return False
    return not step.improving or way.way == "improved"


def _against(measured: Measured, short: Decimal | None) -> str:
    assert measured.target is not None and measured.result is not None
    target, result = plain(measured.target), plain(measured.result)
    good = "higher" if measured.polarity == "higher" else "lower"
    if short == 0:
        return f"The result is {result} and the target {target} ({good} is better): met."
    if short is None:
        return f"The result is {result} and the target {target} ({good} is better): missed."
    share = plain(short.quantize(Decimal("0.1"))) if short >= Decimal("0.1") else "less than 0.1"
    return f"The result is {result} and the target {target} ({good} is better): missed by {share}% of the target."


def _because(step: Step, way: Direction) -> tuple[str, ...]:
    name = NAMES[step.rag]
    if step.miss_at_most == 0:
        return (f"{name}: the target was met.",)
    if step.miss_at_most is not None:
        return (f"{name}: missed by no more than {plain(step.miss_at_most)}% of the target.",)
    if step.improving:
        return (f"{name}: missed by more than is allowed, and improving.", way.reason)
    return (f"{name}: missed by more than every other level allows.",)


def judge(preset: Preset, measured: Measured) -> Judged:
    """Both, for one indicator."""
    return Judged(rate(preset, measured), direction(measured))


def per_cent(some: int, n: int) -> int:
    """`some` of `n` in whole per cent, a half up, in whole numbers so that no half is lost. Raises ValueError for n=0.

    Each is rounded by itself: a row may add up to 101, as it does in the council's own reports (FACTS 5.2).
    """
    if n <= 0:
        raise ValueError("there is no share of nothing")
    return (200 * some + n) // (2 * n)


def share(some: int, n: int) -> str:
    """How a count is shown: '78% (191)'; a dash where nothing was counted."""
    return f"{per_cent(some, n)}% ({some})" if n else "–"


@dataclass(frozen=True, slots=True)
class Summary:
    """How many indicators stand where, of one service or of all. `on_target`: those that met the target itself."""

    reported: int
    levels: dict[Rag, int]
    on_target: int
    monitor: int
    improved_or_same: int
    worsened: int

    @property
    def rated(self) -> int:
        """Those with a level."""
        return sum(self.levels.values())

    @property
    def green(self) -> int:
        """Green ones; with a tolerance some of them missed their target."""
        return self.levels.get("green", 0)

    @property
    def tolerated(self) -> int:
        """Green, though the target was missed."""
        return self.green - self.on_target

    @property
    def below(self) -> int:
        """Rated, and the target was missed, whatever tolerance the preset has."""
        return self.rated - self.on_target

    @property
    def with_direction(self) -> int:
        """Those that can be compared with last year."""
        return self.improved_or_same + self.worsened

    def level(self, rag: Rag) -> str:
        """One level as it is shown: '87% (45)', of those rated."""
        return share(self.levels.get(rag, 0), self.rated)


def summarise(judged: Iterable[Judged], levels: Iterable[Rag]) -> Summary:
    """Count ratings and directions; every level of the preset is there, at 0 if nobody has it."""
    rags: Counter[Rag] = Counter()
    ways: Counter[Way | None] = Counter()
    on_target = 0
    for one in judged:
        on_target += one.rating.on_target
        rags[one.rating.rag] += 1
        ways[one.direction.way] += 1
    return Summary(
        reported=rags.total(),
        levels={level: rags[level] for level in levels},
        on_target=on_target,
        monitor=rags["monitor"],
        improved_or_same=ways["improved"] + ways["same"],
        worsened=ways["worsened"],
    )
