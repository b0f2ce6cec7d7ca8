"""What a file's columns mean: the headings that we know, and which of them each layout needs."""

import re
from dataclasses import dataclass

# Levels from 1 (very dissatisfied) to 5 (very satisfied), as counted files and answers name them.
LEVELS = {"very_satisfied": "5", "satisfied": "4", "neither": "3", "dissatisfied": "2", "very_dissatisfied": "1"}
FACES = ("good", "average", "poor")

# The headings under which a column comes, without regard to case, spaces and underscores.
HEADINGS: dict[str, tuple[str, ...]] = {
    "date": (
        "date",
        "day",
        "answered on",
        "response date",
        "date received",
        "submitted",
        "date submitted",
        "timestamp",
    ),
    "arrived": ("date", "arrived", "arrived on", "date received", "received", "opened", "created", "date created"),
    "closed": ("closed", "closed on", "date closed", "completed", "resolved", "date completed"),
    "period": ("month", "period", "quarter", "date", "day"),
    "service": ("service", "service name", "service area", "department", "area"),
    "queue": ("queue", "team"),
    "channel": ("channel", "contact channel", "source", "method", "access channel"),
    "face": ("rating", "face", "smiley", "score", "satisfaction"),
    "satisfaction": ("satisfaction", "satisfied", "rating", "score", "overall satisfaction"),
    "got_it": ("got it", "got what you came for", "did you get what you came for"),
    # GovMetric's "reason" is no comment: it is one of four to choose from.
    "comment": (
        "comment",
        "comments",
        "customer comment",
        "customer comments",
        "additional comments",
        "comment text",
        "verbatim",
        "feedback",
        "free text",
    ),
    "good": ("good",),
    "average": ("average",),
    "poor": ("poor",),
    "very_satisfied": ("very satisfied",),
    "satisfied": ("satisfied", "fairly satisfied"),
    "neither": ("neither", "neither satisfied nor dissatisfied"),
    "dissatisfied": ("dissatisfied", "fairly dissatisfied"),
    "very_dissatisfied": ("very dissatisfied",),
    "contacts_arrived": ("arrived", "contacts", "received"),
    "contacts_closed": ("closed", "completed", "resolved"),
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of file: which columns it must have, which it may, and how people know it."""

    key: str
    name: str
    hint: str
    needs: tuple[str, ...]
    may: tuple[str, ...]
    example: str
    # One row is many: counts of a month stand in columns.
    counted: bool = False


ABOUT = ("service", "queue", "channel")

LAYOUTS = {
    layout.key: layout
    for layout in (
        Layout(
            "answers",
            "Survey answers, one a row",
            "With satisfaction from 1 (very dissatisfied) to 5 (very satisfied), or in those words.",
            ("date", "satisfaction"),
            (*ABOUT, "got_it", "comment"),
            "date,service,channel,satisfaction,comment\n2016-07-13,missed_bin,phone,4,",
        ),
        Layout(
            "faces",
            "GovMetric, one rating a row",
            "Good, average or poor, as the three faces. They are never turned into five points: they are shown apart.",
            ("date", "face"),
            (*ABOUT, "comment"),
            "date,channel,service,rating,comment\n13/07/2016,web,Council tax,Good,",
        ),
        Layout(
            "contacts",
            "Contacts, one a row",
            "With the day it arrived and, when it is known, the day it was closed.",
            ("arrived",),
            ("closed", *ABOUT),
            "arrived,closed,service,channel\n2016-07-13,2016-07-15,missed_bin,phone",
        ),
        Layout(
            "comments",
            "Comments alone, one a row",
            "What people wrote, where their ratings come in another file or are counted already.",
            ("date", "comment"),
            ABOUT,
            "date,service,channel,comment\n2016-07-13,missed_bin,phone,Nobody rang me back.",
        ),
        Layout(
            "counted_answers",
            "Survey answers, already counted",
            "A row for each month (or day, or calendar quarter), with how many chose each of the five answers.",
            ("period", *LEVELS),
            ABOUT,
            "month,service,channel,very_satisfied,satisfied,neither,dissatisfied,very_dissatisfied\n"
            "2016-07,missed_bin,phone,12,30,5,4,2",
            counted=True,
        ),
        Layout(
            "counted_faces",
            "GovMetric, already counted",
            "A row for each month, with how many were good, average and poor.",
            ("period", *FACES),
            ABOUT,
            "month,service,channel,good,average,poor\n2016-07,Council tax,web,41,12,9",
            counted=True,
        ),
        Layout(
            "counted_contacts",
            "Contacts, already counted",
            "A row for each month, with how many arrived and, when it is known, were closed.",
            ("period", "contacts_arrived"),
            ("contacts_closed", *ABOUT),
            "month,service,channel,arrived,closed\n2016-07,missed_bin,phone,310,298",
            counted=True,
        ),
    )
}


def plain(heading: str) -> str:
    """A heading to compare: lower case, one space between words, without marks around it."""
    return re.sub(r"[\s_\-]+", " ", heading.strip().strip("\"'?:*").strip().lower())
