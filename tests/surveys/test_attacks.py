"""Ballot stuffing, mail scanners, replay, what is out of range, formulas and zero bytes: none succeeds."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import func, select

from tests.makers import make_agent, make_conversation, session_of
from tests.surveys.test_cases import AGREED, SAID, closed, the_case
from triage import access
from triage.database import transaction
from triage.metrics import exports
from triage.surveying.addresses import source_hash
from triage.surveying.links import token_for
from triage.surveying.questions import asking
from triage.surveys import inviting, repository, steps
from triage.surveys.schemas import AnswerIn
from triage.surveys.service import Source, answer
from triage.tables import Answer, Fact, Invite, SurveyCase

pytestmark = pytest.mark.usefixtures("database")


async def link() -> str:
    """The link of a conversation that somebody has just ended."""
    conversation_id = await make_conversation(SAID, mode="ended")
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    return token_for((await the_case(conversation_id=conversation_id)).id)


async def stored() -> list[Answer]:
    async with transaction() as session:
        return list(await session.scalars(select(Answer).order_by(Answer.answered_at)))


async def test_many_answers_by_one_link_are_one(client: httpx2.AsyncClient) -> None:
    token = await link()
    sent = [client.post(f"/api/surveys/{token}", json={"satisfaction": level % 5 + 1}) for level in range(50)]
    statuses = [one.status_code for one in await asyncio.gather(*sent)]
    assert len(await stored()) == 1 and set(statuses) == {200, 409}
    (kept,) = await stored()
    # Those of the same words as the first are the same press, sent again.
    assert statuses.count(200) == 10 and kept.excluded is None


async def test_links_that_we_did_not_make_store_nothing(client: httpx2.AsyncClient) -> None:
    real = await link()
    forged = [uuid4().hex + uuid4().hex for _ in range(50)]
    # The id of a real case, with the signature of another and with none.
    forged += [real[:32] + (await link())[32:], real[:32] + "0" * 32, real.upper(), real + "0", real[:-1]]
    for token in forged:
        assert (await client.post(f"/api/surveys/{token}", json={"satisfaction": 5})).status_code == 404
        assert (await client.post(f"/api/surveys/{token}/opened")).status_code == 404
    assert await stored() == []


async def test_a_link_of_a_case_that_nobody_asked_is_no_link(client: httpx2.AsyncClient) -> None:
    """Who knows the key's holder cannot be asked: the draw and the reasons hold for a signed link as well."""
    for fields in ({"survey_sampled": False}, {"demo": True}, {"context": {"safe": False}}):
        conversation_id = await make_conversation(SAID, mode="ended", **fields)
        async with transaction() as session:
            await steps.invite_after_conversation(session, conversation_id)
        token = token_for((await the_case(conversation_id=conversation_id)).id)
        assert (await client.post(f"/api/surveys/{token}", json={"satisfaction": 5})).status_code == 404
    assert await stored() == []


async def test_many_conversations_from_one_address_count_as_a_few(client: httpx2.AsyncClient) -> None:
    for _ in range(40):
        taken = await client.post(f"/api/surveys/{await link()}", json={"satisfaction": 5, "got_it": "yes"})
        assert taken.status_code == 200, "it is not told that it does not count"
    kept = await stored()
    counted = [one for one in kept if one.excluded is None]
    assert len(kept) == 40 and len(counted) == asking().most_from_one_source
    assert {one.excluded for one in kept} == {None, "flood"}
    async with transaction() as session:
        why = await session.scalars(select(SurveyCase.why_not).where(SurveyCase.answered_at.is_not(None)))
        assert sorted(map(str, why)) == ["None"] * len(counted) + ["flood"] * (40 - len(counted))
    # Somebody else, elsewhere, counts.
    token = await link()
    async with transaction() as session:
        await answer(session, token, AnswerIn(satisfaction=1), Source("203.0.113.7"))
    assert [one.excluded for one in await stored()][-1] is None


async def answered_from(*sources: str, at: timedelta = timedelta()) -> list[str | None]:
    """An answer from each of these network addresses, as if so long ago, and why each does not count."""
    for source in sources:
        token = await link()
        async with transaction() as session:
            kept = await answer(session, token, AnswerIn(satisfaction=5), Source(source))
            assert kept is not None
            kept.answered_at -= at
    return [one.excluded for one in await stored()]


async def test_all_of_a_homes_ipv6_addresses_are_one_source() -> None:
    most = asking().most_from_one_source
    assert await answered_from(*(f"2001:db8:1:2:{n}::{n}" for n in range(1, most + 4))) == [None] * most + ["flood"] * 3
    # The next home's are another, and an IPv4 address is itself however the socket writes it.
    assert (await answered_from("2001:db8:1:3::1"))[-1:] == [None]
    assert source_hash("::ffff:203.0.113.7") == source_hash("203.0.113.7") != source_hash("203.0.113.8")
    assert source_hash("unknown") != source_hash("")


async def test_a_few_each_day_do_not_make_a_month() -> None:
    a_day, in_all = asking().most_from_one_source, asking().most_from_one_source_in_all
    for day in range(in_all // a_day, 0, -1):
        await answered_from(*["203.0.113.9"] * a_day, at=timedelta(days=day))
    kept = await answered_from("203.0.113.9", "203.0.113.10")
    assert sorted(map(str, kept)) == ["None"] * (in_all + 1) + ["flood"]


async def test_a_flood_at_the_same_moment_counts_no_more(client: httpx2.AsyncClient) -> None:
    tokens = [await link() for _ in range(12)]
    await asyncio.gather(*(client.post(f"/api/surveys/{token}", json={"satisfaction": 5}) for token in tokens))
    counted = [one for one in await stored() if one.excluded is None]
    assert len(counted) == asking().most_from_one_source


async def test_what_does_not_count_is_in_no_figure(client: httpx2.AsyncClient) -> None:
    from triage.metrics import steps as counting

    for _ in range(asking().most_from_one_source + 3):
        await client.post(f"/api/surveys/{await link()}", json={"satisfaction": 5})
    await counting.recount_last_days()
    async with transaction() as session:
        rated = await session.scalar(select(func.sum(Fact.count)).where(Fact.measure == "satisfaction"))
    assert rated == asking().most_from_one_source


async def test_a_conversation_in_which_nothing_was_said_has_no_vote() -> None:
    conversation_id = await make_conversation(("assistant", "Hello"), mode="ended")
    async with transaction() as session:
        await steps.invite_after_conversation(session, conversation_id)
    assert (await the_case(conversation_id=conversation_id)).invited_at is None


async def test_a_second_answer_by_the_same_address_is_kept_and_does_not_count(client: httpx2.AsyncClient) -> None:
    for typed in ("resident@example.com", "Resident+again@Example.com"):
        case = await closed(**AGREED | {"reply_to": typed}, close_reason="answered")
        async with transaction() as session:
            held = await repository.case(session, case.id, lock=True)
            assert held is not None
            await inviting.invite(session, held, "message")
        taken = await client.post(f"/api/surveys/{token_for(case.id)}", json={"satisfaction": 1})
        assert taken.status_code == 200
    assert [one.excluded for one in await stored()] == [None, "duplicate"]
    assert (await the_case(id=case.id)).why_not == "duplicate"


async def test_who_is_signed_in_at_the_desk_has_no_vote(client: httpx2.AsyncClient) -> None:
    token = await link()
    client.cookies.set(access.DESK_COOKIE, await session_of(await make_agent()))
    assert (await client.post(f"/api/surveys/{token}", json={"satisfaction": 5})).status_code == 200
    page = await link()
    assert (await client.post(f"/survey/{page}", data={"satisfaction": "5"})).status_code == 303
    assert [one.excluded for one in await stored()] == ["staff", "staff"]


async def test_a_mail_scanner_that_follows_every_link_changes_nothing(client: httpx2.AsyncClient) -> None:
    case = await closed(**AGREED)
    token = token_for(case.id)
    async with transaction() as session:
        held = await repository.case(session, case.id, lock=True)
        assert held is not None
        await inviting.invite(session, held, "message")

    async def everything() -> list[Any]:
        async with transaction() as session:
            rows = [await session.execute(select(table.__table__)) for table in (SurveyCase, Invite, Answer)]
            return [tuple(row) for found in rows for row in found]

    before = await everything()
    for path in ("", "/never", "/settled", "/opened"):
        for method in ("GET", "HEAD", "OPTIONS"):
            await client.request(method, f"/survey/{token}{path}")
            await client.request(method, f"/api/surveys/{token}{path}")
    assert await everything() == before


async def test_the_page_tells_by_post_that_somebody_sees_it(client: httpx2.AsyncClient) -> None:
    token = await link()
    assert f'data-opened="/api/surveys/{token}/opened"' in (await client.get(f"/survey/{token}")).text
    assert (await client.post(f"/api/surveys/{token}/opened")).status_code == 204
    async with transaction() as session:
        case = (await session.scalars(select(SurveyCase))).one()
    assert case.opened_at is not None and case.answered_at is None


async def test_what_was_said_is_never_changed_by_saying_it_again(client: httpx2.AsyncClient) -> None:
    token = await link()
    first = {"satisfaction": 2, "got_it": "no", "effort": 1, "comment": "It took a month."}
    assert (await client.post(f"/api/surveys/{token}", json=first)).status_code == 200
    for other in ({"satisfaction": 5}, {"got_it": "yes"}, {"effort": 5}):
        assert (await client.post(f"/api/surveys/{token}", json=other)).status_code == 409
    await client.post(f"/api/surveys/{token}", json={"comment": "All good!"})
    (kept,) = await stored()
    assert (kept.satisfaction, kept.got_it, kept.effort, kept.comment) == (2, "no", 1, "It took a month.")


@pytest.mark.parametrize(
    "given",
    [
        {"satisfaction": 0}, {"satisfaction": 6}, {"satisfaction": -1}, {"satisfaction": 2.5}, {"satisfaction": 10**30},
        {"effort": 0}, {"effort": 6}, {"got_it": "maybe"}, {"taken_seriously": "5"}, {"clear_next_step": "x"},
        {"comment": "x" * 1201}, {"skip": "everything"}, {"excluded": None}, {"mood": 5}, [], "5",
    ],
)  # fmt: skip
async def test_what_is_out_of_range_is_stored_nowhere(client: httpx2.AsyncClient, given: Any) -> None:
    assert (await client.post(f"/api/surveys/{await link()}", json=given)).status_code == 422
    assert await stored() == []


async def test_a_question_that_was_not_asked_of_them_takes_no_answer(client: httpx2.AsyncClient) -> None:
    token = await link()
    async with transaction() as session:
        (asked,) = (await session.scalars(select(Invite.asked))).all()
    (other,) = {"taken_seriously", "clear_next_step"} - set(asked)
    assert (await client.post(f"/api/surveys/{token}", json={other: "yes"})).status_code == 422
    assert (await client.post(f"/api/surveys/{token}", json={"skip": other})).status_code == 422
    assert await stored() == []


async def test_zero_bytes_and_half_characters_are_stored_without_harm(client: httpx2.AsyncClient) -> None:
    token = await link()
    assert (await client.post(f"/api/surveys/{token}", json={"comment": "a\x00b\x00"})).status_code == 200
    assert (await client.post(f"/api/surveys/{await link()}", json={"comment": "\x00"})).status_code == 200
    page = await client.post(f"/survey/{await link()}", data={"comment": "\x00\x00"})
    assert page.status_code in (303, 422)
    half = b'{"comment": "\\ud800"}'
    refused = await client.post(
        f"/api/surveys/{await link()}", content=half, headers={"content-type": "application/json"}
    )
    assert refused.status_code == 422
    assert [one.comment for one in await stored()] == ["ab"]


@pytest.mark.parametrize(
    "formula",
    ['=HYPERLINK("http://evil.example","x")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", " =1+1", "\n=1"],
)
async def test_a_comment_that_is_a_formula_leaves_as_text(client: httpx2.AsyncClient, formula: str) -> None:
    await client.post(f"/api/surveys/{await link()}", json={"comment": formula})
    (kept,) = await stored()
    written = exports.as_csv(["comment"], [[str(kept.comment)], [formula]])
    for (cell,) in list(csv.reader(io.StringIO(written)))[1:]:
        assert cell.lstrip(" ")[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "＝")
