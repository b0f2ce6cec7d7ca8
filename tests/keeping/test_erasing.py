"""What an erasure does besides: what others hold is listed, files of ours go, danger is not forgotten, all is known."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from connectors.file_drop import FileDropCasework
from connectors.file_drop.settings import Settings
from tests.keeping.conftest import Where, erase, reference_of
from tests.makers import contact_now, make_agent, make_contact, make_conversation
from triage import clock, contacts, events, keep, outbox, reaching
from triage.contacts import file_contact
from triage.database import transaction
from triage.delivery import service as delivering
from triage.delivery import steps as delivery
from triage.errors import Conflict, Invalid, NotFound
from triage.following_up import FROM
from triage.keeping.exporting import OURS, THEIRS, _line
from triage.settings import get_settings
from triage.tables import Audit, Base, Contact, ContactHistory

WORD = "zyxqwvmark"
# What stays of each row, because figures are counted from it or nothing of a person is in it. A column that is neither
# here nor in the statement that empties the row fails below: whoever adds one decides.
STAYS = {
    "contact": {
        *("id", "channel", "conversation_id", "consent", "service", "danger", "priority", "queue", "agent_id"),
        *("complaint", "statutory", "vulnerable", "language", "repeat_of", "placement", "partner", "merged_into"),
        *("demo", "arrived_at", "queued_at", "first_due_at", "settle_due_at", "taken_at", "first_answer_at", "held"),
    },
    "conversation": {"id", "last_seq", "survey_sampled", "demo", "started_at", "last_at"},
    "message": {"id", "conversation_id", "seq", "author", "said_at"},
}
STATEMENTS = {"contact": "contacts", "conversation": "conversations", "message": "said"}
# Every table that hangs on a contact, a conversation or an answer.
HANGS = {
    *("attachment", "bulk_move_item", "case_update", "comment_reading", "contact", "contact_clock", "contact_history"),
    *("contact_link", "correction", "delivery", "invite", "answer", "learned_example", "message", "notice"),
    *("outcome_check", "referral", "shadow_decision", "sorting_decision", "survey_case", "survey_letter"),
}


@pytest.mark.parametrize("table", STAYS)
def test_every_column_is_emptied_or_said_to_stay(table: str) -> None:
    from triage.keeping.repository import _ERASE

    sets = _ERASE[STATEMENTS[table]].rsplit("where", 1)[0]
    emptied = {part.split("=")[0].strip().split()[-1] for part in sets.split(",") if "=" in part}
    names = {column.name for column in Base.metadata.tables[table].columns}
    assert names == emptied & names | STAYS[table]
    assert not emptied & STAYS[table]


def test_every_table_that_hangs_on_a_person_is_known_to_whoever_erases() -> None:
    known = {"contact", "conversation"}
    while True:
        more = {
            table.name
            for table in Base.metadata.tables.values()
            if any(key.column.table.name in known for key in table.foreign_keys)
        }
        if more <= known:
            break
        known |= more
    assert known - {"conversation"} == HANGS


async def test_what_a_supplier_has_is_listed_and_a_file_that_nobody_took_is_deleted(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTDOOR_CASEWORK", '{"missed_bin": "file_drop"}')
    get_settings.cache_clear()
    for event in events.Event.__subclasses__():
        monkeypatch.setitem(outbox.routes, event.__name__, ())
    drop = FileDropCasework(Settings(outgoing=tmp_path))
    monkeypatch.setattr(delivery, "suppliers", lambda: {"file_drop": drop})
    contact_id = await make_contact(service="missed_bin", text=WORD, consent=True)
    async with transaction() as session:
        await delivery.hand_on(session, contact_id)
    await delivering.deliver({"file_drop": drop})
    assert any(WORD.encode() in path.read_bytes() for path in tmp_path.glob("*.csv"))
    by, reference = await make_agent(role="administrator"), await reference_of(contact_id)

    # Asked first, and nothing is done without a yes.
    asked: list[str] = []

    def not_sure(theirs: list[str]) -> bool:
        asked.extend(theirs)
        return False

    no = await keep.erase(reference, by.login, True, not_sure)
    assert asked == [reference] and no == ["Nothing was erased."]
    assert (await contact_now(contact_id)).text == WORD

    said = "\n".join(await keep.erase(reference, by.login, True, lambda theirs: True))
    assert "file_drop" in said and "1 files that nobody had taken away were deleted" in said
    assert not list(tmp_path.glob("*.csv"))
    async with transaction() as session:
        (line,) = (await session.scalars(select(Audit).where(Audit.what == "erased"))).all()
    assert line.about == reference and line.detail["elsewhere"][0].startswith("file_drop: ")
    # Open, it was closed by that; nobody is told, and nothing is handed on again.
    after = await contact_now(contact_id)
    assert (after.state, after.text, after.reply_to) == ("closed", "", None) and after.erased_at is not None
    async with transaction() as session:
        await delivery.hand_on(session, contact_id)
    await delivering.deliver({"file_drop": drop})
    assert not list(tmp_path.glob("*.csv"))


async def test_it_is_in_an_administrators_name_and_of_somebody_who_is_there(database: str) -> None:
    contact_id = await make_contact(state="closed", closed_at=clock.now())
    reference = await reference_of(contact_id)
    agent, administrator = await make_agent(), await make_agent(role="administrator")
    with pytest.raises(Invalid):
        await erase(reference, agent.login)
    with pytest.raises(NotFound):
        await erase("BN-0000-0000", administrator.login)
    await erase(reference, administrator.login)
    with pytest.raises(NotFound):
        await erase(reference, administrator.login)


async def test_a_whole_conversation_is_one_persons_and_an_answer_that_is_written_is_waited_for(
    database: str, where: Where
) -> None:
    talk = await make_conversation(("resident", WORD), mode="ended")
    made = [
        await make_contact(state="closed", closed_at=clock.now(), conversation_id=talk, text=WORD) for _ in range(2)
    ]
    part = await make_contact(state="closed", closed_at=clock.now(), text=WORD, merged_into=made[0])
    by = await make_agent(role="administrator")
    async with transaction() as session:
        await session.execute(text("update conversation set turn_until = now() + interval '5 seconds'"))
    with pytest.raises(Conflict, match="just now"):
        await erase(await reference_of(made[1]), by.login)
    async with transaction() as session:
        await session.execute(text("update conversation set turn_until = null"))
    done = await erase(await reference_of(made[1]), by.login)
    assert len(done.references) == 3 and await where(WORD) == set()
    for contact_id in (*made, part):
        assert (await contact_now(contact_id)).erased_at is not None


async def test_an_address_that_was_not_safe_is_not_safe_afterwards(database: str) -> None:
    unsafe = await make_contact(
        state="closed", closed_at=clock.now(), reply_to="ada@example.org", safe_to_contact=False
    )
    safe = await make_contact(state="closed", closed_at=clock.now(), reply_to="bob@example.org", safe_to_contact=True)
    # Anybody can type anybody's address: without an agent's note it was said of that contact alone.
    typed = await make_contact(state="closed", closed_at=clock.now(), reply_to="cy@example.org", safe_to_contact=False)
    by = await make_agent(role="administrator")
    async with transaction() as session:
        await contacts.note_history(session, unsafe, contacts.SAFETY, agent_id=by.id, detail={"safe": "no"})
    for contact_id in (unsafe, safe, typed):
        await erase(await reference_of(contact_id), by.login)
    async with transaction() as session:
        assert await reaching.unsafe_address(session, "Ada <ADA@example.org>")
        assert not await reaching.unsafe_address(session, "bob@example.org")
        assert not await reaching.unsafe_address(session, "cy@example.org")
        await reaching.forget_unsafe(session, "ada@example.org")
        assert not await reaching.unsafe_address(session, "ada@example.org")


@pytest.mark.parametrize(
    ("given", "typed", "same"),
    [
        ("07700 900123", "+44 7700 900-123", True),
        ("Ada@example.org", " ada@Example.org", True),
        ("07700 900123", "07700 900124", False),
    ],
)
async def test_other_contacts_of_the_same_address_or_number_are_named_however_it_was_typed(
    database: str, given: str, typed: str, same: bool
) -> None:
    by = await make_agent(role="administrator")
    contact_id = await make_contact(state="closed", closed_at=clock.now(), reply_to=given)
    other = await make_contact(state="closed", closed_at=clock.now(), reply_to=typed)
    done = await erase(await reference_of(contact_id), by.login)
    assert done.perhaps == ([await reference_of(other)] if same else [])


async def test_the_same_form_sent_after_an_erasure_is_a_new_contact(database: str) -> None:
    async def send() -> contacts.Filed:
        async with transaction() as session:
            new = contacts.NewContact(channel="web", text=WORD, idempotency_key="a key")
            return await file_contact(session, new, "BN")

    first = await send()
    assert (await send()).reference == first.reference
    by: Any = await make_agent(role="administrator")
    await erase(first.reference, by.login, open_too=True)
    assert (await send()).reference != first.reference


def test_what_another_persons_contact_said_is_marked_in_an_export() -> None:
    contact = Contact(reference="BN-1")
    line = ContactHistory(contact_id=contact.id, what="added", detail={"said": "No", FROM: "BN-2"})
    assert _line(line, {contact.id: "BN-1"})["whose"] == "another person's"
    line.detail = {"said": "No", "key": "k"}
    assert _line(line, {contact.id: "BN-1"}) == {
        "reference": "BN-1",
        "whose": "theirs",
        "what": "added",
        "at": None,
        "detail": {"said": "No"},
    }


def test_what_they_said_by_phone_is_theirs_in_an_export_whoever_wrote_it_down() -> None:
    about, agent = uuid4(), uuid4()
    for detail, whose in (({"said": WORD, "channel": "phone"}, THEIRS), ({"name": "a.png"}, OURS)):
        what = "added" if "said" in detail else "file"
        line = ContactHistory(contact_id=about, what=what, agent_id=agent, detail=detail, at=clock.now())
        assert _line(line, {about: "BN-7K3M-9QXF"})["whose"] == whose
