"""What is published: each file, its columns, and what they mean. Page, schemas and files are all made of this."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from triage.metrics.exports import LEVELS as LEVEL_NAMES

By = Literal["quarter", "service", "queue", "partner"]
Kind = Literal["string", "integer", "number", "date"]
# The level of each column, first to last; levels of satisfaction as facts name them.
SATISFACTION = ("5", "4", "3", "2", "1")
FACES = ("good", "average", "poor")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, and whether it is empty where a row is withheld."""

    name: str
    kind: Kind
    about: str
    empty: bool = False
    one_of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dataset:
    """One file, as CSV and as JSON."""

    name: str
    title: str
    about: str
    measure: str
    by: By
    levels: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row."""
        return ("quarter", "source") if self.by == "quarter" else ("quarter", "source", "code")


SHOWN, WITHHELD = "shown", "withheld"
# What a row may come from. Demonstration rows are in files of their own.
SOURCES = {"live": "survey", "import": "import", "demo": "demonstration"}

_FIRST = (
    Column("quarter", "string", "A quarter by calendar: 2016-q3 is July to September 2016."),
    Column("quarter_start", "date", "Its first day."),
    Column("quarter_end", "date", "Its last day."),
    Column(
        "source",
        "string",
        "survey: asked by this service. import: from earlier surveys, brought in from files. Never add the two.",
        one_of=tuple(SOURCES.values()),
    ),
)
_LAST = (
    Column(
        "status",
        "string",
        "withheld: fewer than 10 answers, or the row would give such a one away, by itself or beside an earlier "
        "edition. Its numbers are then empty.",
        one_of=(SHOWN, WITHHELD),
    ),
    Column("edition", "integer", "1 when first published; a later number after a correction."),
    Column("published", "date", "The day on which this edition was made."),
)


def _counted(columns: Sequence[str], satisfied: str, of: str) -> tuple[Column, ...]:
    return (
        Column("answers", "integer", "How many people answered.", empty=True),
        *(
            Column(name, "integer", f"How many chose \u201c{name.replace('_', ' ')}\u201d, {of}.", empty=True)
            for name in columns
        ),
        Column(f"{satisfied}_percent", "number", f"Of 100 who answered, how many were {satisfied}.", empty=True),
        Column("low_percent", "number", "The lower end of its 95% Wilson interval.", empty=True),
        Column("high_percent", "number", "The upper end of its 95% Wilson interval.", empty=True),
    )


_POINTS = _counted([name.replace(" ", "_") for name in LEVEL_NAMES], "satisfied", "of five answers")
_SMILES = _counted(FACES, "good", "of three faces")
_ABOUT = {
    "service": "service, as this service's residents' pages name it",
    "queue": "team that does the work",
    "partner": "organisation that ran the work on the day of the answer",
}


def _dataset(measure: str, by: By, title: str, about: str) -> Dataset:
    middle = (
        ()
        if by == "quarter"
        else (
            Column("code", "string", f"The {by}'s code, which stays when a name changes. Empty: not recorded."),
            Column("name", "string", f"The {_ABOUT[by]}."),
        )
    )
    name = "satisfaction" if measure == "satisfaction" else "faces"
    return Dataset(
        name if by == "quarter" else f"{name}-by-{by}",
        title,
        about,
        measure,
        by,
        SATISFACTION if measure == "satisfaction" else FACES,
        (*_FIRST, *middle, *(_POINTS if measure == "satisfaction" else _SMILES), *_LAST),
    )


DATASETS = {
    one.name: one
    for one in (
        _dataset("satisfaction", "quarter", "Satisfaction", "How satisfied people were with us, quarter by quarter."),
        _dataset("satisfaction", "service", "Satisfaction by service", "How satisfied people were with each service."),
        _dataset(
            "satisfaction",
            "queue",
            "Satisfaction by team",
            "How satisfied people were, for each team that does the work.",
        ),
        _dataset(
            "satisfaction", "partner", "Satisfaction by partner", "How satisfied people were, by who ran the work."
        ),
        _dataset(
            "face",
            "quarter",
            "Good, average and poor",
            "Ratings of earlier years by three faces. They are another question: do not set them beside satisfaction.",
        ),
        _dataset("face", "service", "Good, average and poor by service", "The same ratings for each service."),
    )
}
