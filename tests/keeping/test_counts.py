"""Erasing changes no figure: every day that is counted again comes to what it came to before."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.keeping.conftest import erase, reference_of
from tests.makers import make_agent, make_contact, make_conversation
from tests.metrics.conftest import MakeAnswer, make_answer  # noqa: F401
from tests.metrics.counting.conftest import NOON
from tests.metrics.counting.test_rebuilding import PLACES, rebuilt
from triage.database import transaction
from triage.tables import ContactHistory


async def a_record(chance: random.Random, make_answer: MakeAnswer) -> list[UUID]:  # noqa: F811
    """Contacts of few people who come back and repeat themselves, some by chat, some merged; all closed."""
    made: list[UUID] = []
    for _ in range(24):
        came = NOON.replace(month=10, day=28) + timedelta(hours=chance.randrange(8 * 24 - 14))
        over = came + timedelta(hours=chance.randrange(1, 60))
        talk = None
        if chance.random() < 0.4:
            says = [("resident", "Hello"), ("assistant", "Yes?"), *([("agent", "Hello")] * chance.randrange(2))]
            talk = await make_conversation(
                *says, started_at=came, mode="ended", context={"service": "missed_bin", "name": "Ada"}
            )
            async with transaction() as session:
                await session.execute(
                    text("update conversation set last_at = :over where id = :id"), {"id": talk, "over": over}
                )
        contact = await make_contact(
            arrived_at=came,
            closed_at=over,
            first_answer_at=came + timedelta(minutes=30),
            state="closed",
            close_reason=chance.choice(("done", "no_reply", "passed_on")),
            channel=chance.choice(("web", "email")) if talk is None else "chat",
            conversation_id=talk,
            consent=chance.random() < 0.5,
            service="missed_bin",
            reply_to=f"{chance.randrange(3)}@example.org",
            repeat_of=chance.choice(made) if made and chance.random() < 0.5 else None,
            merged_into=chance.choice(made) if made and chance.random() < 0.15 else None,
            language=chance.choice((None, "pl")),
            vulnerable=chance.choice(([], ["older"])),
            danger=chance.choice((None, None, "gas")),
            details=chance.choice(PLACES) | {"Name": "Ada"},
            tags=chance.choice(([], ["letter"])),
        )
        made.append(contact)
        async with transaction() as session:
            again = chance.random() < 0.2
            said = [("closed", over, {"reason": "done", "outcome": "Ada has it", "queue": "Q-WASTE"})]
            said += [("reopened", over + timedelta(hours=5), {"said": "No"})] if again else []
            if chance.random() < 0.3:
                # Ada rang, and it was written down.
                how = {"said": "Ada rang", "channel": "phone", "kind": chance.choice(("chases", "comes_back"))}
                said += [("added", over + timedelta(hours=chance.randrange(-9, 9)), how)]
            session.add_all(ContactHistory(contact_id=contact, what=what, at=at, detail=how) for what, at, how in said)
        if chance.random() < 0.4:
            about = {"service": "missed_bin", "contact_id": contact, "conversation_id": talk}
            await make_answer(chance.randint(1, 5), over, got_it=chance.choice(("yes", "no")), **about)
    return made


@pytest.mark.parametrize("seed", range(2))
async def test_a_day_counted_again_after_an_erasure_is_as_it_was(
    make_answer: MakeAnswer,  # noqa: F811
    seed: int,
) -> None:
    chance = random.Random(seed)
    made = await a_record(chance, make_answer)
    before = await rebuilt()
    assert {row[1] for row in before} >= {"arrived", "closed", "chat", "satisfaction", "danger_time"}
    levels = {level for row in before if row[1] in ("arrived", "closed") for level in (row[-1] or {})}
    assert {"came_back", "stayed", "needed"} < levels
    by = await make_agent(role="administrator")
    for contact in chance.sample(made, 12):
        reference = await reference_of(contact)
        if not reference.startswith("erased"):
            await erase(reference, by.login)
        assert await rebuilt() == before
    async with transaction() as session:
        left = await session.scalar(text("select count(*) from contact where erased_at is null"))
    assert left is not None and left < 13


async def test_whoever_comes_after_an_erasure_is_counted(make_answer: MakeAnswer) -> None:  # noqa: F811
    first = await make_contact(
        arrived_at=NOON.replace(month=10, day=29),
        closed_at=NOON.replace(month=10, day=30),
        state="closed",
        service="missed_bin",
        reply_to="ada@example.org",
    )
    async with transaction() as session:
        closed = ContactHistory(contact_id=first, what="closed", at=NOON.replace(month=10, day=30), detail={})
        session.add(closed)
    before = await rebuilt()
    by = await make_agent(role="administrator")
    await erase(await reference_of(first), by.login)
    assert await rebuilt() == before
    await make_contact(arrived_at=NOON.replace(month=10, day=31), service="missed_bin", reply_to="ada@example.org")
    assert len(await rebuilt()) > len(before)
