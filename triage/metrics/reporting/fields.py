"""What an indicator consists of: one list, from which come the form, the CSV file, the JSON and the data dictionary."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "long", "number", "choice"]
# How the source of every result begins that Frontdoor has counted itself, and of no other.
COUNTED = "Counted by Frontdoor"


@dataclass(frozen=True, slots=True)
class Field:
    """One part of an indicator. `entered`: somebody types it; else it is worked out."""

    name: str
    label: str
    kind: Kind
    meaning: str
    required: bool = False
    longest: int = 120
    entered: bool = True
    choices: tuple[tuple[str, str], ...] = ()


ENTERED = (
    Field(
        "id",
        "Its id",
        "text",
        "The indicator's id, the same in every quarter, such as CSG-01. Letters, figures, dots, dashes.",
        required=True,
        # Those of our own figures name the figure and the partner.
        longest=80,
    ),
    Field("name", "Name", "text", "What is measured, in words.", required=True, longest=200),
    Field(
        "definition",
        "What it counts",
        "long",
        "What is counted, in a sentence or two: of whom or what, and which of them count.",
        longest=1000,
    ),
    Field("owner", "Who answers for it (a role)", "text", "The role that answers for the result.", required=True),
    Field("partner", "Who delivers it", "text", "The partner that delivers the work.", required=True),
    Field("service_area", "Service area", "text", "The service that it is reported under.", required=True),
    Field(
        "service",
        "Service",
        "text",
        "The one of the partner's services that it is about, by its name or its id, such as missed_bin. Empty: it is "
        "about more than one.",
    ),
    Field("contract", "Contract", "text", "The contract that sets the target, if one does."),
    Field(
        "polarity",
        "Which is better",
        "choice",
        "Whether a higher or a lower result is better.",
        required=True,
        choices=(("higher", "Higher is better"), ("lower", "Lower is better")),
    ),
    Field("unit", "Unit", "text", "What the numbers count: %, £, days. Empty for a count.", longest=20),
    Field("target", "Target", "number", "What the result should be. Empty: followed and not rated (Monitor)."),
    Field("result", "Result", "number", "The result of the quarter, in the unit."),
    Field("numerator", "Numerator", "number", "How many of the denominator, where the result is a share."),
    Field("denominator", "Denominator", "number", "Of how many, where the result is a share."),
    Field("prior_period", "Result in the quarter before", "number", "The result of the quarter before."),
    Field(
        "same_period_last_year",
        "Result in the same quarter of last year",
        "number",
        "The result of the same quarter of the year before; the direction of travel is against it.",
    ),
    Field("benchmark", "Benchmark", "text", "How others do, with where that was read.", longest=300),
    Field("comment", "Comment", "long", "What whoever answers for it says about the result.", longest=2000),
    Field("comment_by", "Whose comment it is (a role)", "text", "The role whose comment it is."),
    Field("corrective_action", "Corrective action", "long", "What is done about a missed target.", longest=2000),
    Field("source", "Source", "text", "Where the result comes from.", longest=300),
)
WORKED_OUT = (
    Field("service_name", "Service", "text", "The name of the service that it is about, if it is one.", entered=False),
    Field("period", "Period", "text", "The calendar quarter: 2016-q4 is October to December 2016.", entered=False),
    Field(
        "rag",
        "Rating",
        "text",
        "green, green_amber, amber, red_amber, red, or monitor (reported and not rated).",
        entered=False,
    ),
    Field("rag_reasons", "Why", "text", "How the rating follows from the result and the target.", entered=False),
    Field(
        "target_met",
        "Target met",
        "text",
        "yes or no: whether the target itself was met, whatever tolerance the rating has. Empty: not rated.",
        entered=False,
    ),
    Field(
        "direction_of_travel",
        "Direction of travel",
        "text",
        "improved, same or worsened against the same quarter of last year; empty: not known.",
        entered=False,
    ),
    Field(
        "direction_reason",
        "Why this direction",
        "text",
        "How the direction follows from the two results, or why none is given: there is no result to compare, or the "
        "two answer different questions.",
        entered=False,
    ),
    Field(
        "origin",
        "How it was entered",
        "text",
        "form, csv, figures (counted by Frontdoor) or carried (from the last report).",
        entered=False,
    ),
)
ALL = (*ENTERED, *WORKED_OUT)
ENTERED_NAMES = tuple(field.name for field in ENTERED)
NAMES = tuple(field.name for field in ALL)
NUMBERS = tuple(field.name for field in ENTERED if field.kind == "number")
# The names of columns where they are not those of the fields.
COLUMNS = {
    "id": "key",
    "service_area": "area",
    "prior_period": "prior",
    "same_period_last_year": "year_before",
    "comment_by": "comment_role",
    "corrective_action": "action",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A field of the front page, in the order of the council's own reports (FACTS 5.2)."""

    name: str
    label: str
    kind: Kind = "text"
    required: bool = False
    longest: int = 300


FRONT = (
    Part("committee", "Committee"),
    Part("date", "Date of the meeting"),
    Part("title", "Title", required=True, longest=200),
    Part("report_of", "Report of (a role)"),
    Part("wards", "Wards"),
    Part("status", "Status"),
    Part("urgent", "Urgent"),
    Part("key", "Key decision"),
    Part("enclosures", "Enclosures"),
    Part("officer_contacts", "Officer contact details (roles)"),
    Part("summary", "Summary", "long", required=True, longest=4000),
    Part("recommendations", "Recommendations", "long", longest=4000),
)
