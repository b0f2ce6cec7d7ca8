"""What a sorter that learns can do, for the room that trains it, so that no room imports another.

The sorting room does it (triage/sorting/versions.py) and journey.py hands it to whoever asks.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

UNRULED = "unruled"
ON_CONTACT = ("text", "place", "typed", "arrived_at")


@dataclass(frozen=True)
class Given:
    """What was known of a contact when it was sorted; kept with the decision, so that it can be made again.

    Of a form that was `heard`, `typed` are the answers in its resident's own words, `means` what their buttons say of
    who they are, and `statutory` the legal clock that its answers start (answered.py).
    """

    text: str
    channel: str
    service: str | None = None
    danger: str | None = None
    priority: str = "P4"
    heard: bool = False
    request: bool = False
    queue: str | None = None
    place: str | None = None
    statutory: str | None = None
    means: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    arrived_at: datetime | None = None

    def kept(self, unruled: "Decided | None" = None) -> dict[str, Any]:
        """As it is stored: without the words and what else stands on the contact.

        `unruled` is what was decided before people's rules changed it, so that a rule can be tried on the contact as
        if no rule had been there.
        """
        known = {key: value for key, value in asdict(self).items() if key not in ON_CONTACT}
        return known | ({UNRULED: asdict(unruled)} if unruled else {})

    @classmethod
    def read(
        cls, kept: dict[str, Any], text: str, place: str | None, *, typed: tuple[str, ...], arrived_at: datetime
    ) -> "Given":
        """From what is stored, with the contact's words."""
        known = {key: value for key, value in kept.items() if key != UNRULED}
        known["means"] = tuple(known.get("means", ()))
        return cls(text=text, place=place, typed=typed, arrived_at=arrived_at, **known)


@dataclass(frozen=True)
class Decided:
    """Where a contact goes, as far as learning needs to know."""

    service: str | None
    queue: str
    priority: str
    confidence: float
    holding: bool


def before_rules(decided: Decided, kept: dict[str, Any]) -> Decided:
    """A stored decision as it was before people's rules changed it."""
    return Decided(**kept[UNRULED]) if kept.get(UNRULED) else decided


@dataclass(frozen=True)
class Example:
    """A contact and where it belongs. `service` is empty when nobody has said."""

    text: str
    channel: str
    service: str | None
    queue: str


@dataclass(frozen=True)
class Score:
    """How a sorter does on contacts that it was not trained on. `missed`: the urgent ones that it does not catch."""

    n: int
    held: int
    right: int
    missed: tuple[str, ...] = ()

    @property
    def sorted(self) -> int:
        """Those that it does not leave to a person."""
        return self.n - self.held

    @property
    def accuracy(self) -> float:
        """The share of those not held that it puts in the right queue, 0 to 1."""
        return self.right / self.sorted if self.sorted else 0.0

    @property
    def holding(self) -> float:
        """The share that it leaves to a person, 0 to 1."""
        return self.held / self.n if self.n else 0.0

    def kept(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self) | {"missed": list(self.missed)}

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Score":
        """From what is stored."""
        return cls(int(kept["n"]), int(kept["held"]), int(kept["right"]), tuple(kept.get("missed", ())))


@dataclass(frozen=True)
class Trained:
    """A sorter that was trained: its version, and how many examples it saw."""

    version: str
    examples: int


Tell = Callable[[str, int, int], None]  # (what it does now, how far, of how many)


class SorterKind(Protocol):
    """A sorter that can be trained again. `folder` is where a version's files lie; None: the one built from data/."""

    def built(self) -> str:
        """The version of the one that was built from data/ alone."""
        ...

    def train(self, extra: Sequence[Example], folder: Path, tell: Tell) -> Trained:
        """Train on data/ and `extra` into `folder`, which is empty."""
        ...

    def score(self, folder: Path | None, tell: Tell) -> Score:
        """How it does on the held-out split of data/sorting."""
        ...

    def decide(self, folder: Path | None, given: Given) -> Decided:
        """Decide one contact, without rules that people have added."""
        ...


class NoSorter(RuntimeError):
    """No sorter was provided: triage.journey was not imported."""


_provided: list[SorterKind] = []


def provide(kind: SorterKind) -> None:
    """Name the sorter that learns; journey.py does this once."""
    _provided[:] = [kind]


def sorter_kind() -> SorterKind:
    """The sorter that learns. Raises NoSorter."""
    if not _provided:
        raise NoSorter(NoSorter.__doc__)
    return _provided[0]
