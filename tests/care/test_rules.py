"""How a resident is told, and when they are not: safety comes first, then agreement, then where they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.care.rules import LONGEST_WAIT, WHY, Talk, Way, is_there, wait_after, way_to_tell
from triage.tables import Contact
from triage.tables.notice import KINDS
from triage.telling import address

AWAY = Talk(ended=False, about_this=False, there=False, unsafe=False)
THERE = Talk(ended=False, about_this=False, there=True, unsafe=False)


def contact(**fields: Any) -> Contact:
    return Contact(
        **{
            "live": False,
            "demo": False,
            "danger": None,
            "priority": "P3",
            "safe_to_contact": None,
            "messages_ok": True,
            "reply_to": "resident@example.com",
        }
        | fields
    )


def way(kind: str = "closed", talk: Talk | None = None, **fields: Any) -> Way:
    return way_to_tell(contact(**fields), kind, talk, False, False)


def test_who_agreed_is_told_by_message() -> None:
    assert way() == Way("message")


def test_who_did_not_agree_is_not() -> None:
    assert way(messages_ok=False) == Way(None, "not_agreed")


def test_who_is_in_the_chat_is_told_there() -> None:
    assert way(talk=THERE) == Way("chat")


def test_who_left_the_chat_is_told_by_message_if_they_agreed_and_else_finds_it_there() -> None:
    assert way(talk=AWAY) == Way("message")
    assert way(talk=AWAY, messages_ok=False) == Way("chat")


def test_what_the_chat_says_by_itself_is_not_said_twice() -> None:
    about = Talk(ended=True, about_this=True, there=True, unsafe=False)
    assert way("closed", about, live=True) == Way("chat", says_itself=True)
    assert way("answered", THERE) == Way("chat", says_itself=True)
    assert way("taken", THERE) == Way("chat")


def test_what_they_told_us_by_phone_no_chat_has_said() -> None:
    assert way("reopened", THERE) == Way("chat", says_itself=True)
    assert way_to_tell(contact(), "reopened", THERE, False, False, by_phone=True) == Way("chat")
    assert way_to_tell(contact(), "reopened", AWAY, False, False, by_phone=True) == Way("message")


def test_a_chat_that_has_ended_is_not_written_in() -> None:
    ended = Talk(ended=True, about_this=False, there=True, unsafe=False)
    assert way("late", ended, messages_ok=False) == Way(None, "not_agreed")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("resident@example.com", "resident@example.com"),
        ("please write to a.b@example.co.uk, thanks", "a.b@example.co.uk"),
        ("07700 900123", "07700 900123"),
        ("+44 7700 900123 after six", "+44 7700 900123"),
        ("020 8359 2000", None),
        ("by post", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_an_email_or_a_mobile_number(given: str | None, found: str | None) -> None:
    assert address(given) == found


@given(
    kind=st.sampled_from(KINDS),
    talk=st.none() | st.builds(Talk, st.booleans(), st.booleans(), st.booleans(), st.booleans()),
    safe=st.sampled_from([None, True, False]),
    danger=st.sampled_from([None, "domestic_abuse"]),
    agreed=st.booleans(),
    elsewhere=st.booleans(),
    demo=st.booleans(),
    reply_to=st.sampled_from(["resident@example.com", "07700900123", "020 8359 2000", None]),
)
def test_no_message_ever_goes_where_it_is_not_safe_or_not_agreed(
    kind: str,
    talk: Talk | None,
    safe: bool | None,
    danger: str | None,
    agreed: bool,
    elsewhere: bool,
    demo: bool,
    reply_to: str | None,
) -> None:
    one = contact(safe_to_contact=safe, danger=danger, messages_ok=agreed, reply_to=reply_to, demo=demo)
    found = way_to_tell(one, kind, talk, elsewhere, False)
    may = agreed and safe is not False and not elsewhere and not demo and not (talk and talk.unsafe)
    if not may or (danger and safe is not True) or address(reply_to) is None:
        assert found.channel != "message"
    assert found.channel is not None or found.why in WHY


def test_a_supplier_is_given_longer_each_time_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_after(number) for number in range(1, 101)]
    assert waits == sorted(waits) and waits[0] == timedelta(seconds=30) and waits[-1] == LONGEST_WAIT
    # Long enough for a supplier that is away for four hours (PROMISES 8).
    assert sum(waits, timedelta()) > timedelta(hours=20)


NOW = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrote", "open_until", "there"),
    [
        (1, -1, True),
        (60, -1, True),
        # Their page has closed since they wrote.
        (5, 2, False),
        (1, 0, False),
        # They wrote again after it had closed, where nobody hears when a page closes.
        (2, 30, True),
        (5, None, True),
        (16, None, False),
        (None, None, False),
        (None, 5, False),
    ],
)
def test_whoever_closed_the_page_is_not_taken_to_be_looking_at_it(
    wrote: int | None, open_until: int | None, there: bool
) -> None:
    def ago(minutes: int | None) -> datetime | None:
        return None if minutes is None else NOW - timedelta(minutes=minutes)

    assert is_there(ago(wrote), ago(open_until), NOW) is there
