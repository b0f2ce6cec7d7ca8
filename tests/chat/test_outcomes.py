"""Every way through every declared form ends in words, and none is too long."""

import re
from collections.abc import Iterator
from itertools import product

import pytest

from bot.actions.declared import NOT_ASKED, SKIPPED, Declared, Question, declared_forms
from tests.chat.outcome_words import FILED, TODAY, said
from triage.catalogue import catalogue
from triage.chat.caution import weighed
from triage.chat.outcomes import OUTCOMES, OUTCOMES_HERE, outcome_of
from triage.content import PLACEHOLDER
from triage.reading import dangers

# Kinds of question whose answer changes nothing of the outcome.
WORDED = ("text", "words", "place", "address", "contact")


def possible(question: Question) -> tuple[str, ...]:
    """Answers that a question may have, by its kind."""
    values = {
        "choice": tuple(question.options),
        "yes_no": ("yes", "no", "not sure"),
        "date": ("2026-09-01", "2026-11-05", "2026-11-20", "2026-12-24"),
        "money": ("0.00", "3.20", "842.37", "1836.16"),
        "number": tuple(dict.fromkeys((str(question.least), "1", "2", "15"))),
        "years": ("0", "4", "5", "all my life"),
        "birth": ("2010-05-01", "2016-03-14", "2022-12-01", "2024-06-10", "2027-01-01", "year 2", "year 12", "nursery"),
    }.get(question.kind, ("something",))
    return (*values, *((NOT_ASKED,) if question.only_if else ()), *((SKIPPED,) if question.skippable else ()))


def ways(form: Declared) -> Iterator[dict[str, str]]:
    """Every way through a form that its `only_if` allows."""
    deciding = [one for one in form.questions if one.kind not in WORDED]
    for values in product(*(possible(one) for one in deciding)):
        given = dict(zip((one.id for one in deciding), values, strict=True))
        if all((given[one.id] == NOT_ASKED) is not _applies(one, given) for one in deciding):
            yield given


def _applies(question: Question, given: dict[str, str]) -> bool:
    return all(given[name] in values for name, values in question.only_if.items())


@pytest.mark.parametrize("form", declared_forms(), ids=lambda form: form.id)
def test_every_way_through_a_form_ends_in_words(form: Declared) -> None:
    """No way through fails, lacks its words, or says a wall of them; what is filed always has its reference."""
    _, words = catalogue().form(form.id)
    common = {"sent"}
    tried: set[str] = set()
    for given in ways(form):
        outcome = outcome_of(form.id, given, TODAY)
        assert {*outcome.notes, *outcome.then} <= set(words.note) | common, given
        text = said(form.id, outcome)
        tried.add(text)
        assert (FILED["reference"] in text) is outcome.files, given
        assert not PLACEHOLDER.search(text), given
    assert len(tried) > 1 or (tried and form.id not in {**OUTCOMES, **OUTCOMES_HERE})


@pytest.mark.parametrize("form", declared_forms(), ids=lambda form: form.id)
def test_nobody_is_asked_more_than_eight_questions(form: Declared) -> None:
    open_ended = [one for one in form.questions if one.kind in WORDED]
    for given in ways(form):
        asked = [one for one in given.values() if one != NOT_ASKED]
        known = {**dict.fromkeys((one.id for one in open_ended), "something"), **given}
        assert len(asked) + sum(_applies(one, known) for one in open_ended) <= 8, given


@pytest.mark.parametrize("form", declared_forms(), ids=lambda form: form.id)
def test_its_words_are_few(form: Declared) -> None:
    _, words = catalogue().form(form.id)
    for name, wording in words.ask.items():
        text = " ".join(sentence.text for sentence in wording.say)
        assert len(re.findall(r"[.?!](?=\s|$)", text)) <= 2, f"{form.id}.{name} is longer than two sentences"
    for name, wording in words.note.items():
        count = sum(len((sentence.otherwise or sentence.text).split()) for sentence in wording.say)
        assert count <= 90, f"{form.id}.{name}: {count} words"


@pytest.mark.parametrize("form", declared_forms(), ids=lambda form: form.id)
def test_what_cannot_wait_has_words(form: Declared) -> None:
    _, words = catalogue().form(form.id)
    for question in form.questions:
        assert set(question.tells.values()) <= set(words.note)


@pytest.mark.parametrize("form", declared_forms(), ids=lambda form: form.id)
def test_no_button_of_a_form_is_taken_for_a_cry_for_help(form: Declared, trained: None) -> None:
    """A danger stops everything else, so a button's own words, typed into its form, must not be one."""
    _, words = catalogue().form(form.id)
    for wording in words.ask.values():
        for choice in wording.choices:
            said = choice.say or ""
            seen = weighed(dangers().look(said), said, in_form=True, dangers=dangers())
            assert seen is None or seen.level == "concern", choice.say
