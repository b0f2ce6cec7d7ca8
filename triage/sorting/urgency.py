# ruff: noqa: E501 (lists of phrases read better unbroken)
"""What makes a contact sooner than its service is, beside the danger rules: deadlines and who is hurt by waiting.

FACTS section 3 (priority rules by queue) and section 4. The highest of all signals wins, and nothing here lowers one.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from language.entities.dates import dates
from triage.sorting.months import MONTH

_I = re.IGNORECASE | re.DOTALL
NEAR = timedelta(days=21)
"""A date counts as near from the day on which the contact came, up to so many days on."""
# Stands in the words for every date that is near, whatever its month and however it is written.
_NEAR = "anearday"
_SOON = (
    r"(?:today|tonight|tonite|tomorrow|tmrw|this (?:morning|afternoon|evening|week|friday|weekend)|monday|tuesday|wednesday|thursday"
    rf"|friday|saturday|sunday|(?:in|within) (?:(?:a|one|two|three|\d) (?:hours?|days?)|(?:a|one|two|three|[1-3]) weeks?)|next week|{_NEAR})"
)
_WEEKDAY = r"(?:(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
_DATE = re.compile(
    rf"\b(?:{_WEEKDAY},? (?:the )?)?(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\b|{MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b)(?:,? 20\d\d)?"
    rf"|(?:\b(?:on|by|until|till|before) |\b{_WEEKDAY},? )?(?<![\d/£.])\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/])"
    r"|\b\d{1,2}[.-]\d{1,2}[.-](?:20)?\d\d\b|\b20\d\d-\d\d-\d\d\b|\b(?:on|by) \d{1,2}\.\d{1,2}(?![\d.]|\s?[ap]m)",
    _I,
)
_NOW = r"(?:today|tonight|tonite|right now|now|this (?:morning|afternoon|evening)|since (?:last night|this morning))"


@dataclass(frozen=True)
class Urgency:
    """A priority that the words ask for at least, and the reason that an agent reads."""

    priority: str
    reason: str


_DEADLINES = (
    (
        rf"\b(?:evict\w*|possession|bailiffs?|enforcement agents?)\b.{{0,80}}{_SOON}|{_SOON}.{{0,60}}\b(?:evict\w*|bailiffs?)\b",
        "An eviction or a visit by bailiffs is near.",
    ),
    (
        rf"\b(?:court|hearing|tribunal|magistrates|summons)\b.{{0,60}}{_SOON}|{_SOON}.{{0,40}}\b(?:court|hearing|tribunal)\b",
        "A court or tribunal date is near.",
    ),
    (
        rf"\bdischarg\w*\b.{{0,60}}{_SOON}|{_SOON}.{{0,60}}\bdischarg\w*\b|\b(?:ready|fit) (?:to go|for) home\b",
        "Somebody is to leave hospital, and needs things in place.",
    ),
    (
        r"\b(?:burial|funeral|bur(?:y|ied))\b.{0,60}\b(?:today|tomorrow|within|24 hours|as soon|faith|muslim|jewish|before sunset|cannot wait)\b",
        "A burial cannot wait.",
    ),
    (
        rf"\b(?:deadline|closes|last day|expires?|runs out|must be (?:in|paid)|final notice|seven days|7 days)\b.{{0,40}}{_SOON}",
        "A deadline is near.",
    ),
    (r"\b(?:out of school|no school place|not (?:been )?in school|excluded)\b", "A child is out of school."),
    (
        r"\b(?:mp|member of parliament|member'?s enquiry|members enquiry|mp'?s office)\b.{0,60}\b(?:constituent|behalf|enquiry|office)\b|\bombudsman\b",
        "An MP, a councillor or an ombudsman asks.",
    ),
)
_DEADLINE = tuple((re.compile(pattern, _I), reason) for pattern, reason in _DEADLINES)

_HARMS = (
    (
        frozenset({"Q-HOMELESS", "Q-HOLDING"}),
        rf"\b(?:nowhere|sleep\w*|no ?where)\b.{{0,60}}{_NOW}|{_NOW}.{{0,60}}\b(?:nowhere|on the street|sleeping in|locked out|put (?:his|her|my|our) (?:bags|things) out)\b",
        "Somebody has nowhere to sleep tonight.",
    ),
    (
        frozenset({"Q-PRS", "Q-HOMELESS"}),
        r"\b(?:changed|changing|change) (?:the|my|our) locks?\b|\blocks? (?:have |has |had )?(?:been )?changed\b|\b(?:thrown|threw|put) (?:my|our|all my|her|his) (?:stuff|things|belongings|bags)\b",
        "A landlord may be putting somebody out without a court: that is a crime.",
    ),
    (
        frozenset({"Q-WELF"}),
        rf"\b(?:no|nothing to|without|not) (?:food|eat|eaten|gas|electric\w*|heating|heat)\b.{{0,80}}(?:{_NOW}|kids|child\w*|baby|since)",
        "No food or no heat today.",
    ),
    (
        frozenset({"Q-ASC"}),
        r"\b(?:can(?:'t|not) (?:go on|cope|do (?:it|this)) (?:any ?more|any longer|tonight)|carer (?:has )?(?:collapsed|gone into hospital|died)|no (?:one|body) to (?:feed|wash|turn|look after) (?:him|her))\b",
        "Care has broken down.",
    ),
)
_HARM = tuple((queues, re.compile(pattern, _I), reason) for queues, pattern, reason in _HARMS)
_COLD = re.compile(
    r"\b(?:no|without|lost) (?:heating|heat|hot water|water|power|electric\w*)\b|\b(?:heating|boiler)\b.{0,30}\b(?:off|broken|packed up|dead|gone|not working|died)\b",
    _I,
)
# Whom the cold, or a home without water, harms first (FACTS section 4: baby, 65+, disability, oxygen).
FRAIL = frozenset({"older", "baby", "pregnant", "illness", "disabled", "equipment"})


def urgencies(text: str, *, queue: str, vulnerable: Collection[str], today: date) -> list[Urgency]:
    """Everything in the words that makes a contact sooner, the most urgent first.

    `queue` is the likeliest, `today` the day on which the contact came, from which a date is near or not.
    """
    plain = _DATE.sub(lambda found: _near(found[0], today), text.replace("’", "'"))
    found = [Urgency("P1", reason) for queues, pattern, reason in _HARM if queue in queues and pattern.search(plain)]
    if queue == "Q-REPAIR" and FRAIL & set(vulnerable) and _COLD.search(plain):
        who = ", ".join(sorted(FRAIL & set(vulnerable)))
        found.append(Urgency("P1", f"No heating or water in a home with somebody whom it harms ({who})."))
    found += [Urgency("P2", reason) for pattern, reason in _DEADLINE if pattern.search(plain)]
    return found


def _near(written: str, today: date) -> str:
    """A date that is near, as the one word that stands for it; of any other its weekday goes, which alone is near."""
    # "By 5.12" is read as a date here alone: elsewhere a point makes a time or a sum of it.
    days = dates(re.sub(r"(?<= )(\d+)\.(\d+)$", r"\1/\2", written), today)
    if any(today <= day <= today + NEAR for day in days):
        return _NEAR
    return re.sub(rf"^{_WEEKDAY}\b", "", written, flags=_I)
