"""What of a message is looked for: its words without small talk, spelled as the content spells them."""

import re

from language.danger.spelling import Spelling
from triage.chat.search.passages import WORD

FEWEST_WORDS = 3
# Words that say that somebody asks, and not what for. PostgreSQL leaves out the commonest ones (the, of, is) itself.
SMALL_TALK = frozenset(
    [
        *("ask", "asking", "can", "come", "coming", "could", "get", "getting", "go", "goes", "going", "got", "hello"),
        *("help", "hi", "i", "know", "let", "like", "lot", "made", "make", "making", "may", "might", "must", "need"),
        *("needs", "please", "pls", "put", "really", "said", "say", "says", "should", "someone", "somebody", "still"),
        *("something", "anyone", "anybody", "anything", "tell", "thank", "thanks", "thing", "things", "us", "want"),
        *("wants", "way", "would", "also"),
    ]
)
_LETTERS = re.compile(r"[A-Za-z]+")
_HOW_MANY = re.compile(r"\b(how many|number of|what number)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\d|\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half|once|twice)\b", re.IGNORECASE
)


def long_enough(text: str) -> bool:
    """Whether there are words enough to look for: one or two could mean anything."""
    return len(WORD.findall(text.lower())) >= FEWEST_WORDS


def mended(text: str, spelling: Spelling) -> str:
    """The text with typing errors mended, as the content spells its words; what is no error stays as it is."""

    def mend(match: re.Match[str]) -> str:
        word = match.group().lower()
        known = spelling.mend(word)
        return match.group() if known == word else known

    return _LETTERS.sub(mend, text)


def terms(text: str) -> str:
    """The words to look for, one space between them: lower case letters and digits, and nothing else."""
    return " ".join(word for word in WORD.findall(text.lower().replace("'", "")) if word not in SMALL_TALK)


def could_answer(asked: str, text: str) -> bool:
    """False when it is asked how many, and `text` holds no number."""
    return not _HOW_MANY.search(asked) or bool(_NUMBER.search(text))
