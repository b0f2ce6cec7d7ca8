"""What is said: facts in force, and nothing that cannot be stated."""

from dataclasses import replace
from datetime import date, timedelta

from triage.catalogue import catalogue
from triage.chat.rendering import choices, plain_date, render
from triage.content import Choice, Fact, Sentence, Wording

TODAY = date(2026, 11, 24)


def fact(**changes: object) -> Fact:
    given = {
        "value": "020 7946 0000",
        "source": "council_tax",
        "reviewed_on": TODAY,
        "review_by": TODAY + timedelta(days=90),
    }
    return Fact.model_validate(given | changes)


def said(fact_now: Fact | None, otherwise: str | None = "We cannot confirm the number.") -> str:
    known = catalogue()
    facts = {**known.facts, "test_phone": fact_now} if fact_now else known.facts
    wording = Wording(say=(Sentence(text="First."), Sentence(text="Call {fact:test_phone}.", otherwise=otherwise)))
    return render(wording, replace(known, facts=facts), TODAY).text


def test_a_fact_in_force_is_stated() -> None:
    assert said(fact()) == "First.\n\nCall 020 7946 0000."


def test_a_fact_is_stated_on_its_last_day_and_not_after() -> None:
    assert "020" in said(fact(review_by=TODAY))
    assert said(fact(review_by=TODAY - timedelta(days=1))) == "First.\n\nWe cannot confirm the number."


def test_an_unverified_fact_is_not_stated() -> None:
    assert said(fact(verified=False)) == "First.\n\nWe cannot confirm the number."


def test_without_an_otherwise_the_sentence_is_left_out() -> None:
    assert said(fact(verified=False), otherwise=None) == "First."


def test_a_sentence_without_its_value_is_left_out() -> None:
    wording = Wording(say=(Sentence(text="You are number {value:position}."), Sentence(text="Stay here.")))
    assert render(wording, catalogue(), TODAY).text == "Stay here."
    assert render(wording, catalogue(), TODAY, values={"position": 3}).text.startswith("You are number 3.")


def test_a_choice_keeps_its_meaning_on_our_side() -> None:
    stored = choices([Choice(label="Blue bin", say="blue")])
    assert stored == [{"id": "c1", "label": "Blue bin", "send": {"say": "blue"}}]


def test_dates_are_written_for_the_ear() -> None:
    assert plain_date(date(2026, 11, 26)) == "Thursday 26 November 2026"


def test_every_answer_is_short() -> None:
    known = catalogue()
    for service in known.services.values():
        text = render(service.answer, known, TODAY, service=service.id).text
        assert 5 <= len(text.split()) <= 90, f"{service.id}: {len(text.split())} words"
