"""What the page of sorting shows: how often contacts were put in the wrong queue, and the sorters side by side."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.catalogue import catalogue
from triage.learning import audit, examples, jobs, repository, versions
from triage.learning.repository import Group
from triage.learning.schemas import Confusion, Put, SortingPage, VersionLine, Week
from triage.sorters.contract import Score, sorter_kind
from triage.tables import LearningChange, SorterVersion
from triage.tables.correction import ACCEPTED, WAITING
from triage.tables.learning_job import RETRAIN
from triage.tables.sorter_version import LIVE, SHADOW

DAYS = 30
WEEKS = 12
MOST_CONFUSED = 50
MOST_CHANGES = 20


def queue_name(code: str) -> str:
    """A queue as staff read it; the code itself for one that is no longer in queues.toml."""
    queue = catalogue().queues.get(code)
    return queue.name if queue else code


def service_name(service: str | None) -> str:
    """A service as staff read it."""
    known = catalogue().services.get(service or "")
    return known.name if known else "No service named"


def put_by(groups: Iterable[Group], by_queue: bool) -> list[Put]:
    """Of what was sorted and settled, how much was put in the wrong queue: by the queue or service it was put in."""
    settled: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for group in groups:
        if group.verdict == "held":
            continue
        key = queue_name(group.from_queue) if by_queue else service_name(group.from_service)
        settled[key] += group.n
        wrong[key] += group.n if group.verdict == "wrong" else 0
    rows = [Put(name, n, wrong[name]) for name, n in settled.items()]
    return sorted(rows, key=lambda row: (-row.wrong, -row.settled, row.name))


def confusions(groups: Iterable[Group]) -> list[Confusion]:
    """Which service and queue was taken for which, most often first."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for group in groups:
        other_service = group.to_service is not None and group.to_service != group.from_service
        if group.verdict == "wrong" or (group.verdict == "right" and other_service):
            to = service_name(group.to_service) if group.to_service else "Nobody has said"
            found[service_name(group.from_service), to, queue_name(group.from_queue), queue_name(group.to_queue)] += (
                group.n
            )
    return [Confusion(*names, n) for names, n in found.most_common(MOST_CONFUSED)]


def weeks(rows: Sequence[tuple[object, str, int]], today: date) -> list[Week]:
    """The last twelve weeks, oldest first, from the first in which anything was settled."""
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for monday, verdict, n in rows:
        if isinstance(monday, date):
            counts[monday][verdict] += n
    last = today - timedelta(days=today.weekday())
    mondays = [last - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1)]
    first = min(counts, default=last)
    return [
        Week(
            day,
            Put(day.isoformat(), counts[day]["right"] + counts[day]["wrong"], counts[day]["wrong"]),
            counts[day]["held"],
        )
        for day in mondays
        if day >= first
    ]


async def page(session: AsyncSession) -> SortingPage:
    """Everything that the page shows."""
    now = clock.now()
    since = now - timedelta(days=DAYS)
    groups = await repository.settled_since(session, since)
    decided, held = await repository.decided_since(session, since)
    live, shadow = await versions.in_state(session, LIVE), await versions.in_state(session, SHADOW)
    built_name = sorter_kind().built()
    live_name = live.version if live else built_name
    rows = await versions.newest(session)
    counts = await repository.count_examples(session)
    put = [group for group in groups if group.verdict != "held"]
    settled_from_holding = sum(group.n for group in groups if group.verdict == "held")
    return SortingPage(
        days=DAYS,
        put=Put("all", sum(g.n for g in put), sum(g.n for g in put if g.verdict == "wrong")),
        by_hand=settled_from_holding,
        decided=decided,
        held=held,
        services=put_by(groups, by_queue=False),
        queues=put_by(groups, by_queue=True),
        confusions=confusions(groups),
        weeks=weeks(await repository.by_week(session, now - timedelta(weeks=WEEKS)), clock.today()),
        beside=await repository.beside(session, shadow.version) if shadow else None,
        shadow=_line(shadow, live_name) if shadow else None,
        live=_line(live, live_name) if live else None,
        live_name=live_name,
        built_name=built_name,
        versions=[_line(row, live_name) for row in rows],
        waiting=counts.get(WAITING, 0),
        accepted=counts.get(ACCEPTED, 0),
        most_accepted=examples.MOST_ACCEPTED,
        job=await jobs.newest(session, RETRAIN),
        changes=[
            (line, who or "The command line", change_words(line))
            for line, who in await audit.newest(session, MOST_CHANGES)
        ],
    )


def _line(row: SorterVersion, live: str) -> VersionLine:
    return VersionLine(
        version=row.version,
        state=row.state,
        trained_at=row.trained_at,
        promoted_at=row.promoted_at,
        examples=row.examples,
        corrections=row.corrections,
        score=Score.read(row.score),
        live_score=Score.read(row.live_score),
        live_version=row.live_version,
        instead_of=row.instead_of,
        refusals=versions.refusals(row, live) if row.state == SHADOW else (),
    )


def change_words(line: LearningChange) -> str:
    """One line of the audit trail as a sentence."""
    detail = line.detail
    reason = f" Reason: {detail['reason']}" if detail.get("reason") else ""
    match line.what:
        case "promoted":
            return f"Promoted the sorter {detail['version']} in place of {detail['instead_of']}.{reason}"
        case "rolled_back":
            return f"Went back from the sorter {detail['version']} to {detail['to']}.{reason}"
        case "refused":
            return (
                f"Wanted to promote the sorter {detail['version']}; it was refused. {' '.join(detail['why'])}{reason}"
            )
        case "retrain_asked":
            return "Had a sorter trained."
        case "rule_made":
            return f"Wrote the rule “{detail['name']}”."
        case "rule_changed":
            return f"Changed the rule “{detail['name']}”; it is off until it is tried again."
        case "rule_tried":
            return f"Tried the rule “{detail['name']}” on contacts of the past."
        case "rule_on":
            return f"Switched on the rule “{detail['name']}”."
        case "rule_off":
            return f"Switched off the rule “{detail['name']}”."
        case other:
            return other.replace("_", " ").capitalize()
