"""The tuned encoder is the plain one with its changes added, and what it hears are chances."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from language.encoder import open_tokenizer
from language.encoder.build import SPLITTER, WEIGHTS, wheel_file
from language.encoder.files import LAYER_WIDTH
from language.encoder.reference import reference_vector
from language.tuned import Tuned, TunedNotBuilt
from language.tuned.build import build, changed, main
from language.tuned.files import GRAPH, HEADS, MOST_TOKENS, NOTE, TOKENIZER, folder
from triage.sorting.tuning import CHANGES, contacts

TEXTS = [
    "the wall behind the cot in our council flat is black with damp and nobody has come",
    "bin men came down our side of the road and not the other",
    "Dear all,\nMum is 84. She fell on Sunday and the button round her neck did not make a sound.\nJo",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    build(place, CHANGES)
    return place


@pytest.fixture(scope="module")
def tuned(home: Path) -> Tuned:
    return Tuned.load(home)


def test_a_change_is_the_product_of_its_two_thin_matrices() -> None:
    weights = {"a.weight": np.ones((2, 3), np.float32), "a.bias": np.zeros(2, np.float32)}
    changes = {
        "a.up": np.array([[1.0], [2.0]], np.float32),
        "a.down": np.array([[1.0, 0.0, -1.0]], np.float32),
        "a.bias": np.array([5.0, 6.0], np.float32),
        "head.queue.bias": np.zeros(4, np.float32),
    }
    found = changed(weights, changes)
    assert sorted(found) == ["a.bias", "a.weight"]
    assert found["a.weight"].tolist() == [[2.0, 1.0, 0.0], [3.0, 1.0, -1.0]]
    assert found["a.bias"].tolist() == [5.0, 6.0]
    assert weights["a.weight"].tolist() == [[1.0] * 3] * 2


def test_the_8_bit_vectors_lie_beside_those_of_the_changed_weights(tuned: Tuned) -> None:
    changes = {name: value.astype(np.float32) for name, value in load_file(CHANGES).items()}
    weights = changed(load_file(wheel_file(WEIGHTS)), changes)
    tokenizer = open_tokenizer(wheel_file(SPLITTER), MOST_TOKENS)
    found = tuned.hear(TEXTS).vectors
    assert found.shape == (len(TEXTS), LAYER_WIDTH)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    for text, vector in zip(TEXTS, found, strict=True):
        ids = np.array(tokenizer.encode(text).ids, dtype=np.int64)
        expected = reference_vector(ids, weights)[:LAYER_WIDTH] * np.sqrt(2.0)
        assert float(vector @ expected) > 0.98


def test_what_is_heard_are_chances(tuned: Tuned) -> None:
    heard = tuned.hear(TEXTS)
    assert heard.queues.shape == (len(TEXTS), len(tuned.queues))
    np.testing.assert_allclose(np.exp(heard.queues).sum(axis=1), 1.0, atol=1e-4)
    assert [tuned.queues[at] for at in heard.queues.argmax(axis=1)] == ["Q-REPAIR", "Q-WASTE", "Q-TELE"]


def test_alone_and_among_others_a_text_is_heard_alike(tuned: Tuned) -> None:
    np.testing.assert_array_equal(tuned.hear(TEXTS).vectors[1:2], tuned.hear(TEXTS[1:2]).vectors)


def test_nothing_and_very_much_are_heard(tuned: Tuned) -> None:
    heard = tuned.hear(["", "lift " * 5000])
    assert np.isfinite(heard.vectors).all() and np.isfinite(heard.queues).all()


def test_the_changes_belong_to_the_contacts(tuned: Tuned) -> None:
    """The file was learned from what lies beside it: it reads far more of them than it could of others."""
    rows = list(contacts())[::40]
    best = tuned.hear([row["text"] for row in rows]).queues.argmax(axis=1)
    right = [tuned.queues[at] in (row["queue"], *row["accept"]) for at, row in zip(best, rows, strict=True)]
    assert sum(right) / len(right) > 0.85


def test_no_contact_stands_twice_or_among_what_the_sorter_learns_from() -> None:
    texts = [row["text"] for row in contacts()]
    assert len(texts) == len(set(texts)) > 8000
    lines = Path("data/sorting/contacts.jsonl").read_text(encoding="utf-8").splitlines()
    assert not set(texts) & {json.loads(line)["text"] for line in lines}


def test_a_second_build_writes_nothing(home: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in folder(home).iterdir()}
    assert sorted(before) == sorted([GRAPH, HEADS, TOKENIZER, NOTE])
    assert main([str(home), str(CHANGES)]) == 0
    assert {path.name: path.stat().st_mtime_ns for path in folder(home).iterdir()} == before


def test_a_note_that_cannot_be_read_is_built_anew(home: Path) -> None:
    (folder(home) / NOTE).write_text("{", encoding="utf-8")
    build(home, CHANGES)
    assert Tuned.load(home).queues


def test_what_is_missing_or_of_another_version_is_named(home: Path, tmp_path: Path) -> None:
    with pytest.raises(TunedNotBuilt, match=r"language\.tuned\.build"):
        Tuned.load(tmp_path)
    note = folder(home) / NOTE
    kept = note.read_text(encoding="utf-8")
    try:
        note.write_text(json.dumps(json.loads(kept) | {"version": "another"}), encoding="utf-8")
        with pytest.raises(TunedNotBuilt, match="another version"):
            Tuned.load(home)
    finally:
        note.write_text(kept, encoding="utf-8")
    assert main([]) == 2
