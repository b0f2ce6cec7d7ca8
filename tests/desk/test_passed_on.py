"""What the assistant passed on stands above the conversation, with the resident's say on it."""

import pytest

from tests.browsers import SignIn
from tests.makers import make_agent, make_contact, make_conversation
from triage import record
from triage.contacts import Checked, note_history, note_summary
from triage.database import transaction


async def page_of(signed_in: SignIn, checked: Checked, **fields: str) -> str:
    conversation = await make_conversation()
    contact_id = await make_contact(channel="chat", conversation_id=conversation, text="A person, please.", **fields)
    async with transaction() as session:
        await record.append_message(session, conversation, "resident", "my sister is ill")
        asked = await record.append_message(session, conversation, "resident", "a person please")
        words = "" if checked is Checked.DECLINED else "About: Missed bin."
        await note_summary(session, contact_id, "Said before it was changed.", Checked.UNCHECKED, asked.seq)
        await note_summary(session, contact_id, words, checked, asked.seq)
    browser = await signed_in(await make_agent("Q-WASTE"))
    return str((await browser.get(f"/desk/contacts/{contact_id}")).text)


@pytest.mark.parametrize(
    ("checked", "heading"),
    [
        (Checked.APPROVED, "Summary that the resident approved"),
        (Checked.CHANGED, "The resident&#39;s own summary"),
        (Checked.UNCHECKED, "Summary, not checked by the resident"),
    ],
)
async def test_it_says_whose_it_is(signed_in: SignIn, checked: Checked, heading: str) -> None:
    page = await page_of(signed_in, checked)
    assert page.index(heading) < page.index("About: Missed bin.") < page.index("my sister is ill")
    assert "Said before it was changed." not in page, "the newest counts"


async def test_what_was_kept_back_is_not_shown(signed_in: SignIn) -> None:
    page = await page_of(signed_in, Checked.DECLINED)
    assert "The resident chose not to pass on what they said before" in page
    assert "my sister is ill" not in page and "a person please" in page


async def test_a_danger_is_shown_whatever_was_kept_back(signed_in: SignIn) -> None:
    assert "my sister is ill" in await page_of(signed_in, Checked.DECLINED, danger="suicide")


async def test_without_one_nothing_is_said_of_it(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    browser = await signed_in(await make_agent("Q-WASTE"))
    assert "desk-summary" not in (await browser.get(f"/desk/contacts/{contact_id}")).text


async def test_what_a_resident_adds_later_is_read_by_the_agent(signed_in: SignIn) -> None:
    contact_id = await make_contact()
    async with transaction() as session:
        await note_history(session, contact_id, "added", detail={"said": "It was the black bin.", "key": "k"})
    browser = await signed_in(await make_agent("Q-WASTE"))
    page = (await browser.get(f"/desk/contacts/{contact_id}")).text
    assert "It was the black bin." in page and "added later" in page
