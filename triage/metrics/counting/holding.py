"""Before somebody is erased: what counting finds of a contact that it will not find afterwards is held with it.

Whether a contact came back, and whether it need not have come, is seen by its resident's address or chat. When one of
two such contacts is erased, that cannot be seen of the other any more either. What is held counts from then on, so a
day can be counted again after an erasure and comes to the same.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from triage.catalogue import catalogue
from triage.metrics.counting import sql
from triage.metrics.counting.avoidable import as_case, reasons
from triage.metrics.counting.measures import BACK_WITHIN_DAYS


@lru_cache
def _statement() -> tuple[TextClause, frozenset[str], dict[str, Any]]:
    """The statement that holds, the names that it is given, and what those are of the reasons.

    Only what is so is held: of a contact that has not come back, it may be seen later that it did.
    """
    case, given = as_case(reasons())
    made = text(f"""
        with erased as (
            select id, {sql.same("reply_to")} as address, conversation_id, arrived_at from contact where id = any(:ids)
        ),
        depends as (
            select id from erased
            union select contact.id from contact join erased on contact.repeat_of = erased.id
            union select contact.id from contact join erased on {sql.same("contact.reply_to")} = erased.address
                join contact_history line on line.contact_id = contact.id and line.what = 'closed'
                    and line.at < erased.arrived_at
                    and line.at >= erased.arrived_at - interval '{BACK_WITHIN_DAYS} days'
            union select contact.id from contact join erased on contact.conversation_id = erased.conversation_id
        ),
        found as (
            select contact.id, jsonb_strip_nulls(jsonb_build_object(
                'came_back', nullif(line.at is not null and {sql.SAME_AGAIN}, false),
                'avoidable', coalesce(contact.held ->> 'avoidable', {case})
            )) as held
            from contact {sql.EARLIER}
            -- It is counted by its first closing. Whether it was opened again stands in its lines, which stay.
            left join lateral (
                select min(each.at) as at from contact_history each
                where each.contact_id = contact.id and each.what = 'closed'
            ) line on true
            where contact.id in (select id from depends)
        )
        update contact set held = coalesce(contact.held, '{{}}') || found.held
        from found where found.id = contact.id and found.held <> '{{}}'
    """)  # noqa: S608
    return made, frozenset(made._bindparams), given


async def hold(session: AsyncSession, contact_ids: Sequence[UUID]) -> None:
    """Hold with these contacts, and with those that are counted by them, what counting finds now."""
    made, names, of_reasons = _statement()
    values = of_reasons | {
        "ids": list(contact_ids),
        "with_form": [service.id for service in catalogue().services.values() if service.forms],
    }
    await session.execute(made, {name: values[name] for name in names})
