"""The night takes out what is past its time: bounded, the same run twice, and no figure changes by it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.keeping.conftest import Where
from tests.makers import make_agent, make_contact, make_conversation, session_of
from triage import clock, journey
from triage.database import transaction
from triage.keeping import forgetting
from triage.metrics.counting import repository as counting
from triage.metrics.counting.holding import hold
from triage.metrics.counting.repository import london_day

FACTS = "select day, measure, service, dimension, count, levels::text from fact order by 1, 2, 3, 4"


async def rows(statement: str, **given: Any) -> list[tuple[Any, ...]]:
    async with transaction() as session:
        return [tuple(row) for row in await session.execute(text(statement), given)]


async def old(days: float, said: str, **fields: Any) -> None:
    """A contact that came by a chat, and was closed so many days ago."""
    at = clock.now() - timedelta(days=days)
    talk = await make_conversation(("resident", said), ("agent", "Hello"), started_at=at, mode="ended")
    values = {"state": "closed", "arrived_at": at, "closed_at": at, "first_answer_at": at, "conversation_id": talk}
    values |= {"text": said, "name": said, "channel": "chat", "service": "missed_bin", "close_reason": "done"}
    contact = await make_contact(**values | fields)
    async with transaction() as session:
        await session.execute(text("update conversation set last_at = :at where id = :id"), {"id": talk, "at": at})
        await session.execute(
            text(
                "insert into attachment (id, contact_id, name, kind, size, content, at) "
                "values (gen_random_uuid(), :id, :said, 'text/plain', 1, 'x', :at)"
            ),
            {"id": contact, "said": said, "at": at},
        )


async def test_what_is_past_its_time_goes_once_and_counts_stay(
    database: str, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "PEOPLE", 2)
    for n in range(5):
        await old(800 + n, f"past{n}xyz")
    await old(800, "openxyz", state="queued", closed_at=None)
    await old(800, "complaintxyz", complaint=True)
    await old(30, "recentxyz")
    await old(400, "filedxyz")
    for said, age in (("talkedxyz", 91), ("talkingxyz", 89)):
        talk = await make_conversation(("resident", said), mode="ended")
        at = clock.now() - timedelta(days=age)
        await rows_changed(f"update conversation set started_at = :at, last_at = :at where id = '{talk}'", at)
    agent = await make_agent()
    for ends in (40, 1):
        await session_of(agent)
        await rows_changed("update sign_in set ends_at = :at where ends_at > now()", clock.now() - timedelta(days=ends))
    await rows_changed(
        "insert into tally (key, window_start, count) values ('old', :at, 1), ('new', now(), 1)",
        clock.now() - timedelta(days=3),
    )
    days = {london_day(clock.now() - timedelta(days=n)) for n in (0, 30, 89, 91, 400, 800, 801, 802, 803, 804)}

    async def counted() -> list[tuple[Any, ...]]:
        async with transaction() as session:
            await session.execute(text("delete from fact"))
            for day in sorted(days):
                await counting.recount_day(session, day)
        return await rows(FACTS)

    before = await counted()
    gone = await forgetting.forget(hold)
    assert gone["contacts"] == 5 and gone["conversations"] == 1
    assert gone["sign_in"] == 1 and gone["tally"] == 1 and gone["file"] == 2
    for word in (*(f"past{n}xyz" for n in range(5)), "talkedxyz"):
        assert await where(word) == set(), word
    for word in ("openxyz", "complaintxyz", "recentxyz", "talkingxyz"):
        assert "message.text" in await where(word), word
    assert "attachment.name" not in await where("filedxyz") and "contact.text" in await where("filedxyz")
    assert before and await counted() == before
    # Again, nothing is left to do; what was done is on record once, as counts alone.
    assert await forgetting.forget(hold) == {}
    assert await rows("select agent_id, about, detail from audit where what = 'forgotten'") == [(None, None, gone)]


async def rows_changed(statement: str, at: Any) -> None:
    async with transaction() as session:
        await session.execute(text(statement), {"at": at})


async def test_a_night_that_is_cut_short_leaves_nobody_half_erased(
    database: str, where: Where, monkeypatch: pytest.MonkeyPatch
) -> None:
    await old(801, "firstxyz")
    await old(800, "secondxyz")
    calls = 0

    async def breaks(*given: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise RuntimeError("the worker is stopped")
        await hold(*given)

    with pytest.raises(RuntimeError):
        await forgetting.forget(breaks)
    assert await where("firstxyz") == set()
    assert {"contact.text", "contact.name", "message.text"} <= await where("secondxyz")
    assert (await forgetting.forget(hold))["contacts"] == 1
    assert await where("secondxyz") == set()


async def test_a_night_has_a_bound(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "PEOPLE", 1)
    monkeypatch.setattr(forgetting, "GOES", 2)
    for n in range(3):
        await old(800 + n, f"past{n}xyz")
    assert [(await forgetting.forget(hold)).get("contacts") for _ in range(3)] == [2, 1, None]


def test_the_night_keeps_the_schedule() -> None:
    assert "keeping" in dict(journey.NIGHT)
