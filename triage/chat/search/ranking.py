"""Which passage is best, and whether it is good enough to show: pure functions of what the database found.

Words and meaning are weighed together in one score. The weights and the lines above which a passage is shown were
chosen on the rows "chosen" of bench/search_rows.jsonl and judged on the others (docs/decisions/2026-11-23-search.md);
`python -m bench search` checks them again on the content as it is now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# The share of the question's words that a passage has counts squared: nearly all of them say much, half of them little.
COVERAGE = 0.5
# Rare words that were found count besides, so that a question of one common word is not enough.
FOUND = 0.15
# How much is taken off for a message that the reader surely takes to be no business of the council's.
DOUBT = 0.15
# At and above this the best passage is shown: with meaning, and by words alone.
SHOWN_FROM = 0.8
SHOWN_FROM_BY_WORDS = 0.65
# … only when it is near in meaning too, where that is known: "how do I put up a shelf" has the words of a book on one.
NEAR_FROM = 0.55
# … and only when it is better by this than all of every other service: where two could answer ("will they be shut at
# Christmas"), it is not clear what was meant. The more services there are, the more often that is so.
CLEAR_BY = 0.3


@dataclass(frozen=True)
class Candidate:
    """A passage that the database found.

    `asked` is what the words of the question weigh together, `found` what those weigh that stand in the passage: a
    word weighs 1 when no passage has it and falls towards 0 the more have it. `nearness` is the cosine of the
    question's and the passage's vectors, None where the database cannot tell.
    """

    id: str
    hash: str
    found: float
    asked: float
    nearness: float | None


def score(one: Candidate, doubt: float = 0.0) -> float:
    """How well a passage answers: words and meaning in one number.

    `doubt` is the chance, 0 to 1, that the message asks what no service answers, as the reader sees it.
    """
    coverage = one.found / one.asked if one.asked else 0.0
    return (one.nearness or 0.0) + COVERAGE * coverage**2 + FOUND * one.found - DOUBT * doubt


@dataclass(frozen=True)
class Best:
    """The best passage, and by how much it is better than the best one of any other service."""

    one: Candidate
    lead: float


def best(candidates: Iterable[Candidate], fit: Mapping[str, str]) -> Best | None:
    """The best of those whose id is in `fit`, which says what service each belongs to; None when none is.

    Whether it is shown is another question. Where two are as good, the first by id is taken.
    """
    fitting = sorted((one for one in candidates if one.id in fit), key=lambda one: (-score(one), one.id))
    if not fitting:
        return None
    first = fitting[0]
    rivals = (score(one) for one in fitting if fit[one.id] != fit[first.id])
    return Best(first, score(first) - max(rivals, default=0.0))


def is_clear(best: Best) -> bool:
    """Whether it asks for something, means what the passage means, and no other service could be meant."""
    near = best.one.nearness
    return best.one.asked > 0 and best.lead >= CLEAR_BY and (near is None or near >= NEAR_FROM)


def worth_showing(best: Best, doubt: float = 0.0) -> bool:
    """Whether a passage is good enough to be shown: rather nothing than one that does not answer."""
    line = SHOWN_FROM_BY_WORDS if best.one.nearness is None else SHOWN_FROM
    return is_clear(best) and score(best.one, doubt) >= line
