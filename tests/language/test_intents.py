"""The reader reads what it was shown, says how sure it is, and keeps quiet when it is not."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.intents import compare
from language.encoder import Encoder
from language.encoder.build import build
from language.intents import Reader
from language.intents.fits import fit_meaning
from language.intents.lexicon import Lexicon
from language.intents.reader import ARRAYS, LEAST_CHANCE, NOTE, ReaderMismatch, as_logs
from language.intents.training import choose_threshold, folds, spoken, train
from language.intents.unseen import FILE

ROOT = Path(__file__).resolve().parents[2]

EXAMPLES = {
    "missed_bin": [
        "my bin was not emptied",
        "you missed our rubbish collection",
        "the bin men did not come today",
        "recycling was not picked up this morning",
        "brown bin still full, nobody collected it",
        "when will you come back for the bins you missed",
    ],
    "council_tax": [
        "how much council tax do i owe",
        "pay my council tax bill",
        "set up a direct debit for council tax",
        "my council tax is wrong",
        "which band is my house in for council tax",
        "i have not had a council tax bill this year",
    ],
    "parking_permit": [
        "i need a parking permit",
        "renew my resident parking permit",
        "how much is a permit for a second car",
        "visitor vouchers for parking outside my house",
        "change the car on my permit",
        "my parking permit has not come",
    ],
    "library": [
        "what time does the library open",
        "renew my library books",
        "how do i join the library",
        "is the library open on sunday",
        "can i print at the library",
        "reserve a book at my library",
    ],
}
OUTSIDE = [
    "what is the weather like in paris",
    "tell me a joke about penguins",
    "who won the football last night",
    "book me a flight to spain",
    "what is the capital of peru",
    "play some music",
]
ROWS = [(text, label) for label, texts in EXAMPLES.items() for text in texts]
NEW = {
    "They forgot to empty my wheelie bin again": "missed_bin",
    "I'd like to pay what I owe for council tax": "council_tax",
    "can I get a permit so I can park on my road": "parking_permit",
    "are the libraries closed at the weekend?": "library",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    build(place)
    return place


@pytest.fixture(scope="module")
def encoder(home: Path) -> Encoder:
    return Encoder.load(home)


@pytest.fixture(scope="module")
def reader(encoder: Encoder) -> Reader:
    rows = ROWS + [(text, "outside") for text in OUTSIDE]
    return Reader.fit([text for text, _ in rows], [label for _, label in rows], encoder)


def test_new_wordings_are_read_rightly(reader: Reader) -> None:
    assert {text: reader.read(text).label for text in NEW} == NEW


def test_a_reading_is_whole(reader: Reader) -> None:
    got = reader.read("my bin was missed")
    assert got.ranking[0] == (got.label, got.confidence)
    assert len(got.ranking) == 5
    chances = [chance for _, chance in got.ranking]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1.0)  # five labels in all


def test_what_is_outside_is_said_to_be_and_is_no_abstention(reader: Reader) -> None:
    got = reader.read("what is the weather in spain tomorrow")
    assert got.label == "outside"
    assert not got.abstained


def test_below_the_threshold_it_abstains_and_still_gives_its_best_guess(reader: Reader) -> None:
    sure = reader.read("pay my council tax bill")
    vague = reader.read("hello about my house")
    assert not sure.abstained
    assert vague.abstained == (vague.confidence < reader.model.threshold)
    assert sure.confidence > vague.confidence
    torn = reader.read("council tax or a parking permit or the library or my bin")
    assert torn.abstained
    assert torn.label in EXAMPLES


def test_a_message_is_read_alike_alone_and_among_others(reader: Reader) -> None:
    texts = list(NEW)
    for text, together in zip(texts, reader.read_many(texts), strict=True):
        alone = reader.read(text)
        assert alone.label == together.label
        assert alone.confidence == pytest.approx(together.confidence, abs=1e-4)
    assert reader.read_many([]) == []


@pytest.mark.parametrize("text", ["", "   ", "🙂🙂", "zzzzqqq", "x" * 50_000, "\x00\u202e"])
def test_anything_can_be_read(reader: Reader, text: str) -> None:
    assert 0.0 <= reader.read(text).confidence <= 1.0


def test_saved_and_opened_it_reads_the_same(reader: Reader, encoder: Encoder, tmp_path: Path) -> None:
    reader.save(tmp_path / "reader")
    opened = Reader.load(tmp_path / "reader", encoder)
    assert opened.read_many(list(NEW)) == reader.read_many(list(NEW))
    assert opened.labels == ("council_tax", "library", "missed_bin", "outside", "parking_permit")
    assert sorted(path.name for path in (tmp_path / "reader").iterdir()) == [NOTE, ARRAYS, FILE]


def test_a_reader_of_another_encoder_is_refused(reader: Reader, encoder: Encoder, tmp_path: Path) -> None:
    reader.save(tmp_path)
    note = json.loads((tmp_path / NOTE).read_text(encoding="utf-8"))
    (tmp_path / NOTE).write_text(json.dumps(note | {"encoder": "another"}), encoding="utf-8")
    with pytest.raises(ReaderMismatch, match="train again"):
        Reader.load(tmp_path, encoder)


def test_the_same_rows_give_the_same_reader(encoder: Encoder) -> None:
    texts, labels = [text for text, _ in ROWS], [label for _, label in ROWS]
    one, *_ = train(texts, labels, encoder, "outside")
    two, *_ = train(texts, labels, encoder, "outside")
    np.testing.assert_array_equal(one.pulls, two.pulls)
    np.testing.assert_array_equal(one.meaning, two.meaning)
    assert (one.shares, one.threshold) == (two.shares, two.threshold)


def test_two_labels_and_a_label_seen_once_can_be_trained(encoder: Encoder) -> None:
    reader = Reader.fit(["my bin was missed", "no bin collection", "library hours"], ["a", "a", "b"], encoder)
    assert reader.read("my bin").label == "a"
    assert reader.read("library opening hours").label == "b"


def test_rows_that_cannot_be_trained_on_are_refused(encoder: Encoder) -> None:
    with pytest.raises(ValueError, match="two labels"):
        Reader.fit(["one", "two"], ["a", "a"], encoder)
    with pytest.raises(ValueError, match="2 texts but 1 labels"):
        Reader.fit(["one", "two"], ["a"], encoder)


def test_reading_needs_nothing_that_only_training_needs(reader: Reader, home: Path, tmp_path: Path) -> None:
    reader.save(tmp_path)
    program = (
        "import sys; from pathlib import Path\n"
        "from language.encoder import Encoder; from language.intents import Reader\n"
        "reader = Reader.load(Path(sys.argv[2]), Encoder.load(Path(sys.argv[1])))\n"
        "assert reader.read('my bin was missed').label == 'missed_bin'\n"
        "heavy = {'sklearn', 'scipy', 'onnx', 'safetensors'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    command = [sys.executable, "-c", program, str(home), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_threshold_is_the_lowest_that_is_right_often_enough() -> None:
    confidence = np.array([0.99, 0.9, 0.8, 0.7, 0.6])
    chances = np.stack([confidence, 1 - confidence], axis=1)
    assert choose_threshold(chances, np.array([0, 0, 0, 1, 0]), None) == pytest.approx(0.8)
    assert choose_threshold(chances, np.array([0, 0, 0, 0, 0]), None) == pytest.approx(0.6)
    assert choose_threshold(chances, np.array([1, 1, 1, 1, 1]), None) == 1.0
    assert choose_threshold(chances, np.array([0, 0, 0, 1, 0]), None, 0.79) == pytest.approx(0.6)
    # Read as outside (label 0) is not an answer, so nothing is left to be right about.
    assert choose_threshold(chances, np.array([0, 0, 0, 1, 0]), 0) == 1.0


def test_meaning_looks_mostly_at_the_last_layer() -> None:
    # Two labels that the last layer's half and the fourth's tell apart equally well.
    vectors = np.array([[0.5, 0.5, 0.5, 0.5], [-0.5, 0.5, -0.5, 0.5]] * 20, dtype=np.float32)
    meaning = fit_meaning(vectors, np.array([0, 1] * 20, dtype=np.int64), 2)
    assert (vectors @ meaning.weights + meaning.bias).argmax(axis=1).tolist() == [0, 1] * 20
    assert abs(meaning.weights[0, 0]) > 10 * abs(meaning.weights[2, 0]) > 0


def test_every_label_is_spread_over_the_folds() -> None:
    y = np.repeat(np.arange(4), 10)
    fold_of = folds(y)
    for label in range(4):
        assert sorted(np.bincount(fold_of[y == label], minlength=5)) == [2, 2, 2, 2, 2]
    np.testing.assert_array_equal(fold_of, folds(y))


def test_a_labels_name_is_said_as_words() -> None:
    assert spoken("missed_bin") == "missed bin"
    assert spoken("missedBin") == "missed bin"
    assert spoken("ORDER_TAKING") == "order taking"


def test_the_lexicon_weighs_rare_terms_more_and_scales_to_length_one() -> None:
    lexicon = Lexicon.fit(["my bin", "my permit", "my book"])
    places, weights = lexicon.row("my bin")
    by_term = {lexicon.terms[place]: weight for place, weight in zip(places, weights, strict=True)}
    assert by_term["w:bin"] > by_term["w:my"]
    assert np.linalg.norm(weights) == pytest.approx(1.0)
    assert len(lexicon.row("zzz")[0]) == 0
    misspelt = {lexicon.terms[place] for place in lexicon.row("permitt")[0]}
    assert "permi" in misspelt


def test_the_bench_counts_what_it_says(home: Path) -> None:
    test = [*NEW.items(), ("tell me a joke about cats", "oos")]
    test.append(("pay my council tax bill", "library"))  # one row whose label is wrong: it must cost accuracy
    result = compare(ROWS + [(text, "oos") for text in OUTSIDE], test, home)
    assert result["accuracy"] == 80.0
    assert (result["test_rows"], result["outside_rows"], result["labels"]) == (5, 1, 5)
    assert result["outside_recall"] == 100.0


def test_likeness_adds_up_as_logarithms_and_less_than_nothing_is_little() -> None:
    logs = as_logs(np.array([[0.9, 0.3, 0.03, 0.0, -0.2]]))[0]
    assert logs[:2] == pytest.approx(np.log([0.9, 0.3]))
    assert logs[2:] == pytest.approx(np.log(LEAST_CHANCE))
