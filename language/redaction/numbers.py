"""Numbers and addresses that machines know people by. Where a checksum exists it decides; else a word before does.

Every pattern is bounded, so that 5,000 characters of anything take a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from language.redaction import checks
from language.redaction.emails import EMAILS
from language.redaction.plates import plates
from language.redaction.postcodes import postcodes
from language.redaction.prechecks import figures, six_figures
from language.redaction.spans import Working

_I = re.IGNORECASE
_GAP = r"[\s.:#=-]{0,4}(?:(?:is|was|no|num|number|nr|are|its|it's)\b[\s.:#-]{0,3}){0,3}"

# Kept as they are: our references, planning references, penalty charge notices. Public, or of no use alone.
_OURS = re.compile(r"\b[A-Z]{2}([- ])(?=[0-9A-Z -]{0,8}\d)[0-9A-Z]{4}\1[0-9A-Z]{4}\b(?!\s?\d)")
_OURS_ANY_CASE = re.compile(r"\b[a-z]{2}-[0-9a-z]{4}-[0-9a-z]{4}\b", _I)
_PLANNING = re.compile(r"\b\d{2}/\d{4,5}/[A-Z]{2,4}\b", _I)
_PENALTY = re.compile(r"\b[A-Z]{2}\d{8}\b|\b[A-Z]{2}\d{7}[A-Z0-9]\b", _I)

_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,1000}", _I)
_SECRET = re.compile(
    r"(?=[\w-]{0,63}\d)(?=[\w-]{0,63}[A-Za-z])[\w-]{16,}|[?&#](?:token|key|secret|code|sig|password|auth)=\w", _I
)

_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b", _I)
_LICENCE = re.compile(
    r"\b[A-Z][A-Z9]{4}[\s-]?\d(?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12]\d|3[01])\d[\s-]?[A-Z][A-Z9][\s-]?"
    r"[0-9A-Z]{3}(?:\s?\d\d)?\b",
    _I,
)
_NI = re.compile(r"\b([A-Z]{2})[\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?\d{2}[\s.-]?[A-D]\b", _I)
_NI_CUED = re.compile(
    rf"\b(?:n\.?i\.?n?o?|nat(?:ional)? ins(?:urance)?)\b{_GAP}([A-Z]{{2}}(?:[\s.-]?\d){{6}}(?:[\s.-]?[A-D]\b)?)", _I
)
_PASSPORT = re.compile(rf"\bpassport\b{_GAP}([A-Z]{{0,3}}\s?\d{{6,9}}[A-Z]?)\b", _I)

_SORT_THEN_ACCOUNT = re.compile(r"\b(\d{2}[ -]\d{2}[ -]\d{2})\b(\D{1,25})(\d{4}\s?\d{3,4})\b")
_ACCOUNT_THEN_SORT = re.compile(r"\b(\d{7,8})\b([^\d]{1,25})(\d{2}[ -]?\d{2}[ -]?\d{2})\b")
_SORT = re.compile(rf"\b(?:sort(?:\s?-?code)?|s/c)\b{_GAP}(\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}})\b", _I)
_BANK_ACCOUNT = re.compile(rf"\b(?:acc(?:oun)?t?|a/c)\b{_GAP}(\d{{4}}\s?\d{{3,4}})\b", _I)
_BANK = re.compile(r"\b(?:bank|sort|s/c|direct debit|dd|refund|building society|iban)\b", _I)

_CARD = re.compile(r"(?<![\d.])\d(?:[ -]?\d){12,18}(?![\d])")
_CARD_CUED = re.compile(rf"\b(?:card|visa|mastercard|amex|debit|credit)\b{_GAP}(\d(?:[ -]?\d){{12,18}})\b", _I)
_NHS = re.compile(r"(?<!\d)[1-9]\d{2}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_NHS_CUED = re.compile(rf"\bnhs\b{_GAP}(\d{{3}}[ -]?\d{{3}}[ -]?\d{{4}})(?!\d)", _I)

_PHONE = re.compile(
    r"(?<![\w/])(?:(?:\+|00)44[\s.-]{0,2}(?:\(0\)[\s.-]{0,2})?|\(?[0o][\s-]?)[1-9o](?:[\s().-]{0,3}[\doOlI]){7,9}(?![\w])",
    _I,
)
_FOREIGN_PHONE = re.compile(r"(?<!\w)(?:\+|00)[1-9]\d{0,2}(?:[\s().-]{0,2}\d){7,12}(?!\w)")
_LOCAL_PHONE = re.compile(
    rf"\b(?:call|ring|phone|tel|telephone|mobile|mob|landline|whatsapp|text|cell|number|fax)\b{_GAP}"
    r"(?:me\s)?(?:on\s)?(\d{4}\s\d{4}|[237]\d{2,3}[\s-]?\d{3}[\s-]?\d{3,4})(?!\d)",
    _I,
)

_ACCOUNT = re.compile(
    r"\b(?:account|acc|acct|a/c|council tax|ctax|rent|tenancy|tenant|claim|customer|payment|payee|uprn|case|client|"
    r"membership|library card|card|benefits?|ref(?:erence)?|id)\b(?:\s(?:ref(?:erence)?|account|id))?"
    rf"{_GAP}(\d[\d ]{{5,14}}\d[A-Z]?)\b",
    _I,
)
_LONG_NUMBER = re.compile(r"(?<![\w./-])\d{9,20}(?![\w/])")


def identifiers(working: Working) -> None:
    """Hide every identifier, the surest kinds first."""
    numbered = figures(working.left)
    for pattern in (_OURS, _OURS_ANY_CASE, _PLANNING, _PENALTY) if numbered else (_OURS_ANY_CASE,):
        _each(working, pattern, lambda found: working.leave(*found.span()))
    _each(working, _URL, lambda found: _url(working, found))
    for pattern in EMAILS:
        _hide(working, "email", pattern)
    if not figures(working.left):
        _each(working, _PHONE, lambda found: _phone(working, found))  # "o" and "l" are typed for figures
        return
    _hide(working, "bank_account", _IBAN, lambda found: checks.iban(found.group()))
    if six_figures(working.left):
        _long_numbers(working)
    else:
        _each(working, _PHONE, lambda found: _phone(working, found))
        _hide(working, "account", _ACCOUNT, group=1)
    for start, end in plates(working.left):
        working.hide("vehicle", start, end)
    for start, end in postcodes(working.left):
        working.hide("postcode", start, end)


def _long_numbers(working: Working) -> None:
    """Hide what has six figures or more."""
    _hide(working, "driving_licence", _LICENCE)
    _hide(working, "ni_number", _NI, lambda found: checks.ni_prefix(found.group(1)))
    _hide(working, "ni_number", _NI_CUED, group=1)
    _hide(working, "passport", _PASSPORT, group=1)
    _hide(working, "card", _CARD, lambda found: checks.luhn(checks.digits(found.group())))
    _hide(working, "card", _CARD_CUED, group=1)
    _bank(working)
    _hide(working, "nhs_number", _NHS_CUED, group=1)
    _hide(working, "nhs_number", _NHS, lambda found: checks.nhs(checks.digits(found.group())))
    _each(working, _PHONE, lambda found: _phone(working, found))
    _hide(working, "phone", _FOREIGN_PHONE)
    _hide(working, "phone", _LOCAL_PHONE, group=1)
    _hide(working, "account", _ACCOUNT, group=1)
    _hide(working, "phone", _LONG_NUMBER, lambda found: re.fullmatch(r"7\d{9}", found.group()) is not None)
    _hide(working, "account", _LONG_NUMBER)


def _each(working: Working, pattern: re.Pattern[str], do: Callable[[re.Match[str]], None]) -> None:
    for found in list(pattern.finditer(working.left)):
        do(found)


def _hide(
    working: Working,
    kind: str,
    pattern: re.Pattern[str],
    sure: Callable[[re.Match[str]], bool] | None = None,
    group: int = 0,
) -> None:
    for found in list(pattern.finditer(working.left)):
        if sure is None or sure(found):
            working.hide(kind, *found.span(group))


def _url(working: Working, found: re.Match[str]) -> None:
    end = found.end() - len(found.group()) + len(found.group().rstrip(".,;:!?)'"))
    if _SECRET.search(working.left, found.start() + 8, end):
        working.hide("url_secret", found.start(), end)
    else:
        working.leave(found.start(), end)


def _bank(working: Working) -> None:
    cued = _BANK.search(working.left) is not None
    if cued:
        for pattern in (_SORT_THEN_ACCOUNT, _ACCOUNT_THEN_SORT):
            for found in list(pattern.finditer(working.left)):
                working.hide("bank_account", *found.span(1))
                working.hide("bank_account", *found.span(3))
        _hide(working, "bank_account", _BANK_ACCOUNT, group=1)
    _hide(working, "bank_account", _SORT, group=1)
    # Without a word about banks, dashes tell a sort code with its account from a date.
    for found in list(_SORT_THEN_ACCOUNT.finditer(working.left)):
        if len(checks.digits(found.group(3))) == 8 and len(found.group(2)) <= 3:
            working.hide("bank_account", *found.span(1))
            working.hide("bank_account", *found.span(3))


def _phone(working: Working, found: re.Match[str]) -> None:
    number = checks.digits(found.group().lower().replace("o", "0").replace("l", "1").replace("i", "1"))
    national = (
        number.removeprefix("00").removeprefix("44") if not number.startswith("0") or number[:2] == "00" else number[1:]
    )
    national = national.lstrip("0")
    # 03 and 08 numbers are organisations'; nobody lives there.
    if national[:1] in ("3", "8") or working.keep.phones & {number, "0" + national, "44" + national}:
        working.leave(*found.span())
    elif 9 <= len(national) <= 10:
        working.hide("phone", *found.span())
