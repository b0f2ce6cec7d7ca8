"""What the made-up history is made to look like: nine services, how each goes, and what changes meanwhile.

Nothing here was measured anywhere. The medians and shares are ours, chosen so that every figure has something to show.
"""

from dataclasses import dataclass
from datetime import date

# A year, up to the end of the sample file: the assistant takes its first messages as it begins.
FIRST, LAST = date(2016, 1, 1), date(2016, 12, 31)
# From then on software puts more contacts where they belong, and what is written is answered sooner.
SORTED_WELL_FROM = date(2016, 5, 1)
# From then on this one service gets worse, month after month, until the end.
WORSE, WORSE_FROM = "homelessness", date(2016, 3, 1)
WORST = 2.6

# How much of a week arrives on each day, Monday first: the phone is answered on weekdays, and Monday is the peak.
BY_PHONE = (1.55, 1.15, 1.0, 0.95, 0.9, 0.0, 0.0)
ON_A_SCREEN = (1.4, 1.15, 1.0, 0.95, 0.9, 0.5, 0.45)
CHANNELS = ("phone", "web", "email")


@dataclass(frozen=True, slots=True)
class Story:
    """How one service goes. Times are medians in hours of what is written, shares are of 1."""

    queue: str
    first: float
    settle: float
    # What is promised, in hours.
    first_target: float
    settle_target: float
    # Residents who come back with the same need, and who ask where it has got to.
    back: float
    chasing: float
    # Chats a month about it at the end.
    chats: int
    unclear: float = 0.01
    danger: float = 0.0
    # A legal time limit that some of its contacts start: its id, in days, and how many start it.
    law: str = ""
    law_days: int = 0
    law_share: float = 0.0
    need: float = 0.08


SERVICES: dict[str, Story] = {
    "missed_bin": Story("Q-WASTE", 5, 26, 24, 72, 0.07, 0.05, 150),
    "council_tax_bill": Story("Q-CTAX", 20, 60, 48, 240, 0.06, 0.05, 140, unclear=0.07),
    "housing_repair": Story(
        "Q-REPAIR", 7, 110, 24, 240, 0.08, 0.09, 70, danger=0.02, law="complaint", law_days=14, law_share=0.05
    ),
    "penalty_charge": Story("Q-PCN", 22, 90, 48, 336, 0.05, 0.06, 80, unclear=0.05),
    "parking_permit": Story("Q-PARK", 9, 30, 48, 120, 0.04, 0.03, 90),
    "school_place_secondary": Story("Q-EDU", 16, 70, 48, 240, 0.05, 0.05, 60),
    "library_hours": Story("Q-LIB", 4, 8, 24, 120, 0.02, 0.01, 90),
    "blue_badge": Story("Q-TRAVEL", 14, 120, 48, 480, 0.05, 0.07, 40, need=0.7),
    "homelessness": Story(
        "Q-HOMELESS",
        8,
        90,
        24,
        240,
        0.08,
        0.07,
        30,
        danger=0.06,
        law="homelessness",
        law_days=56,
        law_share=0.6,
        need=0.12,
    ),
}

LANGUAGES = (("pl", 5), ("ro", 5), ("fa", 4), ("gu", 2), ("ar", 2), ("tr", 2))
IN_ANOTHER_LANGUAGE = 0.12
NEEDS = (("older", 5), ("disabled", 4), ("child", 4), ("illness", 3), ("no money", 3))

# Nobody's: Barnet's own wards are never named beside what was made up. In one of them everything takes longer, and
# people are less satisfied; whatever else is between them is chance.
WARDS = tuple(f"{name} ward (made up)" for name in ("Heath", "Hillside", "Mill", "Orchard", "Riverside", "Station"))
LEFT_BEHIND, BEHIND = WARDS[4], 1.6
# How many contacts are about a place of which the ward is certain.
PLACED = 0.6

# Help into work, by team: referred in a year, how many let us share it, and what came of it in parts of 100; None is
# not known yet. The teams are made up, and so is what they cost (data/samples/made_up_referrals.toml).
REFERRED: dict[str, tuple[int, float, tuple[tuple[str | None, int], ...]]] = {
    "jobs": (
        420,
        0.7,
        (
            ("started_work", 31),
            ("training", 17),
            ("benefit_changed", 6),
            ("no_change", 20),
            ("not_reached", 15),
            (None, 11),
        ),
    ),
    "welfare": (
        260,
        0.6,
        (
            ("started_work", 9),
            ("training", 8),
            ("benefit_changed", 47),
            ("no_change", 16),
            ("not_reached", 12),
            (None, 8),
        ),
    ),
}

# How a chat goes, in parts of 100.
CHAT_ENDS = (
    ("empty", 7),
    ("person", 16),
    ("contact", 21),
    ("came_back", 3),
    ("error", 1),
    ("abandoned", 11),
    ("settled", 41),
)


def strain(service: str, day: date) -> float:
    """How many times as long everything takes, and as often goes wrong: 1 for all but the one that gets worse."""
    if service != WORSE or day < WORSE_FROM:
        return 1.0
    return 1 + (WORST - 1) * (day - WORSE_FROM).days / (LAST - WORSE_FROM).days


def put_wrong(day: date) -> float:
    """The share of contacts that software puts in a wrong queue."""
    return 0.06 if day >= SORTED_WELL_FROM else 0.13


def quickened(day: date) -> float:
    """What is written is answered in this part of the time, once it comes to the right people."""
    return 0.7 if day >= SORTED_WELL_FROM else 1.0


def growth(day: date) -> float:
    """How many of the last month's chats there are in a month: the assistant begins small."""
    return 0.35 + 0.65 * max((day - FIRST).days, 0) / (LAST - FIRST).days
