"""How large the numbers inside the model get: measured on a few sentences, when the 8-bit graph is built.

A step that scales all of its input at once rounds well only when no column of the input is far larger than the
others. The largest number of each column tells the builder which columns to shrink (SmoothQuant, Xiao et al. 2023).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from language.encoder import open_tokenizer
from language.encoder.reference import reference_vector

# Ordinary messages of different length and manner; they teach nothing, they only show how large numbers get.
MESSAGES = (
    "hi",
    "ok thanks",
    "STOP",
    "my bin was not collected",
    "how do i pay my council tax",
    "what time does the library open on saturday?",
    "Can I speak to a person please",
    "wake me up at half past six tomorrow",
    "i lost my card, what should I do now??",
    "Is there a charge for taking money out abroad?",
    "the boiler's broken and theres no heating, 2 kids here",
    "I've moved to 12 High Road, N3 1AB and need a permit for my new car.",
    "play some music by the beatles",
    "why has my payment been declined when there is enough in my account",
    "do u sell mattresses in a king size, and how long is delivery",
    "I got a parking ticket (PCN AB12345678) on 3 May but I had paid. How do I appeal?",
    "turn the lights off in the kitchen",
    "who is the prime minister of france",
    "you are useless, nobody ever answers the phone!!!",
    "My mum is 82 and can't walk far: how does she get a blue badge, and what will it cost?",
)


def sizes_inside(weights: dict[str, NDArray[np.float32]], tokenizer_file: Path) -> dict[str, NDArray[np.float32]]:
    """The largest number, without its sign, in each column of what each watched step is given, shape (384,)."""
    tokenizer = open_tokenizer(tokenizer_file)
    largest: dict[str, NDArray[np.float32]] = {}

    def watch(name: str, x: NDArray[np.float64]) -> None:
        here = np.abs(x).max(axis=0).astype(np.float32)
        largest[name] = np.maximum(largest.get(name, here), here)

    for message in MESSAGES:
        reference_vector(np.array(tokenizer.encode(message).ids, dtype=np.int64), weights, watch)
    return largest
