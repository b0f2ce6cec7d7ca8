# ruff: noqa: E501 (lists of phrases read better unbroken)
"""Whether a contact is a complaint: dissatisfaction with what the council did or did not do, however it is made.

FACTS R13 and the complaint handling codes: a request for a service, even an angry one, is no complaint; that a service
failed and that what was asked for before was not done, or how somebody was treated, is one. No special words are needed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from triage.sorting.months import MONTH

_I = re.IGNORECASE
_US = r"(?:the council|council|you|your|yours|barnet|staff|officer|contractor|crew|agent|operative|team|department|they|it)"

# Said outright: the writer calls it a complaint, or asks for what only a complaint brings.
_OUTRIGHT = re.compile(
    r"\b(?:(?:formal|official|make a|making a|my|a|this) complaint(?! (?:about|against) (?:my |a |the )?(?:neighbour|pub|shop|landlord|noise))"
    r"|wish to complain|want to complain|like to complain|complaining about (?:you|your|how)|stage (?:1|2|one|two)|ombudsman"
    r"|compensat\w+|want(?:s)? an apology|apologi[sz]e|be held to account|take this further|put this on record)\b",
    _I,
)
_NOT_OURS = re.compile(
    r"\bnot (?:a|making a|really a|intended as a) complain\w*|no complaints?\b|don'?t want to complain|not complaining"
    r"|isn'?t a complaint|how (?:do|can|would) i (?:make a )?complain\w* about (?:my|a|the) (?:landlord|neighbour|gp|hospital)",
    _I,
)
# Failed again after we were told: a missed promise, an unanswered call, closed and not done.
_FAILED = (
    re.compile(
        r"\b(?:third|fourth|fifth|sixth|3rd|4th|5th|6th|umpteenth|(?:two|three|four|five|six|seven|eight|nine|ten|\d+) )\s?"
        r"(?:times?|calls|emails|letters|visits|appointments)\b.{0,80}\b(?:nobody|no one|no-one|nothing|not|never|still|same|missed|ignored)\b",
        _I | re.S,
    ),
    re.compile(
        r"\b(?:nobody|no one|no-one|never|not once|none of you)\b.{0,25}\b(?:call(?:ed|s)? (?:me |us )?back|rang (?:me )?back|came|come|turned up"
        r"|turns up|repl(?:y|ied)|answer\w*|listen\w*|apologi[sz]ed|told (?:me|us)|explained|bothered|showed up|been|done)\b",
        _I,
    ),
    re.compile(
        r"\b(?:reported|rang|rung|called|phoned|emailed|wrote|written|told|asked|chased|complained)\b.{0,60}\b(?:twice|\d+ times|again and again"
        rf"|three times|four times|five times|(?:in|since|on) (?:{MONTH}\b|\d).{{0,60}}"
        r"(?:nothing|still|no reply|not heard|nobody|no one))\b",
        _I | re.S,
    ),
    re.compile(
        r"\b(?:you|they|officer|contractor|operative|crew|plumber|council|she|he) (?:said|promised|told me|told us|told her|told him|swore|assured)\b"
        r".{0,90}\b(?:but|never|still|nothing|didn'?t|did not|hasn'?t|has not|wasn'?t|not|then)\b",
        _I | re.S,
    ),
    re.compile(
        r"\b(?:still (?:not|no|nothing|haven'?t|hasn'?t|waiting|there|the same)|not (?:been )?(?:done|fixed|resolved|answered)|no (?:reply|response|answer)"
        r"|fobbed|passed (?:around|from|between)|pillar to post|marked (?:as )?(?:complete|resolved|closed)|closed (?:the )?(?:job|case|ticket|report)"
        r"|job (?:was )?closed|ignored|kept waiting|failed (?:to|visit|appointment)|no[\s-]show|did(?:n'?t| not) turn up|lost my (?:form|documents|papers|file)"
        r"|wrong(?:ly)? (?:charged|told|advised)|no record of)\b",
        _I,
    ),
)
# How they were treated, and what they think of it.
_TREATED = re.compile(
    r"\b(?:rude\w*|disgust\w*|disgrace\w*|appall\w*|unacceptable|shambles|shambolic|shameful|ashamed|useless|incompeten\w+|not good enough"
    r"|had enough|fed up|sick of|sick and tired|let (?:me|us|him|her|them) down|treated (?:like|me|us|her|him)|talked down|spoke to me|shouted at|hung up"
    r"|laughed at|sworn at|swore at|attitude|dismissive|patroni[sz]\w+|humiliat\w+|lied|lying|broken promise|waste of (?:time|space)|outrag\w+|furious"
    r"|livid|angry|cross|disappoint\w*|unhappy|dissatisf\w+|unprofessional|discriminat\w+|no common decency|joke|fiddling|scandal\w*|dreadful|poor service)\b",
    _I,
)
_OUR_DOING = re.compile(rf"\b{_US}\b", _I)
FROM = 0.8
"""The weight from which it is a complaint; one that is said outright weighs as much."""


@dataclass(frozen=True)
class Complaint:
    """Whether it is one, and the reason that an agent reads."""

    is_one: bool
    reason: str = ""


def complaint(text: str, likely: float = 0.0) -> Complaint:
    """Judge a text. `likely` is the intent reader's chance that it is a complaint; it adds, and never takes away."""
    plain = text.replace("’", "'")
    if _NOT_OURS.search(plain):
        return Complaint(False)
    if _OUTRIGHT.search(plain):
        return Complaint(True, "They say that they are complaining, or ask for what a complaint brings.")
    failed = sum(bool(pattern.search(plain)) for pattern in _FAILED)
    treated = len({match[0].lower() for match in _TREATED.finditer(plain)})
    weight = 0.45 * min(failed, 3) + 0.4 * min(treated, 2) + 0.5 * likely
    if weight >= FROM and _OUR_DOING.search(plain):
        what = "was asked for before and not done" if failed else "was done badly"
        return Complaint(
            True, f"They are not satisfied with the council: something {what} (no special words are needed)."
        )
    return Complaint(False)
