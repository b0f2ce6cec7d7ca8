"""Whatever is sent is read: no message crashes the reading, and the longest takes bounded time.

The kinds are those of `python -m bench fuzz`, which reads 100,000 of them; here are a few hundred of each day's.
"""

import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzzing.messages import KINDS, LONGEST, make
from language.danger.model import Dangers
from language.entities import CouncilWords, read_entities
from language.intents import Reader
from language.redaction import Redactor
from triage import reading

BARNET = Path(__file__).parents[2] / "data" / "councils" / "barnet"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

Reads = tuple[Reader, Dangers, CouncilWords, Redactor]


@pytest.fixture(scope="module")
def reads(trained: None) -> Reads:
    words = CouncilWords.load(BARNET)
    return reading.reader(), reading.dangers(), words, Redactor(places=words.kept_places)


def read(text: str, reads: Reads) -> None:
    reader, dangers, words, redactor = reads
    vectors = reader.encoder.encode([text])
    got = reader.read_many([text], vectors)[0]
    assert got.label in reader.labels and 0 <= got.confidence <= 1
    sighting = dangers.look(text, vectors[0])
    assert sighting is None or sighting.signal in dangers.signals
    assert all(read_entities(text, NOW, words).values())
    redactor.redact(text)


@given(st.integers(0, 2**32), st.sampled_from(sorted(KINDS)))
@settings(max_examples=300, deadline=None)
def test_no_kind_of_message_crashes_the_reading(reads: Reads, seed: int, kind: str) -> None:
    read(KINDS[kind](Random(seed))[:LONGEST], reads)


@given(st.text(st.characters(exclude_categories=[]), max_size=300))
@settings(max_examples=100, deadline=None)
def test_nor_does_any_text_at_all(reads: Reads, text: str) -> None:
    read(text, reads)


def test_the_same_seed_makes_the_same_messages_and_every_kind() -> None:
    made = list(make(7, 400))
    assert made == list(make(7, 400)) and made != list(make(8, 400))
    assert {kind for kind, _ in made} == set(KINDS)
    assert max(len(text) for _, text in made) == LONGEST


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_longest_message_of_each_kind_is_read_in_bounded_time(reads: Reads, kind: str) -> None:
    # Ten times the mark of `python -m bench fuzz`, since a test shares its machine.
    text = (KINDS[kind](Random(1)) * LONGEST)[:LONGEST]
    read(text, reads)  # The patterns that this message needs are compiled once in a process.
    started = time.thread_time()
    read(text, reads)
    assert time.thread_time() - started < 0.5
