"""How much the danger model alone may do to a conversation; what a rule sees is never made less here.

The model reads one message without the question that it answers, so "its upstairs" or "he is blind", typed into a
form, looks to it like a cry for help. Taking the form away and asking a team to act would then harm more than it
helps, and teaches people not to answer. So in answer to a form's question the model asks at most, and says nothing of
a few words; what the rules know is dangerous still stops everything (docs/decisions/2026-11-26-danger-in-a-form.md).
"""

import re

from language.danger import Sighting
from language.danger.model import RULE, Dangers
from triage.chat.following import follows

# Words of an answer to a form, up to which the model says nothing, and up to which it only asks.
ANSWER_WORDS, LONG_ANSWER_WORDS = 6, 14
# A message of so few words says too little for the model to stop a conversation by itself.
FEW_WORDS = 3

_MISTAKEN = re.compile(
    r"\b(no ?(one|body)('s| is|s)?|(i'?m|it'?s|am|are|is) not|isn'?t|aren'?t|not|no|theres no)"
    r"( (in|at|an?|any|really|actually|being|been|getting|hurting|is|immediate)){0,3}"
    r" (danger|hurt|him|her|me|us|them|anyone|anybody|risk|abuse|emergency|urgent team)\b(?! (by|me|us|yet|but))"
    r"|\b(by|a) mistake\b|\bmistaken\b|\bmisunderst|\bmisread|\bwrong button\b|\bfalse alarm\b"
    r"|\bi (don'?t|dont|do not) need (an? )?(urgent|emergency)"
    r"|\bi was (just |only )?(answering|talking about|asking about|replying)\b"
    r"|\b(go|get|take me) back to (the|my|that) (form|report|booking|question)\b"
    r"|\b(carry on|go on|continue|finish) (with )?(the|my|this) (form|report|booking)\b"
)


def weighed(
    sighting: Sighting | None, text: str, *, in_form: bool, dangers: Dangers, spoken_of: bool = False
) -> Sighting | None:
    """The danger that a chat acts on, of what was seen in a message. `spoken_of`: a service was, just before it."""
    if sighting is None or sighting.rule != RULE:
        return sighting
    words = len(text.split())
    if (in_form and words <= ANSWER_WORDS) or (spoken_of and follows(text)):
        return None
    if (in_form and words <= LONG_ANSWER_WORDS) or words <= FEW_WORDS:
        return dangers.gentler(sighting)
    return sighting


def mistaken(text: str) -> bool:
    """Whether somebody who was taken to be in danger says that nobody is."""
    return _MISTAKEN.search(text.lower()) is not None
