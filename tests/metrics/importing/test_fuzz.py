"""Broken files of every kind: each is counted or told what is wrong, and none brings the reading down."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.metrics.importing.conftest import NAMES, TODAY
from triage.metrics.importing import counting
from triage.metrics.importing.days import EARLIEST, NotADay, day_of, period_of
from triage.metrics.importing.layouts import HEADINGS, LAYOUTS
from triage.metrics.importing.schemas import MOST_FAULTS, Draft
from triage.metrics.importing.service import figures_of

SEED = 20161231
HOW_MANY = 6_000
LEVELS = {"satisfaction": "12345", "face": ("good", "average", "poor"), "got_it": ("yes", "partly", "no")}


def is_sound(draft: Draft) -> None:
    """Whatever the file was: either counts that make sense, or faults that say what to do."""
    assert draft.right != bool(draft.fault_count)
    assert len(draft.faults) == min(draft.fault_count, MOST_FAULTS)
    for fault in draft.faults:
        assert fault.line >= 0 and fault.what and (fault.do or fault.line == 0)
        assert len(str(fault)) < 600
        assert not any(ord(character) < 32 for character in str(fault))
    for key, count in draft.counts.items():
        assert EARLIEST <= key.day <= TODAY and count > 0
        assert key.level in LEVELS.get(key.measure, ("",))
        assert (key.service, key.queue) in {
            *NAMES.services.values(),
            *(("", code) for code in NAMES.queues.values()),
        } or (key.queue in NAMES.queues.values())
        assert key.channel in {"", *NAMES.channels.values()}
    if draft.right:
        assert figures_of(draft).quarters
        assert draft.first_day <= draft.last_day


headings = st.sampled_from(sorted({name for names in HEADINGS.values() for name in names}))
cells = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            *("2016-07-13", "13/07/2016", "07/13/2016", "42564", "2016-07", "4", "Good", "poor", "yes", "phone", "web"),
            *(
                "missed bin",
                "Council Tax",
                "Q-WASTE",
                "=1+1",
                "@x",
                "-1",
                "1,000",
                "",
                " ",
                '"',
                ";",
                "\n",
                "\x00",
                "é",
            ),
            *("99999", "00000", "2016-q3", "9" * 40, "0001-01-01", "9999-12-31", "29/02/2100", "31/12/9999"),
        ]
    ),
)
tables = st.lists(st.lists(cells, max_size=10), max_size=12)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(sorted(LAYOUTS)), st.binary(max_size=400))
def test_any_bytes(layout: str, content: bytes) -> None:
    is_sound(counting.read(content, layout, NAMES, TODAY))


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(sorted(LAYOUTS)),
    st.lists(headings, min_size=1, max_size=10),
    tables,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.booleans(),
)
def test_any_table(
    layout: str,
    head: list[str],
    table: list[list[str]],
    separator: str,
    end: str,
    encoding: str,
    quoted: bool,
) -> None:
    def written(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"' if quoted else cell

    text = end.join(separator.join(map(written, row)) for row in [head, *table])
    is_sound(counting.read(text.encode(encoding, errors="replace"), layout, NAMES, TODAY))


@settings(max_examples=1500, deadline=None)
@given(cells)
def test_any_date(cell: str) -> None:
    for read in (day_of, period_of):
        try:
            assert EARLIEST <= read(cell, TODAY).day <= TODAY
        except NotADay as wrong:
            assert wrong.what and wrong.do


def good(layout: str, chance: random.Random) -> str:
    """A file without fault: the layout's own headings, and some rows."""
    shape = LAYOUTS[layout]
    columns = [*shape.needs, *(column for column in shape.may if chance.random() < 0.7)]
    lines = [",".join(HEADINGS[column][0] for column in columns)]
    for number in range(chance.randint(1, 15)):
        row = {
            "date": f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/{chance.randint(2005, 2025)}",
            "arrived": f"2016-{chance.randint(1, 6):02}-{chance.randint(1, 28):02}",
            "closed": chance.choice(["", "2016-08-01"]),
            "period": f"{2005 + number}-{chance.randint(1, 12):02}",
            "service": chance.choice(["missed bin", "Council tax", "Switchboard", ""]),
            "queue": chance.choice(["Q-WASTE", ""]),
            "channel": chance.choice(["phone", "Telephone", "web", ""]),
            "face": chance.choice(["good", "Average", "POOR"]),
            "satisfaction": chance.choice(["1", "5", "neither", "Very satisfied"]),
            "got_it": chance.choice(["yes", "partly", "no", ""]),
            "comment": chance.choice(["", '"quick, and kind"', "slow"] if layout != "comments" else ["slow", "quick"]),
        }
        lines.append(",".join(row[column] if column in row else str(chance.randint(1, 99)) for column in columns))
    return "\n".join(lines) + "\n"


BREAKS = (
    lambda b, c: b[: c.randrange(len(b))],
    lambda b, c: _put(b, c, bytes([c.randrange(256)])),
    lambda b, c: _put(b, c, c.choice([b"\x00", b'"', b",", b";", b"\n", b"\r", b"\xff\xfe", b"\xef\xbb\xbf", b"="])),
    lambda b, c: _put(b, c, c.choice([b"=HYPERLINK(1)", b"@SUM", b"\xe2\x80\x8b", b"'", b"\xc3", b"A" * 30_000])),
    lambda b, c: b.replace(b",", c.choice([b";", b"\t", b"|", b",,", b""]), c.choice([-1, 1, 3])),
    lambda b, c: b.replace(b"\n", c.choice([b"\r\n", b"\r", b"\n\n", b"\n,,,\n", b" "]), c.choice([-1, 1, 3])),
    lambda b, c: b.decode("utf-8", "replace").encode(c.choice(["utf-16", "utf-16-le", "utf-32", "cp1252"]), "replace"),
    lambda b, c: b"".join(c.sample(parts := b.splitlines(keepends=True), len(parts))),
    lambda b, c: b + b.splitlines(keepends=True)[-1] * 3 if b.strip() else b,
    lambda b, c: bytes(byte ^ (c.randrange(256) if c.random() < 0.01 else 0) for byte in b),
    lambda b, c: c.choice([b"sep=;\n", b"sep=,\r\n", b"sep=", b"\n\n", b"PK\x03\x04", b"%PDF"]) + b,
    lambda b, c: b.replace(b"20", c.choice([b"19", b"30", b"99", b"2", b"-20"]), c.choice([-1, 1])),
)


def _put(content: bytes, chance: random.Random, piece: bytes) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + piece + content[place:]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_files_without_fault_are_counted_whole(layout: str) -> None:
    chance = random.Random(f"{SEED} {layout}")
    for _ in range(100):
        text = good(layout, chance)
        draft = counting.read(text.encode(), layout, NAMES, TODAY)
        assert draft.right, (text, [str(fault) for fault in draft.faults])
        is_sound(draft)
        if layout in ("answers", "faces"):
            measure = "satisfaction" if layout == "answers" else "face"
            assert sum(count for key, count in draft.counts.items() if key.measure == measure) == draft.rows


@pytest.mark.parametrize("layout", LAYOUTS)
def test_thousands_of_broken_files(layout: str) -> None:
    chance = random.Random(f"broken {SEED} {layout}")
    told = counted = 0
    for _ in range(HOW_MANY // len(LAYOUTS)):
        content = good(layout, chance).encode()
        for _ in range(chance.randint(1, 3)):
            content = chance.choice(BREAKS)(content or b"\n", chance)
        draft = counting.read(content, layout, NAMES, TODAY)
        is_sound(draft)
        told += not draft.right
        counted += draft.right
    # Most are broken, and what only looks odd is still counted.
    assert told > 300 and counted > 50, (told, counted)
