"""Sentences of today, and those that are not said."""

from datetime import date

from triage.catalogue import catalogue
from triage.editing.wording import facts_in, facts_of, sentences

BEFORE, AFTER = date(2026, 11, 26), date(2030, 1, 1)


def test_a_sentence_gives_way_when_its_fact_cannot_be_stated() -> None:
    known = catalogue()
    answer = known.services["council_tax_bill"].answer
    now = sentences(answer, known, "council_tax_bill", BEFORE)
    assert now[0].state == "said" and "in 10 payments" in now[0].text
    later = sentences(answer, known, "council_tax_bill", AFTER)
    assert (later[0].state, later[0].missing) == ("instead", ("council_tax_payments",))
    assert later[0].text == answer.say[0].otherwise
    # No other words were written for this one, so it is left out.
    assert (later[1].state, later[1].text, later[1].missing) == ("left_out", "", ("council_tax_longer",))
    assert len(later) == len(answer.say)


def test_every_fact_that_a_service_says_is_found() -> None:
    known = catalogue()
    for service in known.services.values():
        held = facts_of(service)
        assert facts_in(service.answer) <= held and set(service.facts) <= held
        for key in held:
            assert known.fact(key, service.id) is not None, f"{service.id}: {key}"
