"""Who was asked and what they said: every case once, at its furthest, and only answers that count."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import update

from tests.makers import make_contact, make_conversation
from tests.metrics.conftest import MakeAnswer
from tests.metrics.counting.conftest import DAY, NOON, Counted
from triage.database import transaction
from triage.metrics import steps
from triage.metrics.counting import repository
from triage.tables import Answer, OutcomeCheck, SurveyCase


async def case(**fields: Any) -> None:
    """A contact that ended at noon and whose resident was drawn."""
    values = {"kind": "contact", "channel": "web", "service": "pothole", "queue": "Q-HWAY", "partner": "council"}
    ended = {"ending": "closed", "ended_at": NOON, "eligible": True, "sampled": True, "share": 1.0}
    async with transaction() as session:
        session.add(SurveyCase(**(values | ended | fields)))


async def test_each_case_is_counted_once_at_its_furthest_with_the_reason(counted: Counted) -> None:
    asked = {"invited_at": NOON, "invited_by": "chat"}
    opened = asked | {"opened_at": NOON}
    for fields in (
        {"eligible": False, "why_not": "staff"},
        {"sampled": False, "why_not": "not_sampled"},
        {"why_not": "no_way_to_ask"},
        {},
        asked | {"why_not": "expired"},
        opened,
        opened | {"answered_at": NOON, "why_not": "flood"},
        opened | {"answered_at": NOON},
        # It was answered before anything told that it was opened.
        asked | {"answered_at": NOON},
        {"demo": True},
        {"ending": None, "ended_at": None, "eligible": None},
    ):
        await case(**fields)
    assert await counted("survey") == {
        "out:staff": 1,
        "eligible:not_sampled": 1,
        "sampled:no_way_to_ask": 1,
        "sampled:waiting": 1,
        "invited:expired": 1,
        "opened:waiting": 1,
        "excluded:flood": 1,
        "answered": 2,
    }
    assert await counted("invited") == {"unopened": 1, "opened": 1, "answered": 3}
    assert await counted("answered") == {"": 2}


async def test_who_answers_on_their_contacts_own_page_was_not_asked(counted: Counted) -> None:
    page = {"invited_at": NOON, "invited_by": "page", "opened_at": NOON, "answered_at": NOON}
    await case(**page)
    await case(**page, why_not="duplicate")
    await case(invited_at=NOON, invited_by="message")
    assert await counted("survey") == {"page": 1, "page:duplicate": 1, "invited:waiting": 1}
    assert await counted("invited") == {"unopened": 1}
    assert await counted("answered") == {}
    # They are among those who could have answered, and their answers are weighted as any other.
    assert await counted("ended") == {"closed": 3}


async def test_what_was_left_in_a_chat_could_be_asked_about_once(counted: Counted) -> None:
    talk: dict[str, Any] = {"kind": "conversation", "channel": "chat", "ending": "message_left"}
    await case(**talk, why_not="asked_later")
    await case()
    # Who is drawn is drawn for both.
    await case(**talk, sampled=False, why_not="not_sampled")
    await case(sampled=False, why_not="not_sampled")
    assert await counted("survey") == {"out:asked_later": 2, "sampled:waiting": 1, "eligible:not_sampled": 1}
    assert await counted("ended") == {"closed": 2}


async def test_a_chat_and_what_came_of_it_are_one_need_whatever_became_of_either(counted: Counted) -> None:
    """Each of these is a chat with its contact; one of the two is out, and nobody is counted twice."""
    asked: dict[str, Any] = {"invited_at": NOON, "invited_by": "chat"}
    for talk, contact in (
        # Closed by an agent in the chat, and asked there about the contact.
        ({"ending": "closed", "why_not": "asked_lately"}, asked),
        ({"ending": "closed", "why_not": "asked_lately"}, asked | {"answered_at": NOON}),
        # They left no address and were asked in the chat; once it is closed there is no way to, or it was lately.
        ({"ending": "message_left"} | asked, {"why_not": "no_way_to_ask"}),
        ({"ending": "message_left"} | asked | {"answered_at": NOON}, {"why_not": "asked_lately"}),
        # They went on in a chat in which they had been asked already.
        ({"ending": "settled"} | asked, {"why_not": "asked_lately"}),
        # Neither was asked.
        ({"ending": "message_left", "why_not": "no_way_to_ask"}, {"why_not": "no_way_to_ask"}),
        ({"ending": "message_left", "why_not": "unsafe"}, {"why_not": "unsafe"}),
    ):
        conversation_id = await make_conversation(("resident", "my bin"))
        contact_id = await make_contact(conversation_id=conversation_id)
        await case(kind="conversation", channel="chat", conversation_id=conversation_id, **talk)
        await case(contact_id=contact_id, **contact)
    assert await counted("survey") == {
        "out:asked_later": 4,
        "out:asked_in_chat": 3,
        "invited:waiting": 3,
        "answered": 2,
        "sampled:no_way_to_ask": 1,
        "sampled:unsafe": 1,
    }
    assert sum((await counted("ended")).values()) == 7


async def test_who_could_have_answered_is_counted_by_how_it_ended_whether_or_not_they_were_asked(
    counted: Counted, make_answer: MakeAnswer
) -> None:
    done = await make_contact(state="closed", closed_at=NOON, close_reason="not_done")
    talk: dict[str, Any] = {"kind": "conversation", "channel": "chat"}
    await case(contact_id=done, sampled=False, why_not="not_sampled")
    await case(**talk, ending="abandoned", why_not="abandoned")
    await case(**talk, ending="settled", invited_at=NOON)
    # Asked about the whole when what they left with us is closed; not one of those who could be asked; made up.
    await case(**talk, ending="message_left", why_not="asked_later")
    await case(ending="merged", eligible=False, why_not="merged")
    await case(demo=True)
    assert await counted("ended") == {"not_done": 1, "abandoned": 1, "settled": 1}
    # What was said, by the same words.
    await make_answer(2, NOON, contact_id=done)
    await make_answer(5, NOON)
    assert await counted("rated") == {"not_done:2": 1, "closed:5": 1}


async def test_an_answer_that_does_not_count_is_not_counted(counted: Counted, make_answer: MakeAnswer) -> None:
    await make_answer(5, NOON)
    again = await make_answer(1, NOON)
    async with transaction() as session:
        await session.execute(update(Answer).where(Answer.id == again).values(excluded="duplicate"))
    assert await counted("satisfaction") == {"5": 1}


async def test_each_question_is_of_those_who_answered_it(counted: Counted, make_answer: MakeAnswer) -> None:
    first, second = await make_answer(5, NOON), await make_answer(4, NOON)
    async with transaction() as session:
        await session.execute(update(Answer).where(Answer.id == first).values(satisfaction=None, effort=2))
        await session.execute(update(Answer).where(Answer.id == second).values(taken_seriously="partly"))
    found = {name: await counted(name) for name in ("satisfaction", "effort", "taken_seriously", "clear_next_step")}
    assert found == {
        "satisfaction": {"4": 1},
        "effort": {"2": 1},
        "taken_seriously": {"partly": 1},
        "clear_next_step": {},
    }


async def check(settled: bool | None, asked: bool = True, **fields: Any) -> UUID:
    """A contact closed at noon, whose resident was asked a week later whether it was really settled."""
    later = NOON + timedelta(days=7)
    values = {
        "contact_id": await make_contact(),
        "queue": "Q-WASTE",
        "channel": "web",
        "closed_at": NOON,
        "due_at": later,
    }
    async with transaction() as session:
        made = OutcomeCheck(
            **(values | fields),
            settled=settled,
            asked_at=later if asked else None,
            answered_at=later if settled is not None else None,
        )
        session.add(made)
        await session.flush()
        return made.id


async def test_whether_it_was_really_settled_is_of_the_day_of_closing(counted: Counted) -> None:
    for settled in (True, True, False, None):
        await check(settled)
    await check(None, asked=False)
    await check(True, demo=True)
    await check(True, why_not="staff")
    assert await counted("outcome") == {"yes": 2, "no": 1, "no_answer": 1}


async def test_an_answer_to_that_counts_its_day_again(counted: Counted) -> None:
    made = await check(True)
    async with transaction() as session:
        assert await repository.days_of_outcome(session, made) == {DAY}
        assert await repository.days_of_outcome(session, uuid4()) == set()
        await steps.count_outcome(session, made)
    assert await counted("outcome") == {"yes": 1}
