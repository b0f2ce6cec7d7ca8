"""Plain answers that residents type into forms, as they were heard from people who tried: none is lost or bent."""

import json
from typing import Any

import pytest

from bot.actions.answers import KINDS
from bot.actions.contact_status import ContactStatusForm
from bot.actions.labels import most_of_a_label, whole_label
from bot.actions.message import MessageForm
from bot.actions.missed_bin import MissedBinForm
from bot.actions.parsing import asks_outright
from tests.bot.fakes import HOME, Council, answer
from tests.bot.test_declared_answers import FORMS, form, notes
from tests.patience import at_once


@pytest.mark.parametrize("name", sorted(FORMS))
async def test_every_button_may_be_typed(name: str) -> None:
    for question in FORMS[name].questions:
        for meant, label in question.labels.items():
            for text in (label, label.upper().replace("'", "").replace(",", "").replace(".", "")):
                slots, _ = await answer(form(name), f"{name}_{question.id}", text)
                assert slots[f"{name}_{question.id}"] == meant, text


@pytest.mark.parametrize(
    ("name", "question", "text", "meant"),
    [
        # Dates in words.
        ("moving", "moved", "the third of november", "2026-11-03"),
        ("moving", "moved", "third november twenty twenty six", "2026-11-03"),
        ("moving", "moved", "18th", "2026-11-18"),
        # A button's own words, whole or most of them.
        ("moving", "way", "one to another", "within"),
        ("moving", "way", "FROM ONE HOME HERE TO ANOTHER", "within"),
        ("housing_precheck", "effect", "yes but its hard", "can stay"),
        ("housing_precheck", "effect", "No I must leave", "must leave"),
        ("housing_precheck", "effect", "no", "must leave"),
        ("housing_precheck", "effect", "yes", "can stay"),
        ("housing_precheck", "send", "just tell me", "no"),
        ("housing_precheck", "years", "less than a year", "0"),
        ("complaint", "stage", "i have had your final answer", "final"),
        # An age.
        ("blue_badge_check", "age", "hes 74", "3 or older"),
        ("blue_badge_check", "age", "18 months", "under 3"),
        ("money_help", "age", "I'm 71", "pension age"),
        ("money_help", "age", "66", None),
        # Two in one breath.
        ("fly_tipping", "what", "a mattress and about 6 black bags", "something else"),
        ("fly_tipping", "what", "two black bags", "bags"),
        ("fly_tipping", "danger", "needles and broken glass", "needles"),
        ("bulky_booking", "special", "a fridge and some paint", "both"),
        ("repair", "kind", "the boiler and the front door", None),
        ("repair", "missing", "heating and hot water", "both"),
        # A rate is no sum.
        ("instalments", "total", "I can pay 80 a month", None),
        ("instalments", "total", "I can pay £80", None),
        ("instalments", "total", "I have to pay 1250.40", "1250.40"),
        ("homeless_assessment", "who", "my wife and kids", "kids and others"),
        ("homeless_assessment", "income", "job and universal credit", "both"),
        ("instalments", "total", "80 pounds per month", None),
        ("instalments", "total", "it's 1250.40 and I can pay 80 a month", "1250.40"),
    ],
)
async def test_what_people_typed(name: str, question: str, text: str, meant: str | None) -> None:
    slots, _ = await answer(form(name), f"{name}_{question}", text)
    assert slots[f"{name}_{question}"] == meant


def test_a_sum_is_looked_for_at_once_however_many_figures_were_typed() -> None:
    with at_once():
        KINDS["money"]("1" * 20_000 + "x", Council())


async def test_who_names_two_options_is_asked_which() -> None:
    _, said = await answer(form("repair"), "repair_kind", "the boiler and the front door")
    assert notes(said) == ["several"]


@pytest.mark.parametrize(
    ("name", "question", "text", "kept"),
    [
        ("complaint", "about", "something else, it was the woman on reception at colindale", True),
        ("fly_tipping", "what", "a mattress and about 6 black bags", True),
        ("complaint", "about", "Something else", False),
        ("complaint", "about", "it's about the bins", False),
        ("moving", "way", "one to another", False),
    ],
)
async def test_what_was_typed_beside_an_option_is_kept(name: str, question: str, text: str, kept: bool) -> None:
    slots, _ = await answer(form(name), f"{name}_{question}", text)
    beside = json.loads(slots.get(f"{name}_beside") or "{}")
    assert beside == ({question: [slots[f"{name}_{question}"], text]} if kept else {})


@pytest.mark.parametrize(
    ("name", "question", "text"),
    [
        ("complaint", "about", "wait how much is a parking permit"),
        ("death_time", "certificates", "how much are the certificates"),
        ("fly_tipping", "seen", "can i do it anonymously"),
        ("instalments", "payments", "how would 10 be"),
        ("death_time", "papers", "wait whats a coroner"),
        ("complaint", "happened", "how long does it take"),
        ("fly_tipping", "place", "do you need the postcode"),
    ],
)
async def test_a_question_is_never_an_answer(name: str, question: str, text: str) -> None:
    slot = f"{name}_{question}"
    slots, said = await answer(form(name), slot, text)
    assert (slots[slot], slots["requested_slot"]) == (None, slot)
    assert notes(said) == ["asked"]
    slots, said = await answer(form(name), slot, text, intent="blue_badge")
    assert (slots[slot], said) == (None, [{"answer": "blue_badge"}])


DEATH = {"death_time_hurry": "no", "death_time_papers": "sent", "death_time_sent_on": "2026-11-24"}


async def test_a_question_changes_nothing_that_was_checked() -> None:
    slots, said = await answer(form("death_time"), "death_time_confirm", "wait whats a coroner", **DEATH)
    assert "death_time_papers" not in slots and notes(said) == ["asked"]
    slots, _ = await answer(MissedBinForm(Council()), "missed_bin_stream", "wait how much is a blue badge")
    assert slots["missed_bin_stream"] is None


@pytest.mark.parametrize(
    "text",
    [
        "When I got home the bin was still full. Why does this keep happening?",
        "Can you come on a Tuesday",
        "was the same van again with a ladder on it",
        "what happened was the crew left it in the road",
        "Is it right that I have waited five weeks for a man to come and look at a boiler that never worked once?",
    ],
)
async def test_a_story_may_hold_a_question(text: str) -> None:
    slots, _ = await answer(form("complaint"), "complaint_happened", text)
    assert slots["complaint_happened"] == text


@pytest.mark.parametrize(
    "text",
    [
        "can stay for now",
        "when I moved in",
        "is leaking",
        "can I change the address?",
        "how do I change it",
        "whatsapp",
        "has heat",
    ],
)
def test_what_only_begins_like_a_question(text: str) -> None:
    assert not asks_outright(text)


@pytest.mark.parametrize(
    ("text", "meant"), [("wednesday 18th of november", "2026-11-18"), ("no, the 20th", "2026-11-20"), ("no", None)]
)
async def test_a_date_is_put_right_at_the_last_look(text: str, meant: str | None) -> None:
    slots, _ = await answer(form("death_time"), "death_time_confirm", text, **DEATH)
    assert slots.get("death_time_sent_on") == meant


async def test_what_is_put_right_half_way_is_said() -> None:
    slots, said = await answer(form("repair"), "repair_detail", "sorry I meant a leak", repair_kind="damp")
    assert slots["repair_kind"] == "leak"
    assert said == [{"note": "repair.corrected", "values": {"question": "kind", "answer": "leak"}}]


@pytest.mark.parametrize("text", ["leave a message", "Leave a message."])
async def test_leave_a_message_is_no_message(text: str) -> None:
    slots, said = await answer(MessageForm(), "message_text", text, intent="leave_message")
    assert (slots["message_text"], slots["requested_slot"], said) == (None, "message_text", [])


async def test_a_buttons_words_are_a_command_where_any_words_are_an_answer() -> None:
    slots, said = await answer(MessageForm(), "message_text", "check my report")
    assert (slots["message_text"], said) == (None, [{"answer": "contact_status"}])
    slots, said = await answer(form("add_to_contact"), "add_to_contact_addition", "leave a message")
    assert (slots["add_to_contact_addition"], said) == (None, [{"answer": "leave_message"}])


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("all of them", "all of them"),
        ("they missed all the bins", "all of them"),
        ("black and blue", "black and blue"),
        ("blue, black and the food one", "black, blue and brown"),
        ("the blue bin not the black", "blue"),
        ("blue or black", None),
        ("my bins", None),
    ],
)
async def test_several_bins(text: str, meant: str | None) -> None:
    slots, said = await answer(MissedBinForm(Council()), "missed_bin_stream", text)
    assert slots["missed_bin_stream"] == meant
    assert notes(said) == ([] if meant else ["which_bins" if text == "my bins" else "not_a_bin"])


async def test_several_bins_are_taken_to_an_address() -> None:
    council = Council()
    slots, said = await answer(
        MissedBinForm(council), "missed_bin_address", "12 N3 1AB", missed_bin_stream="black and blue"
    )
    assert (slots["missed_bin_address"], said, council.asked) == (HOME.line, [], ["12 N3 1AB"])


@pytest.mark.parametrize("asked", ["missed_bin_address", "missed_bin_out_on_time", "missed_bin_problem"])
async def test_another_bin_half_way_is_a_correction_and_is_said(asked: str) -> None:
    text = "i mean its the blue bin not the black"
    slots, said = await answer(MissedBinForm(Council()), asked, text, missed_bin_stream="black")
    assert slots["missed_bin_stream"] == "blue"
    assert said == [{"note": "missed_bin.corrected", "values": {"question": "stream", "answer": "blue"}}]


async def test_a_code_is_asked_for_three_times_at_most() -> None:
    status: Any = ContactStatusForm(Council())
    given: dict[str, Any] = {"contact_reference": "BN-7K3M-9QXF"}
    for tries in (1, 2):
        slots, said = await answer(status, "contact_code", "I don't have it here", **given)
        assert (slots["contact_tries"], notes(said), slots["form_ended"]) == (tries, ["not_a_code"], None)
        given["contact_tries"] = slots["contact_tries"]
    slots, said = await answer(status, "contact_code", "I don't have it here", **given)
    assert (slots["form_ended"], slots["requested_slot"], said) == ("lost", None, [])


@pytest.mark.parametrize(("text", "intent"), [("leave a message", "nlu_fallback"), ("can i msg you", "leave_message")])
async def test_who_would_rather_leave_a_message_is_not_asked_for_a_code(text: str, intent: str) -> None:
    slots, _ = await answer(
        ContactStatusForm(Council()), "contact_code", text, intent=intent, contact_reference="BN-7K3M-9QXF"
    )
    assert slots["form_ended"] == "message"


def test_a_label_is_known_without_its_marks_and_by_most_of_its_words() -> None:
    labels = {"can stay": "Yes, but it is hard", "must leave": "No, I must leave"}
    assert whole_label("yes but it's hard", labels) == "can stay"
    assert most_of_a_label("i must leave", labels) == "must leave"
    assert most_of_a_label("hard", labels) is None
    assert most_of_a_label("i must leave my keys", labels) is None
