"""Each form's answers, one message at a time, with the council's look-ups passed in."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from bot.actions import actions
from bot.actions.contact_status import ContactStatusForm
from bot.actions.declared import declared_forms
from bot.actions.library import LibraryForm
from bot.actions.message import MessageForm
from bot.actions.missed_bin import MissedBinForm
from tests.bot.fakes import AWAY, FLATS, HOME, NOW, ROUND, Council, answer

FILLED: dict[str, Any] = {
    "missed_bin_stream": "black",
    "missed_bin_address": HOME.line,
    "missed_bin_uprn": HOME.uprn,
    "missed_bin_out_on_time": "yes",
    "missed_bin_problem": "nothing",
}


def notes(said: list[dict]) -> list[str]:  # type: ignore[type-arg]
    return [payload["note"].partition(".")[2] for payload in said if "note" in payload]


def test_there_is_one_action_for_each_form() -> None:
    names = {action.name() for action in actions(Council())}
    assert names == {
        "validate_missed_bin_form",
        "validate_library_form",
        "validate_contact_status_form",
        "validate_message_form",
        *(f"validate_{form.id}_form" for form in declared_forms()),
    }


# ── Missed bin ─────────────────────────────────────────────────────────────────────────────────


async def test_the_first_message_may_name_the_bin() -> None:
    slots, said = await answer(MissedBinForm(Council()), None, "my recycling wasn't emptied", intent="missed_bin")
    assert slots == {"missed_bin_stream": "blue", "form_ended": None}
    assert said == []


async def test_a_bin_that_is_none_of_ours_is_asked_again() -> None:
    slots, said = await answer(MissedBinForm(Council()), "missed_bin_stream", "the purple one")
    assert slots["missed_bin_stream"] is None
    assert notes(said) == ["not_a_bin"]


async def test_an_address_becomes_the_property_found() -> None:
    slots, said = await answer(MissedBinForm(Council()), "missed_bin_address", "12 n3 1ab", missed_bin_stream="black")
    assert (slots["missed_bin_address"], slots["missed_bin_uprn"]) == (HOME.line, HOME.uprn)
    assert said == []


@pytest.mark.parametrize("intent", ["person", "stop", "goodbye", "council_tax_bill"])
async def test_an_address_is_one_whatever_the_reader_took_it_for(intent: str) -> None:
    slots, _ = await answer(MissedBinForm(Council()), "missed_bin_address", "12 N3 1AB", intent=intent, confidence=0.99)
    assert slots["missed_bin_address"] == HOME.line
    assert slots["form_ended"] is None


async def test_an_address_not_found_is_asked_again_and_then_taken_as_typed() -> None:
    form = MissedBinForm(Council())
    slots, said = await answer(form, "missed_bin_address", "99 Nowhere Road N99 9ZZ")
    assert slots["missed_bin_address"] is None
    assert notes(said) == ["not_an_address"]
    slots, said = await answer(
        form,
        "missed_bin_address",
        "99 Nowhere Road N99 9ZZ",
        missed_bin_address_tries=slots["missed_bin_address_tries"],
    )
    assert slots["missed_bin_address"] == "99 Nowhere Road N99 9ZZ"
    assert notes(said) == ["address_unchecked"]


async def test_an_address_elsewhere_is_said_once_and_then_taken() -> None:
    form = MissedBinForm(Council())
    slots, said = await answer(form, "missed_bin_address", "1 CB1 2AB")
    assert slots["missed_bin_address"] is None
    assert notes(said) == ["not_ours"]
    slots, _ = await answer(form, "missed_bin_address", "1 CB1 2AB", missed_bin_address_tries=1)
    assert slots["missed_bin_address"] == AWAY.line


async def test_several_addresses_are_offered() -> None:
    form = MissedBinForm(Council())
    slots, said = await answer(form, "missed_bin_address", "NW4 4PN")
    assert slots["missed_bin_address"] is None
    assert said == [{"note": "missed_bin.address_choice", "values": {"choices": [flat.line for flat in FLATS]}}]
    slots, _ = await answer(form, "missed_bin_address", FLATS[1].line)
    assert slots["missed_bin_uprn"] == FLATS[1].uprn


async def test_with_the_suppliers_away_the_report_goes_on() -> None:
    slots, said = await answer(
        MissedBinForm(Council(down=True)), "missed_bin_address", "12 N3 1AB", missed_bin_stream="black"
    )
    assert slots["missed_bin_address"] == "12 N3 1AB"
    assert slots["missed_bin_uprn"] is None
    assert notes(said) == ["address_unchecked"]


@pytest.mark.parametrize(
    ("change", "note"),
    [
        ({}, []),
        ({"alert": "burst main"}, ["street_alert"]),
        ({"next_date": NOW.date()}, ["too_early"]),
        ({"last_date": NOW.date(), "report_from": time(17)}, ["too_early"]),
        ({"last_date": NOW.date(), "report_from": time(8)}, []),
        ({"last_date": date(2026, 11, 19)}, ["not_collection_day"]),
    ],
)
async def test_a_check_of_the_round_says_a_line_and_never_stops_the_report(change: dict, note: list[str]) -> None:  # type: ignore[type-arg]
    form = MissedBinForm(Council(replace(ROUND, **change)))
    slots, said = await answer(form, "missed_bin_address", "12 N3 1AB", missed_bin_stream="black")
    assert notes(said) == note
    assert slots["missed_bin_address"] == HOME.line


async def test_dates_are_said_as_people_say_them() -> None:
    council = Council(replace(ROUND, last_date=date(2026, 11, 19)), now=datetime(2026, 11, 29, tzinfo=NOW.tzinfo))
    _, said = await answer(MissedBinForm(council), "missed_bin_address", "12 N3 1AB", missed_bin_stream="black")
    assert said[0]["values"] == {"day": "Tuesday", "next_date": "Tuesday 1 December"}


@pytest.mark.parametrize(("text", "value"), [("yes", "yes"), ("no I forgot", "no"), ("not sure", "not sure")])
async def test_whether_it_was_out(text: str, value: str) -> None:
    slots, said = await answer(MissedBinForm(Council()), "missed_bin_out_on_time", text)
    assert slots["missed_bin_out_on_time"] == value
    assert slots["form_ended"] is None, "a bin put out late can be reported all the same"
    assert notes(said) == (["will_report_anyway"] if value == "no" else [])


async def test_a_problem_may_be_told_in_their_own_words() -> None:
    slots, _ = await answer(MissedBinForm(Council()), "missed_bin_problem", "a fox lives in it")
    assert slots["missed_bin_problem"] == "a fox lives in it"


async def test_yes_ends_it() -> None:
    slots, _ = await answer(MissedBinForm(Council()), "missed_bin_confirm", "yes", **FILLED)
    assert (slots["missed_bin_confirm"], slots["form_ended"], slots["requested_slot"]) == ("yes", "done", None)


@pytest.mark.parametrize("text", ["no", "change", "change something", "that's wrong"])
async def test_no_asks_what_to_change(text: str) -> None:
    slots, _ = await answer(MissedBinForm(Council()), "missed_bin_confirm", text, **FILLED)
    assert slots["requested_slot"] == "missed_bin_change"
    assert slots["form_ended"] is None


@pytest.mark.parametrize("asked", ["missed_bin_confirm", "missed_bin_change"])
@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("no, the blue one", "missed_bin_stream", "blue"),
        ("change the address", "missed_bin_address", None),
        ("change the bin", "missed_bin_stream", None),
        ("no, my address is Flat 2, 7 Station Road, NW4 4PN", "missed_bin_address", None),
        ("it wasn't out in time", "missed_bin_out_on_time", None),
        ("change the problem", "missed_bin_problem", None),
    ],
)
async def test_corrections(asked: str, text: str, slot: str, value: str | None) -> None:
    slots, _ = await answer(MissedBinForm(Council()), asked, text, **FILLED)
    assert slots[slot] == value
    assert slots["form_ended"] is None
    assert slots["missed_bin_confirm"] is None


async def test_a_street_with_a_colour_is_no_correction() -> None:
    slots, _ = await answer(
        MissedBinForm(Council()), "missed_bin_address", "no it's 12 Green Lane N3 1AB", missed_bin_stream="black"
    )
    assert slots["missed_bin_address"] == HOME.line
    assert "missed_bin_stream" not in slots


async def test_the_bin_may_be_put_right_half_way() -> None:
    slots, _ = await answer(MissedBinForm(Council()), "missed_bin_out_on_time", "sorry I meant the green one", **FILLED)
    assert slots["missed_bin_stream"] == "green"
    assert slots["missed_bin_out_on_time"] is None


# ── Ways out and asides ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "asked", ["missed_bin_stream", "missed_bin_address", "missed_bin_problem", "missed_bin_confirm"]
)
@pytest.mark.parametrize(
    ("text", "ended"),
    [("cancel", "stop"), ("speak to a person", "person"), ("start again", "start_again"), ("bye", "goodbye")],
)
async def test_a_way_out_is_open_at_every_question(asked: str, text: str, ended: str) -> None:
    slots, said = await answer(MissedBinForm(Council()), asked, text)
    assert (slots["form_ended"], slots["requested_slot"]) == (ended, None)
    assert said == []


async def test_changing_something_is_not_starting_again() -> None:
    slots, _ = await answer(
        MissedBinForm(Council()), "missed_bin_confirm", "change", intent="start_again", confidence=0.95, **FILLED
    )
    assert (slots["form_ended"], slots["requested_slot"]) == (None, "missed_bin_change")


async def test_a_sure_reading_is_a_way_out_and_an_unsure_one_is_not() -> None:
    form, text = MissedBinForm(Council()), "could somebody ring me about this please"
    slots, _ = await answer(form, "missed_bin_stream", text, intent="person", confidence=0.95)
    assert slots["form_ended"] == "person"
    slots, said = await answer(form, "missed_bin_stream", text, intent="person", confidence=0.5)
    assert slots["form_ended"] is None
    assert notes(said) == ["not_a_bin"], "never says that a person is coming when none is"


async def test_another_service_is_an_aside_and_the_question_is_asked_again() -> None:
    slots, said = await answer(
        MissedBinForm(Council()),
        "missed_bin_out_on_time",
        "how do I pay my council tax?",
        intent="council_tax_bill",
    )
    assert said == [{"answer": "council_tax_bill"}]
    assert (slots["missed_bin_out_on_time"], slots["requested_slot"]) == (None, "missed_bin_out_on_time")


async def test_a_question_about_bins_is_not_an_answer() -> None:
    slots, said = await answer(
        MissedBinForm(Council()), "missed_bin_stream", "what goes in the blue bin?", intent="bin_contents"
    )
    assert said == [{"answer": "bin_contents"}]
    assert slots["missed_bin_stream"] is None


async def test_a_pressed_service_is_an_aside() -> None:
    slots, said = await answer(
        MissedBinForm(Council()), "missed_bin_problem", "", intent="blue_badge", confidence=1.0, pressed=True
    )
    assert said == [{"answer": "blue_badge"}]
    assert slots["missed_bin_problem"] is None


async def test_what_cannot_be_understood_asks_again() -> None:
    slots, said = await answer(MissedBinForm(Council()), "missed_bin_out_on_time", "xyzzy")
    assert slots["missed_bin_out_on_time"] is None
    assert said == [{"note": "missed_bin.not_out_on_time"}]


# ── Library ────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_message_may_name_the_library() -> None:
    slots, _ = await answer(LibraryForm(Council()), None, "is Hendon library open", intent="library_hours")
    assert (slots["library_site"], slots["form_ended"], slots["requested_slot"]) == ("hendon", "done", None)


async def test_a_library_unknown_is_asked_again() -> None:
    slots, said = await answer(LibraryForm(Council()), "library_site", "Atlantis")
    assert slots["library_site"] is None
    assert notes(said) == ["not_a_site"]


async def test_libraries_that_cannot_be_looked_up_do_not_break_the_turn() -> None:
    slots, _ = await answer(LibraryForm(Council(down=True)), None, "is Hendon open", intent="library_hours")
    assert slots == {"form_ended": None}


# ── How is my report going ─────────────────────────────────────────────────────────────────────


async def test_reference_and_code_in_either_order_or_together() -> None:
    form = ContactStatusForm(Council())
    slots, _ = await answer(form, "contact_reference", "bn 7k3m 9qxf")
    assert (slots["contact_reference"], slots["form_ended"]) == ("BN-7K3M-9QXF", None)
    slots, _ = await answer(form, "contact_code", "[code]", contact_reference="BN-7K3M-9QXF")
    assert (slots["contact_code"], slots["form_ended"]) == ("[code]", "done")
    slots, _ = await answer(form, None, "where is BN-7K3M-9QXF, code [code]", intent="contact_status")
    assert slots["form_ended"] == "done"


@pytest.mark.parametrize(("asked", "note"), [("contact_reference", "not_a_reference"), ("contact_code", "not_a_code")])
async def test_what_is_neither_is_explained(asked: str, note: str) -> None:
    slots, said = await answer(ContactStatusForm(Council()), asked, "I don't have it here")
    assert slots[asked] is None
    assert notes(said) == [note]


# ── Messages and complaints ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("intent", "kind"), [("leave_message", "message"), ("complaint", "complaint")])
async def test_what_opened_it_says_what_it_is(intent: str, kind: str) -> None:
    slots, _ = await answer(MessageForm(), None, "I want to", intent=intent)
    assert slots["message_kind"] == kind


async def test_a_message_may_be_about_anything() -> None:
    text = "I want to complain. A person told me to stop. How do I pay council tax?"
    slots, said = await answer(MessageForm(), "message_text", text, intent="person", confidence=0.99)
    assert slots["message_text"] == text
    assert slots["form_ended"] is None
    assert said == []


async def test_where_to_answer() -> None:
    slots, _ = await answer(MessageForm(), "message_reply_to", "stop@person.example", intent="stop")
    assert slots["message_reply_to"] == "stop@person.example"
    slots, _ = await answer(MessageForm(), "message_reply_to", "skip")
    assert slots["message_reply_to"] == "skip"
    slots, said = await answer(MessageForm(), "message_reply_to", "my mum knows")
    assert slots["message_reply_to"] is None
    assert notes(said) == ["not_contact_details"]


async def test_a_message_is_looked_at_once_more() -> None:
    have = {"message_text": "A lamp is out.", "message_reply_to": "skip"}
    slots, _ = await answer(MessageForm(), "message_confirm", "yes send it", **have)
    assert slots["form_ended"] == "done"
    slots, _ = await answer(MessageForm(), "message_confirm", "no", **have)
    assert slots["requested_slot"] == "message_change"
    slots, _ = await answer(MessageForm(), "message_change", "the phone number", **have)
    assert slots["message_reply_to"] is None
    slots, _ = await answer(MessageForm(), "message_confirm", "change the message", **have)
    assert slots["message_text"] is None
