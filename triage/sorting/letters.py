"""A long text made ready to be read: what its writer says, what they only quote, and the pieces that it falls into.

Emails bring greetings, names at the end and the whole of what was written before. They say nothing of the need, and
what is quoted may be somebody else's words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_CHARACTERS = 8_000
"""Of one text; what a longer one says after that is not read for its service (danger is looked for in all of it)."""
FEWEST = 4
"""Words in a piece at least: "Thank you." alone says nothing."""
MOST = 30
"""Words in a piece at most: a page without a full stop is cut all the same."""
PIECES = 24
"""Pieces read of one text at most: the first and the last ones, which say most."""

_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
_QUOTED_LINE = re.compile(r"^\s*>")
# What mail programs write above the message that is answered.
_ANSWERED = re.compile(
    r"^\s*(?:on\b.{4,120}\bwrote:|-{2,}\s*original message\s*-{2,}|_{8,}|from:\s.{2,120})\s*$", re.IGNORECASE
)
_FORWARDED = re.compile(r"^\s*(?:-{2,}\s*)?(?:begin )?forwarded message\b.*$|^\s*(?:subject:\s*)?fwd?:", re.IGNORECASE)
_GREETING = re.compile(
    r"^\s*(?:dear|hello|hi|hiya|hey|good (?:morning|afternoon|evening|day)|to whom(?:soever)? it may concern"
    r"|greetings|morning|afternoon|evening)\b[^.!?]{0,40}[,.!:\-]*\s*$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(?:(?:kind(?:est)?|best|warm(?:est)?|many|with(?: \w+){0,2}) (?:regards|wishes|thanks|respect)|regards"
    r"|yours(?: \w+)?|sincerely|faithfully|thanks|thank you|many thanks|cheers|ta|thx|respectfully"
    r"|with respect|sent from my \w+)\b[^.!?]{0,60}[,.!]*\s*$",
    re.IGNORECASE,
)
SIGNATURE_LINES = 6
"""Lines after a closing at most for them to be a signature: a page after "Thanks" is the letter."""
_SHORT = 12
"""Words of somebody's own at least, for what they quote to be only quoted."""


@dataclass(frozen=True)
class Letter:
    """A text taken apart: the writer's own words, and those of others that came with them.

    `own` is all that is not quoted, also where what is quoted is most of it ("> you can go to the Ombudsman" is no
    complaint of theirs); of a message that was passed on it is everything.
    """

    body: str
    quoted: str = ""
    own: str = ""


def read_letter(text: str) -> Letter:
    """Take greetings and signatures off, and what is quoted apart.

    Who forwards a message, or says next to nothing of their own, means what they pass on: then it is the body.
    """
    own: list[str] = []
    quoted: list[str] = []
    answered = forwarded = False
    for line in text.replace("\r\n", "\n").split("\n"):
        forwarded = forwarded or bool(_FORWARDED.match(line))
        answered = answered or bool(own and any(own) and _ANSWERED.match(line))
        (quoted if answered or _QUOTED_LINE.match(line) else own).append(line)
    body = _without_signature(_without_greeting(own))
    said = text if forwarded else "\n".join(own)
    rest = "\n".join(re.sub(r"^[\s>]+", "", line) for line in quoted).strip()
    if rest and (forwarded or len(body.split()) < _SHORT):
        return Letter(f"{body}\n{rest}".strip(), own=said)
    return Letter(body or text.strip(), rest, said)


def _without_greeting(lines: list[str]) -> list[str]:
    """The lines without a greeting that stands alone on one of the first."""
    for at, line in enumerate(lines[:4]):
        if _GREETING.match(line):
            return [*lines[:at], *lines[at + 1 :]]
    return lines


def _without_signature(lines: list[str]) -> str:
    """The text up to a closing that only a few short lines follow."""
    for at in range(len(lines) - 1, 0, -1):
        after = [line for line in lines[at + 1 :] if line.strip()]
        if len(after) > SIGNATURE_LINES:
            break
        short = all(len(line.split()) <= 8 for line in after)
        if short and (_CLOSING.match(lines[at]) or lines[at].strip() == "--"):
            kept = "\n".join(lines[:at]).strip()
            if kept:
                return kept
    return "\n".join(lines).strip()


def pieces(body: str) -> list[str]:
    """The text in runs of sentences of 4 to 30 words, at most 24 of them; the text itself when it is one piece."""
    runs: list[list[str]] = []
    for sentence in _ENDS.split(body[:MOST_CHARACTERS]):
        words = sentence.split()
        for start in range(0, len(words), MOST):
            part = words[start : start + MOST]
            if runs and (len(runs[-1]) < FEWEST or len(part) < FEWEST) and len(runs[-1]) + len(part) <= MOST:
                runs[-1] += part
            else:
                runs.append(part)
    found = [" ".join(words) for words in runs]
    if len(found) > PIECES:
        found = [*found[: PIECES * 2 // 3], *found[-(PIECES - PIECES * 2 // 3) :]]
    return found or [body]
