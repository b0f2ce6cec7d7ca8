"""The sentence encoder: milliseconds a short message on one thread, closeness to float32, and size of its file.

`python -m bench encoder [--quick]`. The messages are our own services' lines; the float32 vectors are those of the
NumPy forward pass in language/encoder/reference.py, which is written apart from the graph.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import numpy as np
from safetensors.numpy import load_file

from bench.reporting.figures import Figure, printed
from bench.reporting.own import own_rows
from language.encoder import Encoder, open_tokenizer
from language.encoder.build import SPLITTER, WEIGHTS, build, wheel_file
from language.encoder.files import GRAPH, folder
from language.encoder.reference import reference_vector
from triage.settings import get_settings

SHORT = 80  # characters at most
# tests/language/test_encoder.py holds each of its messages to this.
LEAST_COSINE = 0.99


def main(argv: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench encoder", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few messages")
    timed, compared = (20, 3) if parser.parse_args(argv).quick else (1_000, 60)
    home = get_settings().home
    build(home)
    encoder = Encoder.load(home)
    texts = [text for text, _ in own_rows() if len(text) <= SHORT]
    encoder.encode(texts[:20])
    times = []
    for text in texts[:timed]:
        started = time.perf_counter()
        encoder.encode([text])
        times.append((time.perf_counter() - started) * 1000)
    weights, tokenizer = load_file(wheel_file(WEIGHTS)), open_tokenizer(wheel_file(SPLITTER))
    chosen = texts[:: max(1, len(texts) // compared)][:compared]
    true = np.stack([reference_vector(np.array(tokenizer.encode(text).ids), weights) for text in chosen])
    cosines = (encoder.encode(chosen) * true).sum(axis=1)
    figures = [
        Figure("a short message on one thread, p50", round(float(np.percentile(times, 50)), 2), "ms"),
        Figure("a short message on one thread, p95", round(float(np.percentile(times, 95)), 2), "ms"),
        Figure("cosine to float32, mean", round(float(cosines.mean()), 4)),
        Figure("cosine to float32, least", round(float(cosines.min()), 4), mark=LEAST_COSINE),
        Figure("size of the file", round((folder(home) / GRAPH).stat().st_size / 1e6, 1), "MB"),
    ]
    return printed("encoder", figures, {"messages_timed": len(times), "messages_compared": len(chosen)})
