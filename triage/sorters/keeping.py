"""Which sorter is live, which is in shadow, and which rules are on: read for every decision, so that a change counts
at once in every process."""

import io
import shutil
import tarfile
import tempfile
from pathlib import Path

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, reading
from triage.catalogue import catalogue
from triage.settings import get_settings
from triage.sorters.contract import Decided
from triage.sorters.rules import Rule, Ruled, Seen, apply
from triage.tables import SorterVersion, SortingRule
from triage.tables.sorter_version import LIVE, SHADOW

log = structlog.get_logger(__name__)

MOST_RULES = 100  # on at once
FILES_KEPT = 4
LARGEST = 256 * 1024 * 1024  # bytes, of one version


def rule_of(row: SortingRule) -> Rule:
    """A stored rule as the pure functions take it."""
    return Rule(
        id=str(row.id),
        name=row.name,
        version=row.version,
        phrases=tuple(str(phrase) for phrase in row.phrases),
        channel=row.channel,
        service=row.service,
        place=row.place,
        queue=row.then_queue,
        priority=row.then_priority,
        tag=row.then_tag,
        from_day=row.from_day,
        to_day=row.to_day,
    )


async def rules_on(session: AsyncSession) -> tuple[Rule, ...]:
    """The rules that are on, in the order in which they were switched on."""
    rows = await session.scalars(
        select(SortingRule)
        .where(SortingRule.switched_on_at.is_not(None))
        .order_by(SortingRule.switched_on_at, SortingRule.id)
        .limit(MOST_RULES)
    )
    return tuple(rule_of(row) for row in rows)


def danger_queues() -> frozenset[str]:
    """The queues that a danger to life (a signal of P0) leads to. No rule takes anything out of them.

    A signal of P1 leads to the queue of a service, of whose other contacts most are ordinary; what it is about is kept
    from moving by its priority.
    """
    dangers = reading.dangers()
    grave = [seen for seen in map(dangers.sighting, dangers.signals) if seen.priority == "P0"]
    return frozenset(catalogue().queue(seen.queue) for seen in grave)


async def with_rules(session: AsyncSession, seen: Seen, decided: Decided) -> Ruled:
    """What the rules that are on make of a decision."""
    return apply(await rules_on(session), seen, decided, danger_queues(), clock.today())


async def live_version(session: AsyncSession) -> str | None:
    """The version that a person has promoted; None: the sorter that was built from data/ alone."""
    return await session.scalar(select(SorterVersion.version).where(SorterVersion.state == LIVE))


async def shadow_version(session: AsyncSession) -> str | None:
    """The version in shadow, if there is one."""
    return await session.scalar(select(SorterVersion.version).where(SorterVersion.state == SHADOW))


def _folder(version: str) -> Path:
    return get_settings().home / "models" / "sorters" / version


async def folder_of(session: AsyncSession, version: str) -> Path:
    """Where a version's files lie on this machine; fetched from the database the first time."""
    folder = _folder(version)
    if not folder.is_dir():
        packed = await session.scalar(select(SorterVersion.model).where(SorterVersion.version == version))
        if packed is None:
            raise FileNotFoundError(f"no sorter of version {version}")
        lay(packed, folder)
    return folder


def pack(folder: Path) -> bytes:
    """A folder's files as an archive. Raises ValueError when it is too large to keep."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.add(path, arcname=path.relative_to(folder).as_posix())
    if packed.tell() > LARGEST:
        raise ValueError(f"a sorter of {packed.tell()} bytes is too large to keep")
    return packed.getvalue()


def lay(packed: bytes, folder: Path) -> None:
    """An archive's files into `folder`, in one step: who looks meanwhile finds all or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    half = Path(tempfile.mkdtemp(prefix="new-", dir=folder.parent))
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(half, filter="data")
        half.replace(folder)
    except (OSError, tarfile.TarError):
        # Another process may have laid the same in the meantime.
        if not folder.is_dir():
            raise
    finally:
        shutil.rmtree(half, ignore_errors=True)
    _forget(folder)


def _forget(newest: Path) -> None:
    """Keep the files of a few versions; the database has them all."""
    others = [path for path in newest.parent.iterdir() if path != newest and not path.name.startswith("new-")]
    for old in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[FILES_KEPT - 1 :]:
        shutil.rmtree(old, ignore_errors=True)
