"""What needs attention first, and how it is said."""

from datetime import date
from typing import Any

import pytest

from triage.content import Fact, Source
from triage.editing import rules
from triage.editing.schemas import Filters, ServiceRow
from triage.editing.service import _bare

TODAY = date(2026, 11, 26)


class _Named:
    def __init__(self, name: str) -> None:
        self.id, self.name, self.summary = name.lower().replace(" ", "_"), name, f"All about {name.lower()}"


def row(name: str, **counted: Any) -> ServiceRow:
    return _bare(_Named(name), **counted)  # type: ignore[arg-type]


def test_what_must_be_mended_is_first_and_what_is_mistaken_most_is_last_of_the_reasons() -> None:
    rows = [
        row("Fine", accuracy=0.9),
        row("Mistaken", accuracy=0.4),
        row("Fell", accuracy=0.9, fell=7),
        row("Once", accuracy=0.95, fell=1),
        row("Overdue", accuracy=0.9, overdue=2),
        row("Faulty", accuracy=0.9, serious=1),
    ]
    assert [one.name for one in rules.in_order(rows, "attention")] == [
        *("Faulty", "Overdue", "Fell", "Mistaken"),
        *("Fine", "Once"),
    ]
    assert [one.name for one in rules.in_order(rows, "fell")][:2] == ["Fell", "Once"]
    assert rules.in_order(rows, "accuracy")[0].name == "Mistaken"
    assert [one.name for one in rules.in_order(rows, "name")] == sorted(one.name for one in rows)


def test_reasons_are_sentences_with_their_counts() -> None:
    assert rules.reasons(row("Fine", accuracy=0.9, fell=2)) == ()
    assert rules.reasons(row("Unread")) == ()
    assert rules.reasons(row("Bad", accuracy=0.4, fell=3, overdue=1, soon=2, serious=1, to_look_at=1)) == (
        "1 fault to mend before it is published",
        "1 fact past review, no longer said",
        "3 messages near it fell through lately",
        "40 in 100 examples read rightly",
        "2 facts due in 30 days",
        "1 thing to look at",
    )


def test_a_search_finds_every_word_in_name_summary_or_id() -> None:
    assert rules.sought(row("Missed bin"), "bin MISSED")
    assert rules.sought(row("Missed bin"), "missed_bin")
    assert rules.sought(row("Missed bin"), "")
    assert not rules.sought(row("Missed bin"), "missed parcel")


@pytest.mark.parametrize(
    ("review_by", "verified", "state", "soon"),
    [
        ("2026-11-25", True, "overdue", False),
        ("2026-11-25", False, "overdue", False),
        ("2026-11-26", True, "stated", True),
        ("2026-12-26", True, "stated", True),
        ("2026-12-27", True, "stated", False),
        ("2026-12-01", False, "unverified", True),
    ],
)
def test_what_is_done_with_a_fact(review_by: str, verified: bool, state: str, soon: bool) -> None:
    fact = Fact(value="yes", source="x", reviewed_on=TODAY, review_by=date.fromisoformat(review_by), verified=verified)
    assert rules.fact_state(fact, TODAY) == state
    assert (fact.can_state(TODAY)) is (state == "stated")
    assert rules.is_soon(fact.review_by, TODAY) is soon


def test_an_answer_is_looked_at_again_when_its_source_is_old() -> None:
    source = Source(name="Page", url="https://example.org", checked=date(2026, 1, 1))
    assert rules.look_again_by(source) == date(2027, 2, 5)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"said": False}, "Nothing more was said"),
        ({"said": True, "pressed": "Missed bin"}, "Pressed “Missed bin”"),
        ({"said": True, "fell": "clarify"}, "Asked again, and it fell through again"),
        ({"said": True, "fell": "wrong_answer"}, "Said that it was not what they asked"),
        ({"said": True, "answered": "The tip"}, "Asked again and was told about: The tip"),
        ({"said": True}, "Said something else"),
    ],
)
def test_what_the_resident_did_next(given: dict[str, Any], told: str) -> None:
    values: dict[str, Any] = {"pressed": None, "fell": None, "answered": None, **given}
    assert rules.what_next(values["pressed"], values["fell"], values["answered"], said=values["said"]) == told


def test_how_it_fell_through() -> None:
    assert rules.kind_of("wrong_answer", {"tip"}) == "Not what they asked"
    assert rules.kind_of("clarify", {"tip"}) == "We asked “did you mean”"
    assert rules.kind_of("clarify", set()) == "Not understood"


def test_an_address_leaves_out_what_is_as_usual() -> None:
    assert Filters(q="bin", sort="name").address(q="") == "?sort=name"
    assert Filters().address() == ""
