"""The sorter's model learns from contacts, says how sure it is, and is the same after it was saved."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from triage.catalogue import catalogue
from triage.sorting.fitting import calibration_error, train
from triage.sorting.loading import readers
from triage.sorting.model import NOTE, Example, Model, ModelMismatch
from triage.sorting.training import here, is_development, queues_of, read_contacts

TEXT = "Dear all,\n\nThe blue bin was left again on Tuesday. Please send the crew back.\n\nKind regards\nJo"


@pytest.fixture(scope="module")
def small(trained: None) -> Model:
    examples = [one for one in here(read_contacts(), catalogue()) if one.queue in ("Q-WASTE", "Q-CTAX")][:60]
    return train(examples, readers(), queues_of(catalogue()))


def test_its_chances_are_of_a_service_and_a_queue_and_sum_to_one(small: Model) -> None:
    chances = small.read(TEXT, "email")
    assert sum(chances.values()) == pytest.approx(1.0)
    (service, queue), best = next(iter(chances.items()))
    assert (service, queue) == ("missed_bin", "Q-WASTE") and best == max(chances.values())


def test_a_saved_model_says_the_same(small: Model, tmp_path: Path) -> None:
    small.save(tmp_path)
    again = Model.load(tmp_path, readers())
    assert again.version == small.version and again.read(TEXT, "email") == pytest.approx(small.read(TEXT, "email"))


def test_a_model_of_other_readers_is_refused(small: Model, tmp_path: Path) -> None:
    small.save(tmp_path)
    note = json.loads((tmp_path / NOTE).read_text())
    (tmp_path / NOTE).write_text(json.dumps(note | {"readers": "another"}))
    with pytest.raises(ModelMismatch):
        Model.load(tmp_path, readers())


def test_too_few_examples_are_refused(trained: None) -> None:
    with pytest.raises(ValueError, match="at least"):
        train([Example("my bin", "web", "missed_bin", "Q-WASTE")], readers(), {})


def test_the_version_changes_with_what_it_learns(small: Model) -> None:
    from triage.sorting.fitting import _version

    examples = read_contacts()[:3]
    other = [replace(examples[0], queue="Q-PARK"), *examples[1:]]
    assert _version(examples, small.readers) == _version(list(examples), small.readers)
    assert _version(examples, small.readers) != _version(other, small.readers)


def test_a_chance_that_means_what_it_says_has_no_calibration_error() -> None:
    import numpy as np

    assert calibration_error(np.array([0.75] * 4), np.array([True, True, True, False])) == 0.0
    assert calibration_error(np.array([0.95] * 4), np.array([False] * 4)) == 0.95


def test_the_contacts_are_those_that_may_be_learned_from() -> None:
    rows = [json.loads(line) for line in Path("data/sorting/contacts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(rows) == len({row["text"] for row in rows}) >= 900
    known = catalogue()
    for row in rows:
        assert row["service"] is None or row["service"] in known.services, row["service"]
        assert row["queue"] == "Q-HOLDING" or row["queue"] in known.queues, row["queue"]
    share = sum(is_development(row["text"]) for row in rows) / len(rows)
    assert 0.2 < share < 0.3
