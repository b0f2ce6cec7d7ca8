"""A finished form in the web app: what is filed, and what the resident then reads."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.chat.conftest import Chat
from triage import clock
from triage.chat.engine import Turn, Understood
from triage.chat.turns import Result
from triage.database import transaction
from triage.queues.steps import queue_contact
from triage.settings import get_settings
from triage.sorting.steps import sort_contact
from triage.tables import Contact, ContactClock, Referral, SortingDecision


@pytest.fixture(autouse=True)
def on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTDOOR_NOW", "2026-11-25T10:00")
    get_settings.cache_clear()
    clock._shift.cache_clear()


async def finished(chat: Chat, form: str, answers: dict[str, str]) -> Result:
    slots: dict[str, Any] = {f"{form}_{question}": value for question, value in answers.items()}
    chat.engine.then = lambda words: Turn(
        says=({"do": f"finish_{form}"},), understood=Understood(None, 1.0, False), slots=slots
    )
    return await chat.say("yes")


async def contacts() -> list[Contact]:
    async with transaction() as session:
        return list((await session.scalars(select(Contact))).all())


async def test_an_emergency_repair_is_filed_as_one(chat: Chat) -> None:
    result = await finished(
        chat,
        "repair",
        {
            "kind": "leak",
            "water": "near electrics",
            "missing": "not asked",
            "detail": "kitchen ceiling",
            "who": "baby",
            "home": "12 Long Lane, N3 1AB",
            "access": "skip",
            "reply_to": "020 7946 0321",
        },
    )
    (contact,) = await contacts()
    assert (contact.service, contact.priority, contact.place) == ("housing_repair", "P1", "12 Long Lane, N3 1AB")
    assert contact.reply_to == "020 7946 0321"
    assert contact.details["The water"] == "Near lights, sockets or wires"
    assert "24 hours" in contact.details["Legal clock"] and "What is off" not in contact.details
    assert contact.reference in result.messages[-1].text and "24 hours" in result.messages[-1].text


REPAIR = {"missing": "not asked", "detail": "bedroom wall", "who": "nobody", "home": "12 Long Lane, N3 1AB"}
HOMELESS = {"safe": "not asked", "who": "alone", "need": "skip", "reply_to": "020 7946 0321"}


@pytest.mark.parametrize(
    ("form", "answers", "kinds"),
    [
        ("repair", REPAIR | {"kind": "leak", "water": "near electrics"}, {"hazard_emergency"}),
        ("repair", REPAIR | {"kind": "damp", "breathing": "no"}, {"hazard_investigate"}),
        ("repair", REPAIR | {"kind": "leak", "water": "slow"}, set()),
        ("homeless_assessment", HOMELESS | {"when": "tonight", "why": "family"}, {"homelessness"}),
        ("homeless_assessment", HOMELESS | {"when": "weeks", "why": "renting"}, {"homelessness"}),
        ("homeless_assessment", HOMELESS | {"when": "later", "why": "abuse", "safe": "safe"}, {"homelessness"}),
        ("homeless_assessment", HOMELESS | {"when": "later", "why": "renting"}, set()),
    ],
)
async def test_the_laws_clock_runs_on_what_a_form_filed(
    chat: Chat, trained: None, form: str, answers: dict[str, str], kinds: set[str]
) -> None:
    await finished(chat, form, answers)
    (contact,) = await contacts()
    async with transaction() as session:
        await sort_contact(session, contact.id, heard=True)
        await queue_contact(session, contact.id)
    async with transaction() as session:
        rows = (await session.scalars(select(ContactClock).where(ContactClock.contact_id == contact.id))).all()
        decision = (await session.scalars(select(SortingDecision))).one()
    assert {row.kind for row in rows} - {"first", "settle"} == kinds
    assert all(row.counts_from == contact.arrived_at for row in rows if row.kind in kinds)
    assert bool(decision.statutory) is bool(kinds) is any("Their answers say" in one for one in decision.reasons)


async def test_who_flees_abuse_is_marked_as_not_safe_to_call(chat: Chat) -> None:
    result = await finished(
        chat,
        "homeless_assessment",
        {"when": "weeks", "why": "abuse", "safe": "no", "who": "kids", "reply_to": "skip", "need": "not asked"},
    )
    (contact,) = await contacts()
    assert (contact.priority, contact.safe_to_contact, contact.reply_to) == ("P1", False, None)
    text = "\n".join(message.text for message in result.messages)
    assert "any council" in text and "may not be safe to contact you" in text


async def test_a_check_files_nothing_and_offers_what_is_next(chat: Chat) -> None:
    result = await finished(chat, "pcn_dates", {"paper": "post", "letter": "not asked", "dated": "2026-11-20"})
    assert await contacts() == []
    assert "Thursday 3 December 2026" in result.messages[0].text
    assert [one["label"] for one in result.messages[-1].extras["choices"]][-1] == "Talk to a person"
    assert "reference" not in result.messages[-1].extras


BILL = {"total": "1250.40", "stage": "court", "spread": "to march", "payments": "not asked", "day": "15"}


async def test_a_plan_is_shown_without_filing(chat: Chat) -> None:
    result = await finished(chat, "instalments", {**BILL, "send": "no"})
    assert await contacts() == []
    assert "£311.40" in result.messages[0].text


async def test_a_plan_that_is_sent_says_the_sum_as_the_resident_wrote_it(chat: Chat) -> None:
    await finished(chat, "instalments", {**BILL, "send": "yes", "home": "12 Long Lane, N3 1AB", "reply_to": "skip"})
    (contact,) = await contacts()
    assert (contact.service, contact.priority) == ("council_tax_bill", "P2")
    assert contact.details["Left to pay"] == "£1,250.40"
    assert contact.details["Plan asked for"].startswith("£311.40 on Tuesday 15 December 2026")


WORK = {"need": "debt", "behind": "not asked", "food": "yes", "area": "HA8", "hopes": "pay the rent"}


@pytest.mark.parametrize(("consent", "shares"), [("yes", True), ("no", False), ("not sure", False)])
async def test_consent_is_kept_word_for_word_with_its_time(chat: Chat, consent: str, shares: bool) -> None:
    result = await finished(chat, "work_referral", {**WORK, "consent": consent, "reply_to": "020 7946 0321"})
    (contact,) = await contacts()
    assert (contact.service, contact.queue, contact.priority) == ("find_work", "Q-WELF", "P3")
    assert contact.place == "HA8"
    asked = "May we share these answers with Barnet Homes and Jobcentre Plus, so that they can help you too?"
    kept = contact.details["Consent"]
    assert asked in kept and "Wednesday 25 November 2026 at 10am" in kept
    assert kept.startswith("Yes, they agreed" if shares else "No, they did not agree")
    async with transaction() as session:
        referral = await session.get_one(Referral, contact.id)
    assert (referral.scheme, referral.may_share, referral.outcome) == ("welfare", shares, None)
    assert asked in referral.asked and referral.answered_at.date().isoformat() == "2026-11-25"
    assert ("nobody outside the council" in result.messages[-1].text) is not shares
    # The queue's own promise is told: 2 days, not the jobs team's 10 working days.
    assert "Friday 27 November 2026" in result.messages[-1].text


async def test_the_queue_that_the_form_chose_is_kept_when_the_contact_is_sorted(chat: Chat, trained: None) -> None:
    await finished(chat, "work_referral", {**WORK, "consent": "yes", "reply_to": "skip"})
    (contact,) = await contacts()
    async with transaction() as session:
        await sort_contact(session, contact.id)
    (contact,) = await contacts()
    assert (contact.state, contact.service, contact.queue) == ("sorted", "find_work", "Q-WELF")


async def test_a_look_at_the_housing_list_is_sent_only_when_asked(chat: Chat) -> None:
    looked = {"years": "6", "need": "crowded", "effect": "can stay", "contribution": "working"}
    result = await finished(chat, "housing_precheck", {**looked, "send": "no"})
    assert await contacts() == [] and "Band 2 is likely" in result.messages[0].text
    await finished(chat, "housing_precheck", {**looked, "send": "yes", "more": "skip", "reply_to": "skip"})
    (contact,) = await contacts()
    assert contact.details["Likely band"].startswith("Band 2, by the rules as read on")


async def test_what_only_looks_like_a_date_is_read_back_as_it_was_typed(chat: Chat) -> None:
    await finished(chat, "street_report", {"what": "litter", "place": "2026-02-30", "danger": "none"})
    (contact,) = await contacts()
    assert contact.details["Where"] == "2026-02-30"


async def test_a_date_is_read_back_as_it_is_said_aloud(chat: Chat) -> None:
    chat.engine.then = lambda words: Turn(
        says=({"ask": "pcn_dates.confirm"},),
        understood=Understood(None, 1.0, False),
        form="pcn_dates",
        asking="pcn_dates_confirm",
        slots={"pcn_dates_paper": "post", "pcn_dates_letter": "not asked", "pcn_dates_dated": "2026-11-20"},
    )
    result = await chat.say("20/11/2026")
    assert "Date on it: Friday 20 November 2026" in result.messages[0].text
    assert "Which letter" not in result.messages[0].text


MOVING_OUT = {
    "way": "moving out",
    "moved": "2026-12-12",
    "hold": "rent",
    "starts": "not asked",
    "ends": "skip",
    "old": "12 Long Lane, N3 1AB",
    "before": "not asked",
    "new": "not asked",
    "after": "skip",
    "names": "not asked",
    "stay": "other people",
    "reply_to": "someone@example.org",
}


async def test_a_move_is_about_the_home_that_the_bill_is_for(chat: Chat) -> None:
    await finished(chat, "moving", MOVING_OUT)
    (contact,) = await contacts()
    assert (contact.service, contact.place) == ("council_tax_moving", "12 Long Lane, N3 1AB")
    assert contact.details["Yours until, if another day"] == "Not given"


MONEY = {"cause": "low", "age": "working age", "housing": "rent", "children": "none", "reply_to": "someone@example.org"}


@pytest.mark.parametrize(
    ("form", "answers", "queue", "priority"),
    [
        # The words on the buttons are ours: "bailiffs", "stopped" and "carers" alone are no cry for help.
        ("moving", MOVING_OUT, "Q-CTAX", "P3"),
        ("money_help", MONEY | {"today": "enough", "bill": "on time", "send": "yes"}, "Q-BENS", "P3"),
        ("money_help", MONEY | {"today": "enough", "bill": "court", "send": "yes"}, "Q-CTAX", "P2"),
        ("money_help", MONEY | {"today": "power", "bill": "court", "send": "not asked"}, "Q-WELF", "P1"),
        ("street_light", {"what": "light", "danger": "wires", "place": "12 Long Lane"}, "Q-HWAY", "P1"),
        ("pothole", {"surface": "road", "red": "no", "danger": "hurt", "place": "12 Long Lane"}, "Q-HWAY", "P1"),
        (
            "who_counts",
            {"adults": "2", "students": "0", "illness": "1", "carers": "1", "young": "0", "send": "yes"},
            "Q-CTAX",
            "P3",
        ),
    ],
)
async def test_what_a_form_files_goes_where_its_answers_say(
    chat: Chat, follow: Callable[[], Awaitable[None]], form: str, answers: dict[str, str], queue: str, priority: str
) -> None:
    await finished(chat, form, answers)
    await follow()
    (contact,) = await contacts()
    assert (contact.queue, contact.priority) == (queue, priority)


async def test_help_with_money_is_headed_as_that(chat: Chat) -> None:
    await finished(chat, "money_help", MONEY | {"today": "enough", "bill": "on time", "send": "yes"})
    (contact,) = await contacts()
    assert contact.text.startswith("Help with money: ") and contact.service == "council_tax_support"


COMPLAINT = {
    "about": "bins or streets",
    "which": "bins",
    "home": "not asked",
    "care": "not asked",
    "stage": "told you",
    "kind": "not asked",
    "earlier": "not asked",
    "happened": "Nobody came on three Tuesdays.",
    "remedy": "skip",
    "reply_to": "jo@example.org",
}


async def test_a_complaint_says_whose_service_it_is_about_and_offers_the_service(chat: Chat) -> None:
    result = await finished(chat, "complaint", COMPLAINT)
    (contact,) = await contacts()
    assert (contact.service, contact.reply_to) == ("complaint", "jo@example.org")
    assert f"/contacts/{contact.reference}" in [link["href"] for link in result.messages[0].extras["links"]]
    assert contact.details["About the service"] == "Missed bin" and contact.details["Run by"] == "Barnet Council"
    assert contact.details["Answer by"] == "Wednesday 16 December 2026"
    first, then = result.messages
    assert contact.reference in first.text and "Wednesday 2 December 2026" in first.text
    assert "missed bin" in then.text and "takes nothing away" in then.text
    assert [one["label"] for one in then.extras["choices"]] == ["Missed bin", "That's all", "Talk to a person"]


async def test_a_complaint_stays_with_complaints_and_a_request_goes_to_the_team(chat: Chat, follow: object) -> None:
    await finished(chat, "complaint", COMPLAINT)
    rude = "I am furious and want to complain, your men are a disgrace and never empty my bin."
    request = {**COMPLAINT, "stage": "first time", "kind": "put right", "happened": rude}
    result = await finished(chat, "complaint", request)
    await follow()  # type: ignore[operator]
    queues = {contact.service: contact.queue for contact in await contacts()}
    assert queues == {"complaint": "Q-GOV", "missed_bin": "Q-WASTE"}
    assert "Missed bin" in [one["label"] for one in result.messages[-1].extras["choices"]]


async def test_an_urgent_burial_is_for_the_same_day(chat: Chat, follow: object) -> None:
    result = await finished(
        chat,
        "death_time",
        {
            "hurry": "soon",
            "papers": "waiting",
            "sent_on": "not asked",
            "place": "here",
            "person": "skip",
            "certificates": "not asked",
            "reply_to": "020 7946 0321",
        },
    )
    await follow()  # type: ignore[operator]
    (contact,) = await contacts()
    assert (contact.service, contact.queue, contact.priority) == ("death_registration", "Q-REG", "P2")
    assert contact.first_due_at and contact.first_due_at.astimezone(clock.LONDON).isoformat()[:16] == "2026-11-25T17:15"
    assert "020 8359 2000" in result.messages[-1].text


async def test_who_leaves_no_number_is_told_where_the_answer_will_be(chat: Chat) -> None:
    result = await finished(chat, "complaint", {**COMPLAINT, "reply_to": "skip"})
    assert "look here for our answers" in result.messages[0].text
    result = await finished(chat, "complaint", COMPLAINT)
    assert "look here" not in result.messages[0].text


async def test_a_birth_is_asked_for_with_its_last_day(chat: Chat) -> None:
    await finished(
        chat,
        "birth_time",
        {
            "born": "2026-10-20",
            "place": "here",
            "send_on": "not asked",
            "parents": "not married",
            "free": "Tuesday mornings",
            "reply_to": "skip",
        },
    )
    (contact,) = await contacts()
    assert contact.details["Born on"] == "Tuesday 20 October 2026"
    assert contact.details["Register by"] == "Tuesday 1 December 2026"
    assert (contact.service, contact.priority) == ("birth_registration", "P2")
