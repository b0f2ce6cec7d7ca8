"""What search asks of the database: PostgreSQL's full text, and pgvector's cosine where the extension is there."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from triage.chat.search.passages import Passage as Written
from triage.chat.search.ranking import Candidate
from triage.tables import Passage

Vector = NDArray[np.float32]
# How many are taken from each of the two lists.
MOST = 12

# The column stands outside the model, because a database without the extension has none (triage/migrations/meaning.py).
_HAS_MEANING = text(
    "select exists (select from pg_attribute"
    " where attrelid = 'passage'::regclass and attname = 'meaning' and not attisdropped)"
)
_WITHOUT_MEANING = text("select id from passage where meaning is null")
_SET_MEANING = text("update passage set meaning = cast(:meaning as vector) where id = :id")

# A word's weight falls from 1 (in no passage) towards 0 (in all), whatever the number of passages. Vectors are all
# compared: for some thousands that takes two milliseconds, and misses none as an index of them would.
_SEARCH = """
with size as (select count(*)::float as passages from passage),
word as materialized (
    select lexeme, quote_literal(lexeme)::tsquery as query from unnest(to_tsvector('english', :terms)) as t(lexeme)
),
hit as materialized (select p.id, word.lexeme from word join passage p on p.words @@ word.query),
asked as materialized (
    select word.lexeme, ln((passages + 1) / (count(hit.id) + 0.5)) / ln(2 * (passages + 1)) as weight
    from size, word left join hit using (lexeme) group by word.lexeme, passages
),
by_words as materialized (
    select hit.id, sum(asked.weight) as found from hit join asked using (lexeme) group by hit.id
),
listed as (
    (select id from by_words order by found desc, id limit :most){by_meaning}
)
select p.id, p.hash, {nearness} as nearness,
    coalesce((select sum(weight) from asked), 0) as asked, coalesce(by_words.found, 0) as found
from passage p left join by_words using (id)
where p.id in (select id from listed)
"""
_BY_WORDS = text(_SEARCH.format(by_meaning="", nearness="null"))
_BY_BOTH = text(
    _SEARCH.format(
        by_meaning="""
    union (select id from passage order by meaning <=> cast(:meaning as vector), id limit :most)""",
        nearness="1 - (p.meaning <=> cast(:meaning as vector))",
    )
)


async def has_meaning(session: AsyncSession) -> bool:
    """Whether passages have vectors here: the database has the extension, and the tables know it."""
    return bool(await session.scalar(_HAS_MEANING))


async def hashes(session: AsyncSession, *, with_vectors: bool) -> dict[str, str]:
    """Each stored passage's hash by id. With vectors, a passage that has none counts as changed: its hash is ''."""
    kept = {row.id: row.hash for row in await session.execute(select(Passage.id, Passage.hash))}
    blind = (await session.scalars(_WITHOUT_MEANING)).all() if with_vectors else ()
    return kept | dict.fromkeys(blind, "")


async def put(
    session: AsyncSession, passages: Sequence[Written], hashes: Mapping[str, str], vectors: Vector | None
) -> None:
    """Store passages in place of what has their ids, with their vectors, shape (passages, 768)."""
    rows = [{**asdict(one), "hash": hashes[one.id]} for one in passages]
    statement = insert(Passage)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "id"}
    await session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=changed), rows)
    if vectors is not None:
        await session.execute(
            _SET_MEANING,
            [{"id": one.id, "meaning": _literal(vector)} for one, vector in zip(passages, vectors, strict=True)],
        )


async def remove(session: AsyncSession, ids: Collection[str]) -> None:
    """Forget passages that the content has no longer."""
    await session.execute(delete(Passage).where(Passage.id.in_(ids)))


async def candidates(session: AsyncSession, terms: str, vector: Vector | None) -> list[Candidate]:
    """The passages that have most of the words, and those that mean nearly the same when there is a vector."""
    given = {"terms": terms, "most": MOST}
    found = await (
        session.execute(_BY_WORDS, given)
        if vector is None
        else session.execute(_BY_BOTH, {**given, "meaning": _literal(vector)})
    )
    return [Candidate(row.id, row.hash, row.found, row.asked, row.nearness) for row in found]


def _literal(vector: Vector) -> str:
    """A vector as pgvector reads it: [0.1,0.2,…]."""
    return "[" + ",".join(f"{number:.6g}" for number in vector.tolist()) + "]"
