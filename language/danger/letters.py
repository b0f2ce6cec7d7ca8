"""Long messages put together from examples, for learning how bad one piece of many must be.

Hardly an example is a page long, and residents' letters are not ours to learn from. So ordinary lines are joined, and
one danger is put among some of them. Real letters keep to one subject and have fewer chances of a false alarm.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from language.danger.examples import Example

LENGTHS = (300, 1_000, 4_000)  # characters
KINDS = {"ordinary": 35, "near": 10, "grave": 45}  # how many of each length: what they are put together from


def letters(examples: Sequence[Example], seed: int) -> Iterator[tuple[str, Example, int]]:
    """Long messages, each with its length and the example that says what it amounts to: its danger, or a line of it."""
    chance = np.random.default_rng(seed)
    ordinary = [example for example in examples if example.ordinary]
    near = [example for example in examples if example.signal is None and not example.ordinary]
    dangers = [example for example in examples if example.signal is not None]
    for length in LENGTHS:
        for kind, count in KINDS.items():
            around = near if kind == "near" else ordinary
            for _ in range(count if around and dangers else 0):
                lines: list[Example] = []
                size = 0
                while size < length:
                    lines.append(around[chance.integers(len(around))])
                    size += len(lines[-1].text) + 2
                told = lines[0]
                if kind == "grave":
                    told = dangers[chance.integers(len(dangers))]
                    lines.insert(chance.integers(len(lines)), told)
                yield ". ".join(line.text for line in lines), told, length
