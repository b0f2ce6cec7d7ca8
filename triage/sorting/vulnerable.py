# ruff: noqa: E501 (lists of phrases read better unbroken)
"""What in a contact's words says that somebody may need more care than others (FACTS section 4).

Words for the agent and for skills: they never lower anything, and what they raise is in triage/sorting/urgency.py.
"""

from __future__ import annotations

import re

from triage.sorting.months import MONTH

_I = re.IGNORECASE
_AGE = (
    r"(?:\b(?:aged?|is|am|i'?m|he'?s|she'?s|they'?re|was|both|[mf]|male|female|cllr|res|resident|caller|dad|mum|father|"
    r"mother|husband|wife|man|lady|woman|gent|nan|gran|grandad|aunt|uncle|neighbour|tenant|pt|patient),?\s*\(?{ages}\b"
    r"(?!\s*(?:%|p\b|pounds|quid|min|hour|hr|day|week|wk|month|mth|metre|flat|of us))"
    r"|\b{ages}[\s-]*(?:yo\b|y/o|yrs?\b|years?[\s-]old)|\bat {ages}\b(?!\s*(?:%|[a-z]+ (?:road|lane|street|avenue))))"
)
_OLD, _YOUNG = r"(?:6[5-9]|[7-9]\d|10[0-4])", r"(?:1[0-7]|[1-9])"

WORDS: dict[str, re.Pattern[str]] = {
    "older": re.compile(
        _AGE.replace("{ages}", _OLD)
        + r"|\b(?:elderly|pensioners?|oap|old (?:lady|man|gent|gentleman|couple|boy|age)|frail|nan|nana|nanna|gran|granny"
        r"|grandma|grandad|granddad|grandmother|grandfather|state pension|in (?:his|her|my|their) "
        r"(?:seventies|eighties|nineties|[789]0s)|widow(?:er)?|retired)\b",
        _I,
    ),
    "baby": re.compile(
        r"\b(?:bab(?:y|ies)|newborn|infant|breast ?feed\w*|formula milk|\d+[\s-]?(?:wk|week|mth|month)s?[\s-]?old"
        r"|\d+ ?(?:wk|mth)s? (?:baby|girl|boy))\b(?! ?(?:sitter|gate|grand))",
        _I,
    ),
    "pregnant": re.compile(
        r"\b(?:pregnan\w+|preg|expecting (?:a|our|my) (?:baby|child|first|second)|due (?:date )?in \d+ weeks"
        # A bill is due in June as well: only a person or a baby makes it a birth.
        r"|(?:i'?m|i am|she'?s|she is|we'?re|wife(?:'s| is)?|partner(?:'s| is)?|daughter(?:'s| is)?|girlfriend(?:'s| is)?|baby(?:'s| is)?) "
        rf"due (?:in|on|at the end of) (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{MONTH}\b|due date (?:is )?(?:in |on )?{MONTH}\b|midwife|trimester|(?:weeks|wks|months|mths) (?:gone|preg\w*))\b",
        _I,
    ),
    "child": re.compile(
        r"\b(?:child(?:ren)?|kids?|toddlers?|little (?:one|boy|girl|lad)s?|my (?:son|daughter|boy|girl)s?,? (?:is |aged? )?"
        r"\(?(?:1[0-7]|[1-9])\b|pupils?|grandchild\w*|nursery|reception class|schoolgirl|schoolboy|two under \w+"
        r"|(?:1[0-7]|[1-9])[\s-]*(?:yo|yr|year)s?[\s-]*olds?|(?:1[0-7]|[1-9])yo|year (?:[1-9]|1[01])|yr (?:[1-9]|1[01])"
        r"|niece|nephew|teenagers?)\b",
        _I,
    ),
    "young": re.compile(
        r"\b(?:i'?m|im|i am|aged?|is|she'?s|he'?s) (?:1[5-9]|2[0-2])\b(?! ?(?:%|weeks|months|min|days|hours))"
        r"|\b(?:1[6-9]|2[0-1])[\s-]*(?:yo\b|yrs?\b|year[\s-]?old)|\b(?:student|sixth form|teenager|care leaver|just left school)\b",
        _I,
    ),
    "disabled": re.compile(
        r"\b(?:disab\w+|wheel ?chair|walking frame|zimmer|frame user|crutches|blind|partially sighted|sight ?impaired"
        r"|sight loss|visually impaired|deaf|hard of hearing|bsl|autis\w+|learning (?:disabilit\w+|difficult\w+)|adhd"
        r"|amputee|paraly[sz]\w+|cerebral palsy|down'?s syndrome|dyslexi\w+|can(?:'|no|’)?t (?:walk|stand|climb|manage stairs)"
        r"|pip\b|dla|blue badge|mobility (?:scooter|problem\w*)|ms\b|multiple sclerosis|non[\s-]?verbal|ehcp|hoist"
        r"|screen reader|walking stick|spina bifida)\b",
        _I,
    ),
    "illness": re.compile(
        r"\b(?:cancer|chemo\w*|dialysis|stroke|heart (?:attack|failure|condition|op\w*)|copd|asthma\w*|epilep\w+|seizures?"
        r"|diabet\w+|dementia|alzheimer'?s|parkinson'?s|huntington'?s|hospital|oxygen|surgery (?:on|last)|operation"
        r"|terminal\w*|palliative|hospice|transplant|immun\w+|chronic|arthritis|fibromyalgia|lupus|sickle cell|poorly"
        r"|seriously ill|very ill|unwell|inhaler|nebuli[sz]er|stoma|catheter|broken (?:hip|leg|ankle)|hip replacement"
        r"|chest infection|pneumonia|bronchi\w+)\b",
        _I,
    ),
    "mental health": re.compile(
        r"\b(?:mental health|depress\w+|anxi(?:ety|ous)|bipolar|schizo\w+|psycho(?:sis|tic)|ptsd|panic attacks?|suicid\w+"
        r"|self[\s-]?harm\w*|sectioned|breakdown|crisis team|cmht|amhp|ocd|agoraphobi\w+|hoard\w+|kill (?:my|him|her)self"
        r"|can(?:'|’)?t (?:cope|go on)|antidepressants?|eating disorder|personality disorder|end (?:it|my life))\b",
        _I,
    ),
    "carer": re.compile(
        r"\b(?:i(?:'m| am)? (?:her|his|their|my \w+'?s) (?:full[\s-]time )?carer|i care for|caring for (?:my|him|her|mum|dad)"
        r"|carer'?s (?:assessment|allowance|break)|full[\s-]time carer|unpaid carer|young carer|look(?:ing)? after my "
        r"(?:mum|dad|mother|father|husband|wife|brother|sister|son|daughter|nan)|respite)\b",
        _I,
    ),
    "care leaver": re.compile(
        r"\b(?:care[\s-]?leaver|leaving care|left care|was in care|been in care|grew up in care|personal adviser|foster care"
        r"|looked[\s-]after child)\b",
        _I,
    ),
    "no money": re.compile(
        r"\b(?:no money|skint|no food|food ?bank|nothing to eat|can(?:'|’)?t (?:afford|pay|eat|feed)|benefit(?:s)? (?:stopped|"
        r"suspended)|sanction\w*|no (?:gas|electric|credit)(?: on the meter| left)?|destitut\w+|no income|no wage|nrpf|no recourse"
        r"|empty (?:fridge|cupboards?)|bankrupt|in debt|redundan\w+|lost my job|lost his job|lost her job|zero hours"
        r"|universal credit|\buc\b|on benefits|low income|pension credit|emergency credit|£\d{1,2} (?:left|till|to last))\b",
        _I,
    ),
    "homeless": re.compile(
        r"\b(?:homeless\w*|sofa[\s-]?surf\w*|sleeping (?:rough|in (?:my|the|his|her|a) (?:car|van|tent|shed|doorway|porch))|rough sleep\w*"
        r"|nowhere to (?:go|live|sleep|stay)|no fixed abode|nfa|hostel|temporary accommodation|evicted|threw me out"
        r"|(?:kicked|chucked|thrown) (?:me |him |her |us )?out|in a tent|refuge|nightly[\s-]paid)\b",
        _I,
    ),
    "language": re.compile(
        r"\b(?:interpreter|translat\w+|(?:my|no|little|bad|poor|limited) english|english (?:is )?(?:not|second|third|bad)"
        r"|don(?:'|’)?t speak (?:much )?english|speaks? (?:no|little|only)|language line|esol|bsl)\b",
        _I,
    ),
    "bereaved": re.compile(
        r"\b(?:bereave\w+|passed away|passed on|my late \w+|late (?:husband|wife|mother|father|mum|dad|brother|sister)|died"
        r"|funeral|buried|since we lost|lost my (?:mum|dad|husband|wife|son|daughter|mother|father|brother|sister|partner)"
        r"|widow(?:er|ed)?|stillb\w+|miscarr\w+|probate|death certificate)\b",
        _I,
    ),
    "abuse": re.compile(
        r"\b(?:abus(?:e|ed|ive|er|es|ing)|violen\w+|domestic|refuge|(?:hits?|hit|beats?|punch\w*|slap\w*|strangl\w+|chok\w+) "
        r"(?:me|her|him|mum|my)|scared of (?:him|her|my|his)|afraid of (?:him|her|my)|controls? (?:my|her|the) (?:money|phone)"
        r"|stalk\w*|non[\s-]?molestation|restraining order|forced marriage|harass\w+|threaten\w* (?:me|her|us|to)"
        r"|hate crime|rape\w*|touch(?:es|ed) (?:me|her|him)|fgm|bruis\w+)\b",
        _I,
    ),
    "equipment": re.compile(
        r"\b(?:oxygen|ventilator|cpap|dialysis (?:machine|at home)|home dialysis|feeding (?:pump|tube)|peg fed|nebuli[sz]er|hoist"
        r"|stair ?lift|hospital bed|pressure mattress|profiling bed|electric wheelchair|power ?chair|fridge for (?:my )?insulin"
        r"|insulin|pendant|pull ?cord|suction machine|concentrator|medical equipment|monitor (?:for|at night))\b",
        _I,
    ),
    "modern slavery": re.compile(
        r"\b(?:modern slavery|traffick\w+|(?:keeps?|kept|took|takes|holds?|held|has) (?:my|our|their|his|her|the) passports?"
        r"|(?:not|never) (?:been )?paid (?:us|me|them)|(?:we|i|they) (?:are |have )?not (?:get )?pa(?:y|id)|works? for nothing"
        r"|(?:live|lives|living|sleep\w*) (?:above|on top|behind|at) (?:the )?(?:shop|work|car ?wash|salon|restaurant)|cuckoo\w*)\b",
        _I,
    ),
}


def vulnerable(text: str) -> tuple[str, ...]:
    """The short words that fit, in alphabetical order: older, baby, no money …"""
    plain = text.replace("’", "'")
    return tuple(sorted(word for word, pattern in WORDS.items() if pattern.search(plain)))
