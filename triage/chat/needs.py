"""Several needs in one message: "My bin was missed. And how do I pay my council tax?" has two, both dealt with."""

import re
from collections.abc import Collection, Sequence
from typing import Protocol

from language.intents import Reading

# Where one need may end and the next begin: the end of a sentence, or a word that adds something.
_BORDER = re.compile(
    r"[.?!;\n]+\s*|\s*,?\s*\b(?:and also|also|another thing|one more thing|secondly|as well as that|plus|and)\b[\s,]+",
    re.IGNORECASE,
)
FEWEST_WORDS = 3
MOST_PARTS = 5
# A part is answered beside the first need only when the reader is surer of it than it must be of a whole message:
# an answer that nobody asked for is in the way.
SURE = 0.75


class ReadsMany(Protocol):
    """Reads several texts at once; language.intents.Reader does."""

    def read_many(self, texts: Sequence[str]) -> list[Reading]:
        """How each is understood."""
        ...


def parts(text: str) -> list[str]:
    """The parts of a message that may each be a need, at most five; none when it has only one."""
    found = [part.strip() for part in _BORDER.split(text)]
    found = [part for part in found if len(part.split()) >= FEWEST_WORDS][:MOST_PARTS]
    return found if len(found) > 1 else []


def several(text: str, reader: ReadsMany, services: Collection[str]) -> list[str]:
    """The services that the parts of a message ask for, in the order asked; fewer than two is no list at all."""
    found: list[str] = []
    for reading in reader.read_many(parts(text)):
        sure = not reading.abstained and reading.confidence >= SURE
        if sure and reading.label in services and reading.label not in found:
            found.append(reading.label)
    return found if len(found) > 1 else []
