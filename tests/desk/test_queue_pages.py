"""One queue as a list: what is in it, in which order, and who may see it."""

from datetime import timedelta

from tests.browsers import SignIn
from tests.makers import contact_now, make_agent, make_contact
from triage import clock, taking
from triage.database import transaction
from triage.desk.queue_pages import A_PAGE


async def test_the_nearest_clock_comes_first_and_the_list_has_pages(signed_in: SignIn) -> None:
    now = clock.now()
    made = [await make_contact(first_due_at=now + timedelta(hours=hours)) for hours in range(A_PAGE + 2, 0, -1)]
    first, last = await contact_now(made[-1]), await contact_now(made[0])
    browser = await signed_in(await make_agent("Q-WASTE"))
    page = (await browser.get("/desk/queues/Q-WASTE")).text
    assert (
        f"{A_PAGE + 2} waiting, nearest clock first" in page
        and "Page 1 of 2" in page
        and 'href="/desk/queues/Q-WASTE"' in page
    )
    assert first.reference in page and last.reference not in page
    second = (await browser.get("/desk/queues/Q-WASTE?page=2")).text
    assert last.reference in second and "Page 2 of 2" in second
    assert "Page 2 of 2" in (await browser.get("/desk/queues/Q-WASTE?page=399")).text


async def test_a_list_is_narrowed_by_state_service_and_age(signed_in: SignIn) -> None:
    agent, colleague = await make_agent("Q-WASTE"), await make_agent("Q-WASTE", name="Agent, Colleague")
    waiting = await make_contact(service="missed_bin")
    old = await make_contact(arrived_at=clock.now() - timedelta(days=9))
    later = await make_contact(follow_up_on=clock.today() + timedelta(days=3))
    held = await make_contact()
    async with transaction() as session:
        await taking.take(session, colleague.id, held)
    browser = await signed_in(agent)
    names = {(await contact_now(one)).reference: one for one in (waiting, old, later, held)}

    async def shown(query: str) -> set[object]:
        text = (await browser.get(f"/desk/queues/Q-WASTE?{query}")).text
        assert query not in ("show=taken", "show=open") or "with Agent, Colleague" in text
        listed = text.partition('id="queue-list"')[2]
        return {one for reference, one in names.items() if reference in listed}

    assert await shown("") == {waiting, old}
    assert await shown("show=taken") == {held}
    assert await shown("show=later") == {later}
    assert await shown("show=open") == {waiting, old, later, held}
    assert await shown("show=open&age=week") == {old}
    assert await shown("service=missed_bin") == {waiting}
    assert await shown("show=nonsense&service=nonsense&age=nonsense") == {waiting, old}


async def test_a_line_has_what_it_takes_to_choose_and_a_way_to_take(signed_in: SignIn) -> None:
    agent = await make_agent("Q-WASTE")
    one = await make_contact(service="missed_bin", place="4 Long Lane, N3 2PX", text="The brown bin. " * 20)
    await make_contact(service="missed_bin", place="4 Long  lane n3 2px")
    mine = await make_contact(service="missed_bin", place="9 Other Road")
    async with transaction() as session:
        await taking.take(session, agent.id, mine)
    browser = await signed_in(agent)
    page = (await browser.get("/desk/queues/Q-WASTE?show=open")).text
    listed = page.partition('id="queue-list"')[2]
    assert "3 open: 2 waiting, 1 taken, nearest clock first" in listed and "with you" in listed
    assert listed.count("Perhaps the same as another") == 2 and listed.count(">Take<") == 2
    assert "“The brown bin." in listed and "…”" in listed and "The brown bin. " * 12 not in listed
    taken = await browser.post(f"/desk/contacts/{one}/take", data={"version": "1"})
    assert taken.headers["location"] == f"/desk/contacts/{one}"
    # Given back, it is said on my desk, and may be taken again from there; once, and not for ever.
    version = str((await contact_now(one)).version)
    given = await browser.post(f"/desk/contacts/{one}/release", data={"version": version})
    said = (await browser.get(given.headers["location"])).text
    assert "is given back to Bin collections." in said and "Take it back" in said
    await browser.post(f"/desk/contacts/{one}/take", data={"version": str((await contact_now(one)).version)})
    assert "is given back" not in (await browser.get(given.headers["location"])).text


async def test_a_queue_that_is_not_mine_is_not_found(signed_in: SignIn) -> None:
    browser = await signed_in(await make_agent("Q-LIB"))
    for code in ("Q-WASTE", "Q-NOWHERE"):
        assert (await browser.get(f"/desk/queues/{code}")).status_code == 404
