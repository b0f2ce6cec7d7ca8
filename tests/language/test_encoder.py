"""The encoder gives the model's own vectors: held to a NumPy forward pass written apart from the graph."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from safetensors.numpy import load_file

from bench.fuzzing.messages import make
from language.encoder import WIDTH, Encoder, EncoderNotBuilt, open_tokenizer
from language.encoder.build import SPLITTER, WEIGHTS, build, wheel_file
from language.encoder.files import GRAPH, LAYER_WIDTH, LIKELY_CHARACTERS, MOST_CHARACTERS, NOTE, TOKENIZER, folder
from language.encoder.graph import draw_graph, evened
from language.encoder.reference import reference_vector

TEXTS = [
    "my bin was not collected",
    "The rubbish has not been picked up this week.",
    "How do I pay my council tax by direct debit?",
    "ok",
    "Hello, I've moved to 12 High Road and need a parking permit for my new car, which I bought on Tuesday!",
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("home")
    build(place)
    return place


@pytest.fixture(scope="module")
def encoder(home: Path) -> Encoder:
    return Encoder.load(home)


@pytest.fixture(scope="module")
def expected() -> np.ndarray:
    weights = load_file(wheel_file(WEIGHTS))
    tokenizer = open_tokenizer(wheel_file(SPLITTER))
    return np.stack([reference_vector(np.array(tokenizer.encode(text).ids), weights) for text in TEXTS])


def test_the_8_bit_vectors_lie_beside_the_models_own(encoder: Encoder, expected: np.ndarray) -> None:
    found = encoder.encode(TEXTS)
    assert found.shape == (len(TEXTS), WIDTH)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1.0, atol=1e-5)
    assert (found * expected).sum(axis=1).min() > 0.99
    for half in (slice(LAYER_WIDTH), slice(LAYER_WIDTH, WIDTH)):
        np.testing.assert_allclose(np.linalg.norm(found[:, half], axis=1), np.sqrt(0.5), atol=1e-5)
        assert 2 * (found[:, half] * expected[:, half]).sum(axis=1).min() > 0.985


def test_the_float32_graph_is_the_model(expected: np.ndarray) -> None:
    model = draw_graph(load_file(wheel_file(WEIGHTS)), sizes=None)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    tokenizer = open_tokenizer(wheel_file(SPLITTER))
    for text, vector in zip(TEXTS, expected, strict=True):
        ids = np.array(tokenizer.encode(text).ids, dtype=np.int64)
        np.testing.assert_allclose(session.run(None, {"ids": ids})[0], vector, atol=1e-5)


def test_evening_changes_neither_the_product_nor_the_order_of_size() -> None:
    chance = np.random.default_rng(1)
    weight = chance.normal(size=(5, 8)).astype(np.float32)
    sizes = np.array([1, 1, 1, 1, 1, 1, 1, 40], dtype=np.float32)
    x = (chance.uniform(-1, 1, size=(3, 8)) * sizes).astype(np.float32)
    parts = evened(sizes, weight)
    np.testing.assert_allclose((x / parts) @ (weight * parts).T, x @ weight.T, rtol=1e-4, atol=1e-4)
    assert np.exp(np.log(parts).mean()) == pytest.approx(1.0, rel=1e-5)
    left = sizes / parts
    assert left.max() / left.min() < 12  # 40 before
    assert np.isfinite(evened(np.zeros(8, dtype=np.float32), weight)).all()


def test_texts_that_mean_the_same_lie_closer_than_others(encoder: Encoder) -> None:
    bin_one, bin_two, tax, *_ = encoder.encode(TEXTS)
    assert bin_one @ bin_two > bin_one @ tax + 0.1
    last = slice(LAYER_WIDTH)  # the half that knows meaning best; its length is the root of a half
    assert 2 * bin_one[last] @ bin_two[last] > 2 * bin_one[last] @ tax[last] + 0.2


def test_a_text_gives_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    together = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        np.testing.assert_array_equal(encoder.encode([text])[0], vector)


def test_only_the_first_128_tokens_of_a_long_text_are_read(encoder: Encoder) -> None:
    long = "rubbish " * 126
    np.testing.assert_array_equal(encoder.encode([long])[0], encoder.encode([long + "parking " * 50_000])[0])


def test_a_long_text_read_only_as_far_as_needed_has_the_tokens_of_the_whole(encoder: Encoder, home: Path) -> None:
    tokenizer = open_tokenizer(folder(home) / TOKENIZER)
    made = [text for _, text in make(5, 4_000) if len(text) > LIKELY_CHARACTERS]
    assert len(made) > 50
    for text in [
        *made,
        "antidisestablishmentarianism " * 150,
        "a [MASK] [SEP] \u0301e " * 200,
        "x" * 1_500 + " bin" * 600,
    ]:
        whole = text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
        assert encoder.tokens(text) == tokenizer.encode(whole).ids


def test_nothing_to_read_is_still_an_answer(encoder: Encoder) -> None:
    assert encoder.encode([]).shape == (0, WIDTH)
    assert np.isfinite(encoder.encode(["", "   ", "🙂", "\x00"])).all()


def test_a_second_build_leaves_the_files_alone(home: Path) -> None:
    graph = home / "encoder" / GRAPH
    before = graph.stat().st_mtime_ns
    assert build(home) == home / "encoder"
    assert graph.stat().st_mtime_ns == before
    assert sorted(path.name for path in (home / "encoder").iterdir()) == [
        "encoder.json",
        "minilm-l6-int8.onnx",
        "tokenizer.json",
    ]


def test_an_encoder_of_other_weights_is_built_again(home: Path) -> None:
    note = home / "encoder" / NOTE
    kept = json.loads(note.read_text(encoding="utf-8"))
    note.write_text(json.dumps(kept | {"weights_sha256": "0" * 64}), encoding="utf-8")
    build(home)
    assert json.loads(note.read_text(encoding="utf-8")) == kept


def test_a_missing_encoder_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EncoderNotBuilt, match=r"python -m language\.encoder\.build"):
        Encoder.load(tmp_path)


def test_an_encoder_of_another_version_is_refused(home: Path, tmp_path: Path) -> None:
    place = tmp_path / "encoder"
    place.mkdir()
    for path in (home / "encoder").iterdir():
        (place / path.name).write_bytes(path.read_bytes())
    (place / NOTE).write_text(json.dumps({"version": "minilm-l6-0", "weights_sha256": ""}), encoding="utf-8")
    with pytest.raises(EncoderNotBuilt, match="another version"):
        Encoder.load(tmp_path)
