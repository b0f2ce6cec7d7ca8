"""One try at somebody else's system: made with no database session open, its outcome then noted and counted.

Whoever sends claims what is to be sent in a transaction before, with a lease or a moment before which nobody tries it
again: a try whose process dies is made again then, under the same client reference, by which the supplier knows that it
has it already. So a try whose answer was lost (`maybe_done`) is like one that failed: it is made again, and is one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.errors import ConnectorError, SupplierSlow
from connectors.registry import choose
from triage import clock
from triage.catalogue import catalogue
from triage.database import transaction
from triage.sending import repository
from triage.sending.rules import PROBE

log = structlog.get_logger(__name__)

T = TypeVar("T")
Note = Callable[[AsyncSession, T | ConnectorError], Awaitable[None]]


class Broke(ConnectorError):
    """The connector itself went wrong, in a way that it does not name."""

    retryable = True


async def send(supplier: str, limit_s: float, call: Callable[[], Awaitable[T]], note: Note[T]) -> bool:
    """Make one call of a supplier's, then note what came of it; whether it was taken."""
    answer = await attempt(supplier, limit_s, call)
    async with transaction() as session:
        await note(session, answer)
        # Counted last: everybody who sends writes this row, so it is held for as short as can be.
        await _count(session, supplier, answer)
    return not isinstance(answer, ConnectorError)


async def attempt(supplier: str, limit_s: float, call: Callable[[], Awaitable[T]]) -> T | ConnectorError:
    """The answer of one call, or why there is none. Raises nothing, and takes no longer than `limit_s`."""
    try:
        async with asyncio.timeout(limit_s):
            return await call()
    except TimeoutError:
        return SupplierSlow(maybe_done=True)
    except ConnectorError as error:
        return error
    except Exception as error:
        # Whatever a supplier's client raises, the thing is still to be sent: it is tried again.
        log.warning("supplier.broke", supplier=supplier, error=type(error).__name__)
        return Broke(maybe_done=True)


async def _count(session: AsyncSession, supplier: str, answer: object) -> None:
    """What is refused for good says nothing about how the supplier is doing."""
    if not isinstance(answer, ConnectorError):
        await repository.note_success(session, supplier, clock.now())
    elif answer.retryable:
        await repository.note_failure(session, supplier, clock.now())


async def left_alone_until(session: AsyncSession, supplier: str, now: datetime) -> datetime | None:
    """Before when a supplier is not to be tried; None: it may be now.

    To whoever asks first after a pause it is given to see whether the supplier works again, and the others wait for
    what comes of that: whoever is told None tries it in this very moment.
    """
    breaker = await repository.breaker(session, supplier)
    if breaker.is_open(now):
        return breaker.opened_until
    if breaker.is_probing(now) and not await repository.take_probe(session, supplier, now):
        return now + PROBE
    return None


@lru_cache
def messenger() -> str:
    """The name of the supplier of messages that the council has switched on. Raises UnknownConnector."""
    return choose(catalogue().council.get("connectors", {}))["messages"]
