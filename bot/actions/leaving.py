"""Ways out of a form, open at every question: stop, a person, start again, goodbye; having it said again; undo."""

from __future__ import annotations

from bot.actions.parsing import plain
from bot.actions.turn import FormTurn
from language.taking_back import takes_back

STOP, PERSON, START_AGAIN, GOODBYE, REPEAT = "stop", "person", "start_again", "goodbye", "repeat"
MESSAGE = "message"  # how a form ends that is left for a message to a person
UNDO = "undo"  # takes the last answer back; it is only ever typed
WAYS_OUT = (STOP, PERSON, START_AGAIN, GOODBYE, REPEAT)

# Whole messages that can be nothing else, even where any words are an answer.
_PHRASES = {
    STOP: "stop|cancel|cancel it|cancel that|quit|exit|never mind|nevermind|forget it|forget about it|leave it|"
    "stop it|stop please|please stop|cancel please|abort|i changed my mind|i ve changed my mind|dont bother|"
    "don t bother|stop don t send it|don t send it|dont send it",
    PERSON: "person|human|agent|operator|advisor|adviser|talk to a person|speak to a person|talk to someone|"
    "speak to someone|talk to a human|speak to a human|real person|a real person|a person please|a human please|"
    "person please|human please|i want a person|i want to talk to a person|i want to speak to someone|"
    "can i talk to a person|can i speak to someone|can i talk to someone|can i speak to a person|call me|"
    "i want to speak to a person|i want to talk to someone|let me talk to a person|let me speak to someone",
    START_AGAIN: "start again|start over|restart|begin again|from the beginning|start from the beginning",
    GOODBYE: "bye|goodbye|good bye|bye bye",
    REPEAT: "repeat|repeat that|say that again|say it again|again|what|pardon|come again|what did you say|"
    "can you repeat that|please repeat|sorry what",
}
_WHOLE = {phrase: way for way, phrases in _PHRASES.items() for phrase in phrases.split("|")}

# Buttons of ours that open something else, typed where any words are an answer: they are the command, not the answer.
_COMMANDS = {
    "leave_message": "leave a message|leave message|leave us a message|leave you a message|i want to leave a message|"
    "i d like to leave a message|can i leave a message|let me leave a message|send a message|send you a message",
    "contact_status": "check my report|check a report|check a report i made|check my message|check on my report|"
    "how is my report going|check my reference",
    "missed_bin": "report a missed bin",
    "bin_collection_day": "find my bin day",
    "help": "what can you do",
}
_COMMAND = {phrase: service for service, phrases in _COMMANDS.items() for phrase in phrases.split("|")}

SURE = 0.8  # an intent that takes the resident out of what they were doing is only believed when this likely
SHORT = 10  # words; a longer message inside a form is more likely an answer


def way_out(turn: FormTurn) -> str | None:
    """The way out that a pressed choice or the whole message asks for, or None."""
    if turn.pressed:
        return turn.intent if turn.intent in WAYS_OUT else None
    return UNDO if takes_back(turn.text) else _WHOLE.get(plain(turn.text))


def command(turn: FormTurn) -> str | None:
    """What a button of ours opens whose words are the whole message, or None."""
    return None if turn.pressed else _COMMAND.get(plain(turn.text))


def likely_way_out(turn: FormTurn) -> str | None:
    """The way out that the reader is sure of, or None. For questions whose answers do not read like one."""
    short = len(plain(turn.text).split()) <= SHORT
    return turn.intent if turn.intent in WAYS_OUT and turn.confidence >= SURE and short else None
