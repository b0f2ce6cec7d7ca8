"""How a declared form reads what residents type, one message at a time, without Rasa."""

from typing import Any

import pytest

from bot.actions.declared import NOT_ASKED, DeclaredForm, action_of, declared_forms
from tests.bot.fakes import Council, answer

FORMS = {form.id: form for form in declared_forms()}


def form(name: str) -> DeclaredForm:
    return action_of(FORMS[name], Council())


def notes(said: list[dict[str, Any]]) -> list[str]:
    return [payload["note"].partition(".")[2] for payload in said if "note" in payload]


@pytest.mark.parametrize(
    ("name", "question", "text", "meant"),
    [
        ("repair", "kind", "my boiler has packed up", "heating"),
        ("repair", "kind", "theres black mould in the kids room", "damp"),
        ("repair", "kind", "the front door won't shut", "door"),
        ("repair", "kind", "toilet is leaking", "leak"),
        ("repair", "kind", "a plug socket", "electrics"),
        ("repair", "water", "it's dripping onto the light", "near electrics"),
        ("repair", "water", "only a drip", "slow"),
        ("repair", "wires", "just one socket", "one thing"),
        ("repair", "wires", "just one socket, it sparks when I touch it", "exposed"),
        ("repair", "water", "gushing, I can't stop it", "pouring"),
        ("repair", "missing", "heating and hot water", "both"),
        ("repair", "missing", "no hot water", "hot water"),
        ("repair", "missing", "there is no water at all", "taps"),
        ("repair", "wires", "there are bare wires showing", "exposed"),
        ("repair", "who", "my baby", "baby"),
        ("repair", "who", "none of these", "nobody"),
        ("repair", "reply_to", "it's 020 7946 0321", "020 7946 0321"),
        ("repair", "reply_to", "no", None),  # the visit has to be arranged
        ("homeless_assessment", "when", "I have to leave today", "tonight"),
        ("homeless_assessment", "when", "in 6 weeks", "weeks"),
        ("homeless_assessment", "why", "my landlord gave me notice", "renting"),
        ("homeless_assessment", "why", "friends I was staying with want me out", "family"),
        ("homeless_assessment", "why", "I'm leaving hospital", "other place"),
        ("homeless_assessment", "who", "me and my two children", "kids"),
        ("homeless_assessment", "safe", "not safe", "no"),
        ("homeless_assessment", "safe", "only in the daytime", "sometimes"),
        ("homeless_assessment", "reply_to", "skip", "skip"),
        ("housing_precheck", "years", "about 6", "6"),
        ("housing_precheck", "years", "18 months", "1"),
        ("housing_precheck", "years", "6 weeks", "0"),
        ("housing_precheck", "years", "less than a year", "0"),
        ("housing_precheck", "years", "five years and 3 months", "5"),
        ("housing_precheck", "years", "since 2015", "11"),
        ("housing_precheck", "years", "I've lived here all my life", "all my life"),
        ("housing_precheck", "years", "a long time", None),
        ("housing_precheck", "years", "2000", None),
        ("housing_precheck", "need", "there are five of us in two rooms", "crowded"),
        ("housing_precheck", "need", "I'm in a wheelchair", "health"),
        ("housing_precheck", "need", "my ex is violent", "unsafe"),
        ("housing_precheck", "need", "being evicted", "no home"),
        ("housing_precheck", "effect", "we can't stay", "must leave"),
        ("housing_precheck", "effect", "yes for now", "can stay"),
        ("housing_precheck", "contribution", "I care for my mum", "carer"),
        ("housing_precheck", "contribution", "I used to be in the army", "forces"),
        ("housing_precheck", "contribution", "none of these", "none"),
        ("work_referral", "need", "they capped my benefits", "benefits"),
        ("work_referral", "need", "behind with the rent", "debt"),
        ("work_referral", "need", "no childcare", "childcare"),
        ("work_referral", "food", "no", "no"),
        ("work_referral", "area", "HA8", "HA8"),
        ("work_referral", "consent", "yes that's ok", "yes"),
        ("school_dates", "born", "14/03/2016", "2016-03-14"),
        ("school_dates", "born", "he was born 31st August 2016", "2016-08-31"),
        ("school_dates", "born", "yr 6", "year 6"),
        ("school_dates", "born", "she's in Year 5", "year 5"),
        ("school_dates", "born", "she is in reception", "reception"),
        ("school_dates", "born", "year 44", None),
        ("school_dates", "born", "he is ten", None),
        ("instalments", "total", "1250.40", "1250.40"),
        ("instalments", "total", "about £900", "900.00"),
        ("instalments", "total", "a lot", None),
        ("instalments", "spread", "12 months please", "12 payments"),
        ("instalments", "payments", "6", "6"),
        ("instalments", "payments", "36", None),
        ("instalments", "payments", "0", None),
        ("instalments", "day", "the 15th", "15"),
        ("instalments", "day", "32", None),
        ("single_person", "adults", "I live alone", "one"),
        ("single_person", "adults", "me and my partner", "two"),
        ("single_person", "counted", "nobody is left", "nobody"),
        ("single_person", "since", "1 October 2026", "2026-10-01"),
        ("blue_badge_check", "age", "it's for my mum", "3 or older"),
        ("blue_badge_check", "benefit", "she gets PIP", "pip"),
        ("blue_badge_check", "benefit", "attendance allowance", "none"),
        ("blue_badge_check", "points", "10 for journeys", "distress"),
        ("blue_badge_check", "points", "10 for moving around", "moving"),
        ("blue_badge_check", "difficulty", "he is autistic, autism", "hidden"),
        ("pcn_dates", "paper", "it came in the post", "post"),
        ("pcn_dates", "paper", "it was under the wiper", "windscreen"),
        ("pcn_dates", "paper", "notice to owner", "later letter"),
        ("pcn_dates", "letter", "you turned down my challenge", "rejection"),
        ("pcn_dates", "dated", "20/11/2026", "2026-11-20"),
        ("pcn_dates", "dated", "last week sometime", None),
        ("bulky_booking", "items", "two beds and a wardrobe", "two beds and a wardrobe"),
        ("bulky_booking", "items", "can you take a sofa?", "can you take a sofa?"),
        ("bulky_booking", "items", "how much is it for a bed", None),
        ("bulky_booking", "special", "there's a fridge freezer", "fridge"),
        ("bulky_booking", "left", "it's upstairs", "inside"),
        ("bulky_booking", "reply_to", "skip", None),
        ("street_report", "what", "dog poo everywhere", "dog mess"),
        ("street_report", "what", "the litter bin is overflowing", "full bin"),
        ("street_report", "what", "dead fox", "dead animal"),
        ("street_report", "animal", "a cat with a collar", "pet"),
        ("street_report", "danger", "I can see needles", "needles"),
        ("pothole", "surface", "a paving slab", "pavement"),
        ("pothole", "surface", "the car park of our block", "estate"),
        ("pothole", "red", "no red lines", "no"),
        ("pothole", "red", "it's a red route", "yes"),
        ("pothole", "size", "wide and deep", "wide and deep"),
        ("pothole", "size", "not deep", "small"),
        ("pothole", "size", "huge", "wide and deep"),
        ("pothole", "danger", "a cyclist came off, cars swerve too", "hurt"),
        ("pothole", "danger", "the cover is missing", "open"),
        ("pothole", "danger", "no", "none"),
        ("pothole", "danger", "not sure", "none"),
        ("street_light", "what", "the lamp post outside", "light"),
        ("street_light", "what", "the traffic lights at the junction", "signals"),
        ("street_light", "what", "a zebra crossing", "sign"),
        ("street_light", "danger", "no but there is a wire", "wires"),
        ("street_light", "danger", "a car knocked it over, it's bent", "leaning"),
        ("street_light", "danger", "not sure", "not sure"),
        ("street_light", "fault", "the whole street is dark", "several"),
        ("street_light", "fault", "it's not working", "out"),
        ("street_light", "fault", "it never goes off", "on all day"),
        ("moving", "way", "we moved in last week", "moving in"),
        ("moving", "way", "I'm leaving for Leeds", "moving out"),
        ("moving", "hold", "we are buying it", "own"),
        ("moving", "hold", "just a room in a shared house", "room"),
        ("moving", "hold", "council tenant", "rent"),
        ("moving", "moved", "3 December 2026", "2026-12-03"),
        ("moving", "starts", "the same day", "skip"),
        ("moving", "starts", "1 December 2026", "2026-12-01"),
        ("moving", "ends", "dunno", None),
        ("moving", "before", "14 Rue des Lilas, Paris", "14 Rue des Lilas, Paris"),
        ("moving", "stay", "nobody, it is empty", "nobody"),
        ("who_counts", "adults", "just me", "1"),
        ("who_counts", "adults", "me and my wife", "2"),
        ("who_counts", "adults", "0", None),
        ("who_counts", "students", "three", "3"),
        ("who_counts", "students", "no", "0"),
        ("who_counts", "illness", "nobody", "0"),
        ("who_counts", "young", "I don't know", None),
        ("money_help", "today", "no food in the house", "groceries"),
        ("money_help", "today", "the meter is empty", "power"),
        ("money_help", "today", "no money at all", "both"),
        ("money_help", "today", "food and heating", "both"),
        ("money_help", "today", "no", "enough"),
        ("money_help", "cause", "my universal credit was stopped", "stopped"),
        ("money_help", "cause", "I lost my job", "earnings"),
        ("money_help", "cause", "the cooker is broken", "cost"),
        ("money_help", "age", "no", "working age"),
        ("money_help", "age", "I'm retired", "pension age"),
        ("money_help", "housing", "housing benefit pays some", "helped"),
        ("money_help", "housing", "I rent, no help", "rent"),
        ("money_help", "bill", "bailiffs wrote, I'm behind", "court"),
        ("money_help", "bill", "not behind", "on time"),
        ("money_help", "children", "a baby", "younger"),
        ("money_help", "children", "no", "none"),
    ],
)
async def test_what_residents_type(name: str, question: str, text: str, meant: str | None) -> None:
    slot = f"{name}_{question}"
    slots, _ = await answer(form(name), slot, text)
    assert slots[slot] == meant


@pytest.mark.parametrize(
    ("name", "question", "text", "told"),
    [
        ("repair", "water", "near electrics", ["electrics_now"]),
        ("repair", "water", "slow", []),
        ("repair", "harm", "yes", ["harm_now"]),
        ("repair", "harm", "no", []),
        ("homeless_assessment", "when", "tonight", ["call_now"]),
        ("homeless_assessment", "when", "later", []),
        ("homeless_assessment", "why", "abuse", ["abuse_now"]),
        ("pothole", "red", "yes", ["red_route"]),
        ("pothole", "red", "no", []),
        ("pothole", "red", "not sure", ["red_maybe"]),
        ("pothole", "danger", "open", ["danger_now"]),
        ("pothole", "danger", "trip", []),
        ("street_light", "what", "signals", ["tfl_signals"]),
        ("street_light", "danger", "wires", ["danger_now"]),
        ("street_light", "danger", "leaning", ["danger_now"]),
        ("street_light", "danger", "not sure", []),
        ("money_help", "today", "groceries", ["crisis_now"]),
        ("money_help", "today", "power", ["crisis_now"]),
        ("money_help", "today", "enough", []),
    ],
)
async def test_what_cannot_wait_is_told_at_once(name: str, question: str, text: str, told: list[str]) -> None:
    _, said = await answer(form(name), f"{name}_{question}", text)
    assert notes(said) == told


FILLED: dict[str, Any] = {
    "street_report_what": "litter",
    "street_report_graffiti": "not asked",
    "street_report_animal": "not asked",
    "street_report_place": "12 Long Lane",
    "street_report_danger": "needles",
    "street_report_photo": "skip",
    "street_report_reply_to": "skip",
}


async def test_the_no_of_a_correction_is_no_answer_to_another_question() -> None:
    # "No" is what somebody types to say that nothing is dangerous. At the last look it says that something is wrong.
    slots, _ = await answer(form("street_report"), "street_report_confirm", "no, something is wrong", **FILLED)
    assert "street_report_danger" not in slots
    assert slots["requested_slot"] == "street_report_change"


@pytest.mark.parametrize("text", ["nothing", "Nothing, go back", "none", "no"])
async def test_nothing_to_change_changes_nothing(text: str) -> None:
    slots, _ = await answer(form("street_report"), "street_report_change", text, **FILLED)
    assert "street_report_danger" not in slots
    assert slots["street_report_change"] is None


async def test_an_option_named_at_the_last_look_is_put_right_and_its_questions_are_asked() -> None:
    slots, _ = await answer(form("street_report"), "street_report_confirm", "no, it's graffiti", **FILLED)
    assert slots["street_report_what"] == "graffiti"
    assert slots["street_report_graffiti"] is None


@pytest.mark.parametrize(
    ("question", "text", "meant", "kind"),
    [
        ("breathing", "no, but the ceiling is black", "no", None),
        ("breathing", "actually it's a leak", None, "leak"),
        (
            "detail",
            "no paint left on the bathroom ceiling, it drips",
            "no paint left on the bathroom ceiling, it drips",
            None,
        ),
        ("detail", "sorry I meant a leak", None, "leak"),
    ],
)
async def test_an_answer_that_begins_with_no_is_an_answer(
    question: str, text: str, meant: str | None, kind: str | None
) -> None:
    slots, _ = await answer(form("repair"), f"repair_{question}", text, repair_kind="damp")
    assert (slots[f"repair_{question}"], slots.get("repair_kind")) == (
        "not asked" if question == "breathing" and kind else meant,
        kind,
    )


async def test_a_place_that_begins_with_not_is_a_place() -> None:
    # "Park" is also a kind of land, answered before.
    text = "not far from the park, by the shops"
    slots, _ = await answer(form("fly_tipping"), "fly_tipping_place", text, fly_tipping_land="road")
    assert (slots["fly_tipping_place"], slots.get("fly_tipping_land")) == (text, None)


async def test_a_correction_puts_right_what_it_names() -> None:
    given = {"money_help_cause": "low", "money_help_housing": "rent", "money_help_bill": "behind"}
    slots, _ = await answer(form("money_help"), "money_help_confirm", "no, I get housing benefit", **given)
    assert (slots["money_help_housing"], slots.get("money_help_cause")) == ("helped", None)
    slots, _ = await answer(form("money_help"), "money_help_confirm", "no, I pay it on time", **given)
    assert (slots["money_help_bill"], slots.get("money_help_cause")) == ("on time", None)


async def test_on_a_road_that_is_not_ours_nothing_more_is_asked() -> None:
    given = {"pothole_surface": "road", "pothole_red": "yes"}
    slots, _ = await answer(form("pothole"), "pothole_ours", "no", **given)
    rest = ("place", "size", "danger", "photo", "reply_to")
    assert [slots[f"pothole_{question}"] for question in rest] == ["not asked"] * 5


async def test_a_question_that_no_longer_applies_is_left_out() -> None:
    given = {**FILLED, "street_report_what": "graffiti", "street_report_graffiti": "yes"}
    slots, _ = await answer(form("street_report"), "street_report_confirm", "no, it's dog mess", **given)
    assert slots["street_report_graffiti"] == "not asked"


async def test_a_thing_to_take_away_is_not_another_need() -> None:
    slots, said = await answer(
        form("bulky_booking"), "bulky_booking_items", "how do I join the library?", intent="library_hours"
    )
    assert slots["bulky_booking_items"] is None
    assert said == [{"answer": "library_hours"}]


async def test_a_choice_may_open_a_form_with_an_answer_given() -> None:
    slots, said = await answer(form("death_time"), None, "", intent="start_burial_soon", pressed=True)
    assert slots["death_time_hurry"] == "soon"
    assert slots["death_time_certificates"] == NOT_ASKED and slots.get("death_time_papers") is None
    assert said == [{"note": "death_time.soon_now"}]


async def test_the_same_form_opened_plainly_asks_it() -> None:
    slots, said = await answer(form("death_time"), None, "", intent="start_death_time", pressed=True)
    assert slots.get("death_time_hurry") is None and said == []
