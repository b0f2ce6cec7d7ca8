"""From facts to satisfaction: what the public report shows, and what the owner's page makes its rows with."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.metrics import repository, rules, sentences
from triage.metrics.periods import Period, period_of, periods
from triage.metrics.rules import Counts
from triage.metrics.schemas import Report, Row, Source, Tally

GOT_IT = ("yes", "partly", "no")


def one(measure: str, level: str, count: int) -> Tally:
    """One fact as a tally, ready to be added to others."""
    if measure == "satisfaction":
        levels = [0, 0, 0, 0, 0]
        levels[int(level) - 1] = count
        return Tally(counts=Counts((levels[0], levels[1], levels[2], levels[3], levels[4])))
    if measure == "got_it":
        yes, partly, no = (count if level == name else 0 for name in GOT_IT)
        return Tally(got_it=(yes, partly, no))
    return Tally(
        invited=count if measure == "invited" else 0,
        answered=count if measure == "answered" else 0,
        arrived=count if measure == "arrived" else 0,
        closed=count if measure == "closed" else 0,
    )


def service_name(service: str) -> str:
    """A service's name as residents see it; a service that has gone keeps its id."""
    known = catalogue().services.get(service)
    return known.name if known else service or "No service named"


def queue_name(queue: str) -> str:
    """A queue's name; one that has gone keeps its code."""
    known = catalogue().queues.get(queue)
    return known.name if known else queue or "No queue"


def row(
    label: str,
    tally: Tally,
    why: str | None = None,
    *,
    code: str = "",
    partner: str = "",
    period: Period | None = None,
) -> Row:
    share = rules.satisfaction(tally.counts)
    if why is None and share is None:
        why = rules.TOO_FEW if tally.counts.n else rules.NONE
    return Row(label, tally, None if why else share, why or "", partner, period, code)


def breakdown(named: Iterable[tuple[str, str, str, Tally]]) -> tuple[Row, ...]:
    """Rows of a table that has a total, from (code, label, partner, tally); by label, unrated ones left out."""
    rated = sorted((entry for entry in named if entry[3].counts.n), key=lambda entry: (entry[1], entry[2]))
    why = rules.withheld([tally.counts.n for *_, tally in rated])
    return tuple(
        row(label, tally, why.get(place), code=code, partner=partner)
        for place, (code, label, partner, tally) in enumerate(rated)
    )


async def quarters(session: AsyncSession, source: Source) -> list[Row]:
    """One row a quarter, from the first with an answer to the last (live: to now), gaps included."""
    tallies: dict[Period, Tally] = defaultdict(Tally)
    for month, measure, level, count in await repository.by_month(session, source):
        tallies[period_of(month, "quarter")] += one(measure, level, count)
    rated = [period for period, tally in tallies.items() if tally.counts.n]
    if not rated:
        return []
    last = max(rated)
    if source == "live":
        last = max(last, period_of(clock.today(), "quarter"))
    return [
        row(period.name, tallies.get(period, Tally()), period=period, code=period.code)
        for period in periods(min(rated), last)
    ]


async def counted_up_to(session: AsyncSession) -> datetime:
    """Every live answer given before this moment is in the figures."""
    since = clock.today() - timedelta(days=15)
    return await repository.first_uncounted(session, since) or clock.now()


async def report(session: AsyncSession, period: Period, source: Source) -> Report:
    """A quarter for everybody: in all, and by queue and whoever ran it on the day of each answer."""
    today = clock.today()
    total = Tally()
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for month, queue, held, measure, level, count in await repository.by_partner_and_queue(
        session, source, period.start, period.end
    ):
        # What comes from a file may not say who answered for it: then whoever ran the queue as the month began.
        partner = catalogue().partners.get(held) or catalogue().partner_of(queue, month)
        tally = one(measure, level, count)
        # Made-up answers are never set against the name of whoever really does the work.
        name = "Made-up answers" if source == "demo" else partner.name if partner else "Not recorded"
        tallies[queue, name] += tally
        total += tally
    rows = breakdown((queue, queue_name(queue), partner, tally) for (queue, partner), tally in tallies.items())
    ended = period.end < today
    said = [sentences.headline(period, ended, "us", total)] if total.counts.n else []
    if said:
        before = await quarters(session, source)
        past = [(row.period, row.tally.counts) for row in before if row.period]
        asked = await repository.versions(session, source)
        said += sentences.compared(total.counts, past, period, asked)
        more = (sentences.question(period, asked), sentences.got_it(total), sentences.contacts(total))
        said += [sentence for sentence in more if sentence]
    return Report(period, ended, tuple(said), row("All queues", total), rows, source)
