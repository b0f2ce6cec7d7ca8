"""Facts: a value of the shape its kind says, a proof, a date to look again, and no two that contradict."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

from language.danger.numbers import number_wrong
from triage.catalogue import Catalogue
from triage.checking.faults import Fault, Page
from triage.content import Fact, Source

# How long a value may go without somebody looking again. Phones move most; what the law sets is announced.
LONGEST = {"phone": timedelta(days=92), "money": timedelta(days=200)}
LONGEST_OF_ALL = timedelta(days=400)
MONEY = re.compile(r"£\d{1,3}(,\d{3})*(\.\d{2})?(?![\d,]*\d)")
_POUNDS = re.compile(r"£[\d,.]*\d|£")
_LONG_NUMBER = re.compile(r"(?<![\d£.,])0\d[\d ]{6,}\d")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAY = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})\b")
# Copies of the council's site that are not the site: a value read there is not what residents are told.
NOT_PUBLISHED = re.compile(r"\b(test|staging|preprod|uat|dev)\b[.-]|web\.archive\.org|\.test\b")


def check_facts(catalogue: Catalogue, folder: Path, services: Path, today: date) -> Iterator[Fault]:
    """Every fault of a council's facts (`folder`) and of the services' own (`services`: data/services)."""
    known = known_values(services.parent / "known.toml")
    about: dict[str, tuple[Fact, Page, str]] = {}
    for page, key, fact, head in _all(catalogue, folder, services):
        yield from _value(page, key, fact, head)
        yield from _dates(page, key, fact, head, today)
        if fact.about is None or not fact.verified:
            continue
        if (law := known.get(fact.about)) and fact.value != law:
            yield page.fault(f"{key}: {fact.value!r}, but data/known.toml says {law!r} for {fact.about}", head, "value")
        if (first := about.setdefault(fact.about, (fact, page, key)))[0].value != fact.value:
            yield page.fault(
                f"{key}: {fact.value!r} contradicts {first[0].value!r} of {first[2]} in {first[1].path}", head, "value"
            )


def check_sources(sources: Mapping[str, Source], page: Page, prefix: str, today: date) -> Iterator[Fault]:
    """Every fault of the sources that stand in one file."""
    for key, source in sources.items():
        head = f"[{prefix}{key}]"
        if not source.url.startswith("https://") or " " in source.url:
            yield page.fault(f"{key}: {source.url!r} is not an https address", head, "url")
        if NOT_PUBLISHED.search(source.url):
            yield page.fault(f"{key}: {source.url!r} is a test or old copy, which residents do not see", head, "url")
        if source.checked > today:
            yield page.fault(f"{key}: checked on a day to come", head, "checked")


def known_values(path: Path) -> dict[str, str]:
    """What the law sets, by what a fact says it is about: data/known.toml."""
    rows = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return {about: str(row["value"]) for about, row in rows.items()}


def loose_values(text: str) -> list[str]:
    """Prices, telephone numbers and dates that stand in a sentence, where nobody will see that they expire."""
    bare = re.sub(r"\{[a-z]+:[a-z0-9_]+\}", "", text)
    found = [*_POUNDS.findall(bare), *_LONG_NUMBER.findall(bare), *(m.group() for m in _DAY.finditer(bare))]
    return [value.strip() for value in found]


def _all(catalogue: Catalogue, folder: Path, services: Path) -> Iterator[tuple[Page, str, Fact, str]]:
    for path in sorted((folder / "facts").glob("*.toml")):
        page = Page(path)
        for key in tomllib.loads("\n".join(page.lines)):
            yield page, key, catalogue.facts[key], f"[{key}]"
    for service in catalogue.services.values():
        page = Page(services / service.id / "service.toml")
        for key, fact in service.facts.items():
            yield page, key, fact, f"[facts.{key}]"


def _value(page: Page, key: str, fact: Fact, head: str) -> Iterator[Fault]:
    value = fact.value
    if not value.strip():
        yield page.fault(f"{key}: the value is empty", head, "value")
    kind = "short_code" if fact.kind == "short_code" else "phone"
    for number in [value] if fact.kind in ("phone", "short_code") else _LONG_NUMBER.findall(value):
        if wrong := number_wrong(number.strip(), kind):
            yield page.fault(f"{key}: {number.strip()!r} is no telephone number: {wrong}", head, "value")
    for amount in _POUNDS.findall(value):
        if not MONEY.fullmatch(amount.rstrip(".,")):
            yield page.fault(f"{key}: {amount!r} is not written as money (£12, £1,250 or £12.50)", head, "value")
    for day in _DAY.finditer(value):
        try:
            date(2024, _MONTHS.index(day[2]) + 1, int(day[1]))
        except ValueError:
            yield page.fault(f"{key}: there is no {day.group()}", head, "value")


def _dates(page: Page, key: str, fact: Fact, head: str, today: date) -> Iterator[Fault]:
    if fact.reviewed_on > today:
        yield page.fault(f"{key}: reviewed on a day to come", head, "reviewed_on")
    longest = LONGEST.get(fact.kind, LONGEST_OF_ALL)
    if not fact.reviewed_on < fact.review_by <= fact.reviewed_on + longest:
        yield page.fault(f"{key}: review_by must lie within {longest.days} days of reviewed_on", head, "review_by")
    if fact.review_by < today:
        yield page.fault(f"{key}: overdue for review since {fact.review_by}; it is no longer said", head, serious=False)
