"""Messages that fell through: redacted, bounded, with what came next, and noted when they are seen."""

import re
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from tests.editing.conftest import Fell

READ = {"service": "tip", "confidence": 0.9, "abstained": False, "danger": None}


def listed(page: httpx2.Response) -> list[str]:
    """Each message with its lines, as plain words."""
    found = re.findall(r'<li class="edit-fallen__one">(.*?)</li>', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()).replace("&#39;", "'") for one in found]


async def test_nobodys_name_number_or_address_is_shown_or_logged(editor: httpx2.AsyncClient, fell: Fell) -> None:
    await fell(
        "this is Priya Zelkova of 47 Quillfeather Road, ring me on 07700 900123 about the skip",
        guesses=(("tip", 0.4), ("bulky_waste", 0.3)),
        after=("my name is Priya Zelkova, tell me", {"service": None, "abstained": True, "danger": None}),
    )
    with capture_logs() as lines:
        pages = [await editor.get("/content/fell-through"), await editor.get("/content/services/tip")]
    for page in pages:
        assert page.status_code == 200 and "about the skip" in page.text
        for private in ("Zelkova", "Quillfeather", "900123"):
            assert private not in page.text
        assert page.headers["cache-control"] == "no-store"
    seen = [line for line in lines if line["event"] == "content.words_seen"]
    assert [set(line) for line in seen] == [{"event", "log_level", "who", "messages"}] * 2
    assert [line["messages"] for line in seen] == [1, 1]
    assert not any(word in str(lines) for word in ("Zelkova", "skip", "900123"))


async def test_a_page_without_words_notes_nothing(editor: httpx2.AsyncClient) -> None:
    with capture_logs() as lines:
        page = await editor.get("/content/fell-through")
    assert "None in the last 28 days" in page.text
    assert "content.words_seen" not in str(lines)


async def test_the_guesses_and_what_came_next(editor: httpx2.AsyncClient, fell: Fell) -> None:
    guesses = (("tip", 0.41), ("outside", 0.2))
    offered = (("tip", "The tip"), ("bulky_waste", "Large items to take away"))
    await fell("paint tins", guesses=guesses, offered=offered, after=("The tip", READ), days=1)
    await fell("old carpets", guesses=guesses, offered=offered, after=("can i take carpets there", READ), days=2)
    await fell("blah", guesses=guesses, days=3)
    await fell(
        "what",
        guesses=guesses,
        after=("eh", {"fell": "clarify", "guesses": [], "service": None, "abstained": True}),
        days=4,
    )
    told = listed(await editor.get("/content/fell-through"))
    assert len(told) == 5
    assert "We asked “did you mean” paint tins Guesses: The tip (41 in 100), None of our" in told[0]
    assert "Then: Pressed “The tip”" in told[0]
    assert "Then: Asked again and was told about: The tip" in told[1]
    assert "Not understood blah" in told[2] and "Then: Nothing more was said" in told[2]
    assert "Then: Asked again, and it fell through again" in " ".join(told[3:])
    # Their next words are nobody's business here.
    assert "can i take carpets there" not in " ".join(told)


async def test_an_answer_that_was_not_asked_for_shows_the_message_before(
    editor: httpx2.AsyncClient, fell: Fell
) -> None:
    await fell("no that is wrong", kind="wrong_answer", before=("somewhere for my rubble", READ))
    (told,) = listed(await editor.get("/content/fell-through"))
    assert "Not what they asked somewhere for my rubble Answered with: The tip" in told
    assert "no that is wrong" not in told
    assert "somewhere for my rubble" in (await editor.get("/content/services/tip")).text
    assert "1 message that fell through" in (await editor.get("/content/services/tip")).text


@pytest.mark.parametrize("read", [{**READ, "danger": "domestic_abuse"}, {**READ, "abstained": True}])
async def test_a_message_before_that_was_private_is_not_shown(
    editor: httpx2.AsyncClient, fell: Fell, read: dict[str, Any]
) -> None:
    await fell("no that is wrong", kind="wrong_answer", before=("a private matter", read))
    page = await editor.get("/content/fell-through")
    assert "The words are not shown" in page.text and "a private matter" not in page.text


async def test_only_the_newest_fifty_of_the_last_four_weeks(editor: httpx2.AsyncClient, fell: Fell) -> None:
    await fell("too long ago", guesses=(("tip", 0.4),), days=29)
    await fell("made up for a demonstration", guesses=(("tip", 0.4),), demo=True)
    for number in range(52):
        await fell(f"number {number} zz", guesses=(("tip", 0.4),), days=2 + number / 100)
    told = listed(await editor.get("/content/fell-through"))
    assert len(told) == 50
    assert "number 0 zz" in told[0] and "number 49 zz" in told[-1]
    assert "too long ago" not in " ".join(told) and "demonstration" not in " ".join(told)
    beside = listed(await editor.get("/content/services/tip"))
    assert len(beside) == 10


async def test_a_long_message_is_cut(editor: httpx2.AsyncClient, fell: Fell) -> None:
    await fell("well " * 300, guesses=(("tip", 0.4),))
    (told,) = listed(await editor.get("/content/fell-through"))
    assert told.count("well") == 60 and "…" in told
