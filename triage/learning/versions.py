"""Which sorter is live: put in shadow by training, promoted and rolled back by people."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock
from triage.errors import Conflict, EmptyMessage, MessageTooLong, NotAllowed, NotFound
from triage.learning import audit, rules
from triage.sorters.contract import Score, Trained, sorter_kind
from triage.tables import Agent, SorterVersion
from triage.tables.sorter_version import LIVE, PAST, SHADOW

PROMOTERS = ("supervisor", "administrator")
LONGEST_REASON = 500
MOST_SHOWN = 20
# One change of the live sorter at a time, whoever asks.
_LOCK = 0x6C65


async def _alone(session: AsyncSession) -> None:
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK, 0)))


async def put_in_shadow(
    session: AsyncSession,
    trained: Trained,
    corrections: int,
    score: Score,
    *,
    live_score: Score,
    live_version: str,
    packed: bytes,
) -> None:
    """Store a trained sorter as the one in shadow, in place of the one that was. Run again, it stores the same."""
    await _alone(session)
    await session.execute(
        update(SorterVersion)
        .where(SorterVersion.state == SHADOW)
        .values(state=PAST)
        .execution_options(synchronize_session=False)
    )
    row = await session.get(SorterVersion, trained.version, populate_existing=True)
    if row is None:
        row = SorterVersion(version=trained.version)
        session.add(row)
    elif row.state == LIVE:
        return
    row.state, row.trained_at = SHADOW, clock.now()
    row.examples, row.corrections = trained.examples, corrections
    row.score, row.live_score, row.live_version = score.kept(), live_score.kept(), live_version
    row.model = packed
    await session.flush()


async def newest(session: AsyncSession) -> Sequence[SorterVersion]:
    """The versions that were trained here, newest first; without their files."""
    rows = await session.scalars(select(SorterVersion).order_by(SorterVersion.trained_at.desc()).limit(MOST_SHOWN))
    return rows.all()


async def in_state(session: AsyncSession, state: str) -> SorterVersion | None:
    """The version that is live, or in shadow."""
    return await session.scalar(
        select(SorterVersion).where(SorterVersion.state == state).execution_options(populate_existing=True)
    )


def refusals(row: SorterVersion, live: str) -> tuple[str, ...]:
    """Why a version may not be promoted while `live` is; empty when it may."""
    found = rules.refusals(Score.read(row.score), Score.read(row.live_score))
    if row.live_version != live:
        return (
            *found,
            "Another sorter has become live since it was trained. Train again, so that the two are compared.",
        )
    return found


async def refuse_or_promote(session: AsyncSession, agent: Agent, version: str, reason: str) -> tuple[str, ...]:
    """Make the version in shadow live, or say why not. Every try is on record with its reason, refused or not.

    Raises NotAllowed, NotFound, Conflict when it is not in shadow, and EmptyMessage or MessageTooLong for the reason.
    """
    reason = _own_reason(agent, reason)
    await _alone(session)
    row = await session.get(SorterVersion, version, populate_existing=True)
    if row is None:
        raise NotFound("There is no such version of the sorter.")
    if row.state != SHADOW:
        raise Conflict("This version is not in shadow any more. Load the page again.")
    live = await in_state(session, LIVE)
    before = live.version if live else sorter_kind().built()
    why_not = refusals(row, before)
    if why_not:
        await audit.note(session, agent, "refused", version=version, reason=reason, why=list(why_not))
        return why_not
    if live:
        live.state = PAST
        await session.flush()
    row.state, row.promoted_at, row.instead_of = LIVE, clock.now(), live.version if live else None
    await audit.note(session, agent, "promoted", version=version, instead_of=before, reason=reason)
    return ()


async def roll_back(session: AsyncSession, agent: Agent, version: str, reason: str) -> str:
    """Make the version that was live before `version` live again; its name. It may always be done, whatever the scores.

    Raises as `refuse_or_promote`; Conflict when `version` is not live.
    """
    reason = _own_reason(agent, reason)
    await _alone(session)
    live = await in_state(session, LIVE)
    if live is None or live.version != version:
        raise Conflict("This version is not live any more. Load the page again.")
    live.state = PAST
    await session.flush()
    back = await session.get(SorterVersion, live.instead_of, populate_existing=True) if live.instead_of else None
    if back:
        back.state = LIVE
    to = back.version if back else sorter_kind().built()
    await audit.note(session, agent, "rolled_back", version=version, to=to, reason=reason)
    return to


def _own_reason(agent: Agent, reason: str) -> str:
    if agent.role not in PROMOTERS:
        raise NotAllowed
    reason = reason.strip()
    if not reason:
        raise EmptyMessage("Say why, in a sentence. It is kept with the change.")
    if len(reason) > LONGEST_REASON:
        raise MessageTooLong(f"The reason is {len(reason) - LONGEST_REASON} characters too long.")
    return reason
