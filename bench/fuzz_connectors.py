"""Whatever comes in from outside is read or refused by name, in bounded time: posts, receipts, files, feeds and emails.

`python -m bench fuzz-connectors [--cases 100000] [--seed 1]`. Good ones from the tests' fixtures are spoilt by chance
and given to what reads them: signed webhooks, GOV.UK Notify's receipts, a back office's CSV, a calendar, GeoReport's
XML and JSON, and emails. Only connectors.errors may come of it (an endpoint answers each with 404 or 422), and of an
email nothing at all: whatever is wrong with it, somebody may have written it.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from bench.fuzzing.posts import email, misplaced, seeds, spoilt
from bench.reporting.figures import Figure, printed
from connectors.bins_ical import translate as ical
from connectors.errors import ConnectorError
from connectors.file_drop import translate as rows
from connectors.govuk_notify.receipts import NotifyReceipts
from connectors.govuk_notify.settings import Settings as NotifySettings
from connectors.open311 import translate as georeport
from connectors.webhook.inbound import WebhookInbound
from connectors.webhook.settings import Settings as WebhookSettings
from connectors.webhook.signing import key_of, sign
from connectors.xml import NotPlainXml, parse

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
KEY = "whsec_" + "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
TOKEN = "a token of ours for receipts"
# One that takes longer than this holds up the others.
LONGEST_MS = 1000.0

Try = Callable[[Random], object]


def _body(chance: Random, path: str) -> bytes:
    good = seeds(path)
    return misplaced(chance, good) if chance.random() < 0.5 else spoilt(chance, good)


def tries() -> dict[str, Try]:
    """What reads each kind of post."""
    from triage.intake.email_reading import read, references

    webhook = WebhookInbound(
        WebhookSettings.model_validate({"url": "https://depot.example", "key": KEY, "inbound_key": KEY})
    )
    receipts = NotifyReceipts(NotifySettings.model_validate({"api_key": "k" * 80, "callback_token": TOKEN}))

    def post(chance: Random) -> object:
        body = _body(chance, "webhook/fixtures/case_changed.json")
        headers = sign("msg_1", NOW, body, [key_of(KEY)])
        if chance.random() < 0.2:
            name = chance.choice(sorted(headers))
            headers[name] = spoilt(chance, headers[name].encode()).decode("latin-1")
        return webhook.read(headers, body, NOW)

    def receipt(chance: Random) -> object:
        given = f"Bearer {TOKEN}".encode()
        given = spoilt(chance, given) if chance.random() < 0.2 else given
        paths = ["govuk_notify/fixtures/receipt.json", "govuk_notify/fixtures/inbound_sms.json"]
        return receipts.read({"authorization": given.decode("latin-1")}, _body(chance, chance.choice(paths)), NOW)

    def csv(chance: Random) -> object:
        return rows.updates_of(spoilt(chance, seeds("file_drop/fixtures/updates.csv")))

    def calendar(chance: Random) -> object:
        body = spoilt(chance, seeds("bins_ical/fixtures/days.ics"))
        found = ical.events(body.decode("utf-8", "replace"))
        return [(ical.title(one), ical.days(one, date(2026, 11, 24), LONDON)) for one in found]

    def xml(chance: Random) -> object:
        good = [seeds("open311/fixtures/request.xml"), seeds("open311/fixtures/errors.xml")]
        root = parse(spoilt(chance, chance.choice(good), good))
        found = georeport.rows_of_xml(root, "request")
        return [(georeport.case_of(one), georeport.made(one, "ours"), georeport.update_of(one)) for one in found]

    def geojson(chance: Random) -> object:
        import orjson

        try:
            content = orjson.loads(_body(chance, "open311/fixtures/updates.json"))
        except orjson.JSONDecodeError:
            return None  # connectors/http.py says so by name.
        return [georeport.update_of(one) for one in georeport.rows_of_json(content, ("service_request_updates",))]

    def mail(chance: Random) -> object:
        raw = spoilt(chance, email(chance), [email(chance)])
        try:
            found = read(raw, frozenset({"council@example.org"}))
            return found, list(references(found, "BN"))
        except Exception as error:
            raise Raised(type(error).__name__) from error

    return {
        "webhook": post,
        "receipt": receipt,
        "csv": csv,
        "calendar": calendar,
        "xml": xml,
        "json": geojson,
        "email": mail,
    }


class Raised(Exception):
    """An email was not read, but raised something."""


class NotStorable(Exception):
    """What was read cannot be kept: PostgreSQL has no zero character, no half of a letter and no year 0."""


def check(found: object) -> None:
    """What comes of a post can be kept. Raises NotStorable."""
    if isinstance(found, list | tuple):
        for one in found:
            check(one)
    elif is_dataclass(found):
        for part in fields(found):
            check(getattr(found, part.name))
    elif isinstance(found, str):
        if "\x00" in found or (not found.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in found)):
            raise NotStorable
    elif isinstance(found, datetime):
        try:
            found.astimezone(UTC)
        except (OverflowError, ValueError):
            raise NotStorable from None


def read_all(cases: int, seed: int) -> dict[str, Any]:
    """Give every kind its share of the cases; what crashed, what was refused, and how long each took."""
    crashes: list[str] = []
    took: dict[str, list[float]] = defaultdict(list)
    refused: Counter[str] = Counter()
    kinds = tries()
    for number in range(cases):
        kind = list(kinds)[number % len(kinds)]
        began = time.process_time()
        try:
            check(kinds[kind](Random(f"{seed} {number}")))
        except (ConnectorError, NotPlainXml) as error:
            refused[f"{kind}: {type(error).__name__}"] += 1
        except Exception as error:
            crashes.append(f"{kind} {number}: {type(error).__name__}")
        took[kind].append((time.process_time() - began) * 1000)
    worst = {kind: round(max(times), 1) for kind, times in took.items()}
    return {"crashes": crashes[:50], "crashed": len(crashes), "refused": dict(refused), "worst_ms": worst}


def main(argv: Sequence[str]) -> int:
    """Read, and print a table and one JSON line; 1 when anything crashed."""
    parser = argparse.ArgumentParser(prog="python -m bench fuzz-connectors", description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="2,000 cases")
    given = parser.parse_args(argv)
    result = read_all(2_000 if given.quick else given.cases, given.seed)
    worst = max(result["worst_ms"], key=lambda kind: result["worst_ms"][kind])
    figures = [
        Figure("cases that raised what nothing names", result["crashed"], "", mark=0, better="lower"),
        Figure(
            f"processor time of the worst ({worst})", result["worst_ms"][worst], "ms", mark=LONGEST_MS, better="lower"
        ),
    ]
    return printed("fuzz-connectors", figures, {"seed": given.seed, **result}) or int(bool(result["crashed"]))
