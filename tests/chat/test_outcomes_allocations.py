"""What comes of the look at the housing list, band by band, with the FACTS row or the law that says so."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.chat.outcome_words import TODAY, said
from triage.catalogue import DATA, Catalogue, catalogue, load
from triage.chat.outcomes import Outcome, outcome_of

KIND = {"years": "6", "need": "crowded", "effect": "can stay", "contribution": "none", "send": "no"}


def looked_at(here: Catalogue | None = None, today: date = TODAY, **answers: str) -> Outcome:
    return outcome_of("housing_precheck", KIND | answers, today, here or catalogue())


@pytest.mark.parametrize(
    ("answers", "notes", "band"),
    [
        # FACTS H3: band 1 urgent; high need with community contribution 2, without 3; 5 years here or band 4.
        ({"effect": "must leave"}, ("likely_urgent",), "Band 1"),
        ({"need": "health", "effect": "must leave", "contribution": "working"}, ("likely_urgent",), "Band 1"),
        ({"contribution": "working"}, ("likely_contributing",), "Band 2"),
        ({"contribution": "volunteering"}, ("likely_contributing",), "Band 2"),
        ({"contribution": "forces"}, ("likely_contributing",), "Band 2"),
        ({"contribution": "carer", "need": "health"}, ("likely_contributing",), "Band 2"),
        ({"contribution": "none"}, ("likely_high",), "Band 3"),
        ({"need": "no home", "effect": "not asked"}, ("likely_high",), "Band 3"),
        ({"need": "unsafe"}, ("likely_high",), "Band 3"),
        ({"years": "4", "contribution": "working"}, ("likely_short",), "Band 4"),
        ({"years": "0", "effect": "must leave"}, ("likely_short",), "Band 4"),
        ({"years": "5"}, ("likely_high",), "Band 3"),
        ({"years": "all my life"}, ("likely_high",), "Band 3"),
        # SI 2025/706 and SI 2012/1869: years here may not keep out who flees abuse or left the forces.
        ({"years": "1", "need": "unsafe"}, ("likely_high", "years_may_not_count"), "Band 3"),
        ({"years": "1", "need": "unsafe", "effect": "must leave"}, ("likely_urgent", "years_may_not_count"), "Band 1"),
        ({"years": "1", "contribution": "forces"}, ("likely_contributing", "years_may_not_count"), "Band 2"),
        # A reason that only a person can weigh: no band, and no refusal.
        ({"need": "other", "effect": "not asked"}, ("unclear",), None),
        ({"need": "other", "years": "0", "effect": "not asked"}, ("unclear",), None),
    ],
)
def test_the_likely_band(answers: dict[str, str], notes: tuple[str, ...], band: str | None) -> None:
    outcome = looked_at(**answers)
    leaves = answers.get("need") == "no home" or answers == {**answers, "need": "unsafe", "effect": "must leave"}
    assert outcome.notes == (*notes, *(("shown_leaving",) if leaves else ("also", "shown")))
    assert outcome.values.get("band") == band
    assert not outcome.files
    text = said("housing_precheck", outcome)
    assert (band or "can't tell you a band") in text
    assert "you still need to apply" in text or "ask for help" in text


def test_past_its_review_no_band_is_told_and_a_person_is_offered() -> None:
    rules = catalogue().allocations
    assert rules is not None
    late = looked_at(today=rules.review_by + timedelta(days=1), contribution="working")
    assert late.notes[0] == "cannot_confirm" and "band" not in late.values
    text = said("housing_precheck", late)
    assert "can't confirm the band" in text and "A person can tell you" in text and "Band 2" not in text
    assert looked_at(today=rules.review_by).notes[0] == "likely_high"


def test_an_unverified_rule_is_not_told_either() -> None:
    rules = catalogue().allocations
    assert rules is not None
    doubtful = replace(catalogue(), allocations=rules.model_copy(update={"verified": False}))
    assert looked_at(doubtful).notes[0] == "cannot_confirm"
    assert looked_at(replace(catalogue(), allocations=None)).notes[0] == "cannot_confirm"


@pytest.mark.parametrize(("years", "band"), [("2", "Band D"), ("3", "Band C")])
def test_another_council_has_rules_of_its_own(years: str, band: str) -> None:
    outcome = looked_at(load(DATA, "sampleton"), years=years)
    assert outcome.values["band"] == band and outcome.values["years_here"] == "3 years"


@pytest.mark.parametrize(
    ("answers", "last", "service", "priority"),
    [
        ({}, "sent_precheck", None, None),
        ({"effect": "must leave"}, "sent_precheck", None, "P2"),
        # FACTS H1: who has no home, or must flee, is helped now and not by a list.
        ({"need": "no home", "effect": "not asked"}, "sent_homeless", "homelessness", None),
        ({"need": "unsafe", "effect": "must leave", "safe": "no"}, "sent_homeless", "homelessness", "P2"),
        ({"need": "unsafe", "safe": "safe"}, "sent_precheck", None, None),
    ],
)
def test_what_is_sent_goes_to_who_can_help(
    answers: dict[str, str], last: str, service: str | None, priority: str | None
) -> None:
    outcome = looked_at(send="yes", **answers)
    assert (outcome.notes[-1], outcome.service, outcome.priority, outcome.files) == (last, service, priority, True)
    assert outcome.details["Likely band"].startswith("Band")


@pytest.mark.parametrize(("answer", "safe"), [("no", False), ("sometimes", False), ("safe", True), ("not asked", None)])
def test_who_may_not_be_called_is_marked(answer: str, safe: bool | None) -> None:
    outcome = looked_at(send="yes", need="unsafe", safe=answer)
    assert outcome.safe is safe
    assert ("only_safe" in outcome.notes) is (answer in ("no", "sometimes"))
    assert ("Safe to contact" in outcome.details) is (answer in ("no", "sometimes"))


def test_nobody_is_refused_and_every_end_offers_a_person() -> None:
    _, form = catalogue().form("housing_precheck")
    combined: Any = [
        looked_at(years=years, need=need, effect=effect, contribution=gives, send=send)
        for years in ("0", "9")
        for need in ("no home", "crowded", "health", "unsafe", "other")
        for effect in ("must leave", "can stay")
        for gives in ("working", "none")
        for send in ("yes", "no")
    ]
    for outcome in combined:
        assert any(choice.do == "person" for choice in form.note[outcome.notes[-1]].next)
        text = said("housing_precheck", outcome).lower()
        assert not any(words in text for words in ("you can't join", "not eligible", "refuse", "you do not qualify"))
