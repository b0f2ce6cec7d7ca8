"""Somebody who has every published table and tries to work out what is not shown.

What is not known are whole numbers from 0; each published number says what some of them add up to. `bounds` asks a
linear program how small and how large a sum of unknown numbers may be and still agree with everything published. Where
the two are the same, it has been worked out.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


@dataclass
class Attacker:
    """What is known so far."""

    unknown: list[Hashable]
    said: list[tuple[frozenset[Hashable], int]] = field(default_factory=list)

    def hears(self, parts: Iterable[Hashable], number: int) -> None:
        """A published number, and which unknown numbers add up to it."""
        self.said.append((frozenset(parts), number))

    def bounds(self, parts: Iterable[Hashable]) -> tuple[float, float]:
        """The least and the most that these may add up to."""
        place = {name: at for at, name in enumerate(self.unknown)}
        rows, columns = [], []
        for row, (names, _) in enumerate(self.said):
            for name in names:
                rows.append(row)
                columns.append(place[name])
        matrix = csr_matrix(
            (np.ones(len(rows)), (rows, columns)), shape=(len(self.said), len(self.unknown)), dtype=float
        )
        numbers = np.array([number for _, number in self.said], dtype=float)
        goal = np.zeros(len(self.unknown))
        goal[[place[name] for name in parts]] = 1.0
        found = []
        for sign in (1, -1):
            solved = linprog(sign * goal, A_eq=matrix, b_eq=numbers, bounds=(0, None), method="highs")
            assert solved.status == 0, solved.message
            found.append(sign * solved.fun)
        return found[0], found[1]

    def works_out(self, parts: Iterable[Hashable]) -> bool:
        """Whether these are known exactly."""
        low, high = self.bounds(list(parts))
        return high - low < 1e-6
