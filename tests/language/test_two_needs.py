"""Two needs in one message, both dealt with; and one need said in many words, answered once.

`two_needs.jsonl`: thirty messages with two needs, a third of them by people who write English as a second language,
and sixty with one; written before the reading of needs was changed for them (docs/decisions/2026-11-26-two-needs.md).
"""

import json
from pathlib import Path
from typing import Any

import pytest

from triage import reading
from triage.catalogue import catalogue
from triage.chat import needs
from triage.chat.replying import MOST_NEEDS

pytestmark = pytest.mark.usefixtures("trained")

LINES: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("two_needs.jsonl").read_text(encoding="utf-8").splitlines()
]
TWO = [line for line in LINES if len(line["needs"]) == 2]
ONE = [line for line in LINES if len(line["needs"]) == 1]


def dealt(text: str) -> tuple[tuple[str, ...], str | None]:
    """What a first message is answered with, and what is offered beside it."""
    whole = reading.reader().read(text)
    found = needs.several(text, reading.reader(), catalogue().services)
    answered = found.instead(MOST_NEEDS) if whole.abstained else (whole.label,)
    if not answered:
        return (), None
    answered = (*answered, *found.besides(answered, MOST_NEEDS))
    return answered, found.offered(answered, MOST_NEEDS)


def test_two_needs_are_both_dealt_with() -> None:
    assert len(TWO) == 30
    both = [(line, dealt(line["text"])) for line in TWO]
    answered = [line for line, (said, _) in both if all(set(need) & set(said) for need in line["needs"])]
    lost = [line["text"] for line, (said, more) in both if not all(set(need) & {*said, more} for need in line["needs"])]
    print(f"answered {len(answered)}, lost {len(lost)} of {len(TWO)}: {lost}")
    assert len(answered) >= 17 and len(lost) <= 6


def test_one_need_is_seldom_answered_twice() -> None:
    assert len(ONE) == 60
    said = [(line["text"], *dealt(line["text"])) for line in ONE]
    twice = [(text, answered) for text, answered, _ in said if len(answered) > 1]
    offered = [(text, more) for text, _, more in said if more]
    print(f"twice {twice}, offered {offered}")
    assert len(twice) <= 4 and len(offered) <= 10
