# ruff: noqa: E501 (lists of phrases read better unbroken)
"""Which of the law's clocks a contact starts, whether or not it uses the words of the law.

Freedom of Information Act 2000 s.8; Environmental Information Regulations 2004 r.5; UK GDPR art. 15; FACTS R13;
Housing Act 1996 s.183 (homeless, or threatened with it within 56 days); Awaab's Law (hazards in council homes).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_I = re.IGNORECASE | re.DOTALL
_ASKS = r"(?:please|could|can|may|would|want|wants|like|send|give|tell|provide|let me have|ask(?:ing)?|request\w*|let me know|need|what|how|who|which|copies|copy)"

_SAR = re.compile(
    r"\bsubject access|\bsar\b|\b(?:data|information|records?|notes|files?|recordings?|emails?|everything|all)\b.{0,60}"
    r"\b(?:you (?:hold|have|keep|kept|hv)|held|written|wrote|kept)\b.{0,40}\b(?:about|on|of) (?:me|us|myself|my (?:mum|mother|dad|son|daughter|late|brother|sister|family))"
    r"|\b(?:my|his|her|our) (?:own |whole |old |entire |social services |social care |care |housing |childhood |complete )*(?:files?|records?|case notes|notes)\b"
    r"(?! (?:card|number))|\brecording of (?:my|the) call|\b(?:copies|copy) of (?:everything|all).{0,40}\b(?:about|on) (?:me|us)",
    _I,
)
_GREEN = re.compile(
    r"\b(?:air quality|pollution|contaminat\w+|noise (?:reading|level|measure\w*)|trees? (?:were |was )?(?:felled|cut|planted|removed)|felling|pesticid\w+|weedkiller"
    r"|glyphosate|chemicals? .{0,20}spray\w*|spray\w+|flood (?:risk|report|data|investigation)|drainage|sewage|asbestos (?:survey|register)|land .{0,30}(?:gasworks|landfill)|gasworks"
    r"|landfill|emissions|incinerat\w+|recycling .{0,30}(?:end up|goes|rate)|energy use|soil|river|brook|wildlife|bats?|ecolog\w+|radiation|mast|environmental search|biodiversity"
    r"|carbon|water quality|lead in)\b",
    _I,
)
_RECORDED = re.compile(
    r"\bfreedom of information|\bfoi\b|\beir\b|\benvironmental information|"
    r"\b(?:how many|how much|how often|what (?:did|was|were|is) .{0,30}(?:cost|spent|paid|budget|total)|number of|figures? (?:for|on|of)|statistics|breakdown|list of|copies of|copy of the"
    r"|total (?:cost|number|spend)|minutes of|contract (?:with|for)|invoices?|correspondence|on which dates|results? (?:of|for)|readings|data (?:on|for|about)|records of|spend on)\b",
    _I,
)
_COUNCIL_DID = re.compile(
    r"\b(?:the council|council|you|barnet|borough|your|officers?|councillors?|last (?:year|financial year)|since 20\d\d|20\d\d|per year|each year|past \w+ years|journalis\w+|student|research|dissertation)\b",
    _I,
)
_MINE = re.compile(
    r"\bhow (?:much|many) (?:do i|is my|will i|would i|am i|can i|does it|is it|is a|is the|points|days|hours|times|bags|sacks|visitors?|books|weeks|people can)\b",
    _I,
)

_HAZARD = re.compile(
    r"\b(?:damp|mou?ld\w*|black (?:spots|patches)|condensation|no (?:heating|hot water|heat|water|power|electric\w*)|heating (?:is |has |been )?(?:off|broken|gone|packed|not)|boiler"
    r"|leak\w*|ceiling (?:is |has |came |coming |fell|down|bulg\w+)|sparks?|sparking|burning smell|exposed wir\w+|live wires?|electric shock|sockets?|gas|carbon monoxide|asbestos|sewage|foul water"
    r"|rats?|mice|infest\w+|broken (?:lock|stair|step|banister|window)|front door (?:won'?t|doesn'?t|that)|collaps\w+|fire door|smoke alarm|stairs?|freezing|cold|flood\w*)\b",
    _I,
)
_HARM = re.compile(
    r"\b(?:asthma\w*|chest|cough\w*|breath\w*|inhaler|baby|newborn|child\w*|kids|toddler|son|daughter|elderly|pregnan\w+|disab\w+|ill|illness|hospital|copd|bronchi\w+|wheez\w+|pneumonia|infection"
    r"|eczema|doctor|gp|health visitor|unsafe|dangerous|shock|fell|slip\w*|tripped|injur\w*|freezing|fire|electric\w*|wires?|sparks?|gas|ceiling|sewage|older|[678]\d|9\d|heart|oxygen|weeks|months|days)\b",
    _I,
)
_LEAVE = re.compile(
    r"\b(?:homeless\w*|nowhere (?:to|else)|no fixed abode|nfa|sofa[\s-]?surf\w*|sleep\w* (?:rough|in (?:my|the|his|her|a|our) (?:car|van|tent|porch|doorway|station|shed))|rough sleep\w*|evict\w*"
    r"|section (?:21|8)\b|\bs21\b|possession (?:order|hearing)|bailiffs?.{0,30}(?:on|date|coming|evict)|notice (?:to quit|to leave|expires|runs out|ends)|(?:kick|chuck|throw|thrown|threw|put)\w* (?:me|us|him|her|them)? ?out"
    r"|(?:have|has|got|need|must|told|asked) (?:to|us to|me to) (?:leave|be out|move out|get out|go by)|be out by|out by (?:friday|monday|the|xmas|christmas)|locks? (?:have been |been |were )?changed|changed the locks"
    r"|landlord (?:is |has )?(?:selling|sold|wants|got possession)|no(?:where| place) (?:to stay|to sleep|tonight)|leaving (?:prison|hospital|asylum)|released (?:from|on)|refuge|lose (?:my|our|the) (?:home|flat|house|room))\b",
    _I,
)
_ENDED = re.compile(r"\b(?:rehoused|was homeless|used to be homeless|volunteer|donat\w+|not homeless)\b", _I)

# What was answered in a form is no guess from words: it says which of them it is.
_ANSWERED = {
    "hazard": "Their answers say that it may be a hazard in a council home: Awaab's Law sets the times.",
    "homelessness": "Their answers say that they are, or may be, homeless within 56 days: a duty to assess starts "
    "(Housing Act 1996).",
}

HOUSED_BY_US = frozenset({"Q-REPAIR", "Q-TENANCY"})
HOMELESS = frozenset({"Q-HOMELESS"})
ACCESS, INFORMATION = "subject_access", "freedom_of_information"


@dataclass(frozen=True)
class Clock:
    """The clock that starts (None: none), and the reason that an agent reads."""

    name: str | None
    reason: str = ""


def statutory(text: str, *, queue: str, service: str | None, complaint: bool, answered: str | None = None) -> Clock:
    """The one clock that a contact starts: a hazard or homelessness before a complaint, whose own clock runs inside it.

    `queue` and `service` are the likeliest, also when a person is to decide. `answered` is the clock that a form's
    answers start, which needs no words.
    """
    if answered:
        return Clock(answered, _ANSWERED.get(answered, "What they answered in the form starts a legal time limit."))
    plain = text.replace("’", "'")
    if queue in HOUSED_BY_US and _HAZARD.search(plain) and _HARM.search(plain):
        return Clock("hazard", "A hazard in a council home: Awaab's Law sets the times.")
    if queue in HOMELESS and _LEAVE.search(plain) and not _ENDED.search(plain):
        return Clock("homelessness", "Homeless, or may be within 56 days: a duty to assess starts (Housing Act 1996).")
    if queue == "Q-GOV" or service in (ACCESS, INFORMATION):
        if service == ACCESS or _SAR.search(plain):
            return Clock("sar", "They ask for what we hold about them: one month (UK GDPR article 15).")
        if (service == INFORMATION or _RECORDED.search(plain)) and not complaint and not _MINE.search(plain):
            if _GREEN.search(plain):
                return Clock("eir", "They ask for information about the environment: 20 working days (EIR 2004).")
            return Clock("foi", "They ask for information that the council holds: 20 working days (FOI Act 2000).")
    if complaint:
        return Clock("complaint", "A complaint: acknowledged in 5 working days, answered in 10 (complaint code).")
    return Clock(None)
