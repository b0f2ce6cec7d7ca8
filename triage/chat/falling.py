"""Which messages fell through: not understood, or answered with something that was not asked.

Noted beside how the message was read, without a word of it, so that whoever writes the content can find them. What was
said in a form, beside a danger or after one is nobody's example and is never noted.
"""

from typing import Any

from triage.chat.replying import MOST_NEEDS, InHand

# What the engine asks for when it did not understand, or when the resident says that the answer was not to the point.
FELL = ("clarify", "wrong_answer")
MOST_GUESSES = 3


def noted(in_hand: InHand) -> dict[str, Any]:
    """What is kept of a message that fell through: {fell, guesses, found?}; nothing of any other.

    `fell` is `clarify`, or `wrong_answer`, which is about the resident's message before it. `guesses` are the likeliest
    labels with their probabilities, `found` the answer that search showed instead.
    """
    context, turn = in_hand.context, in_hand.turn
    grave = in_hand.sighting or context.get("asked_safe") or context.get("concern")
    if turn is None or turn.form or context.get("form") or grave or len(turn.says) != 1:
        return {}
    # A guess that was answered as one is no less unclear than what was asked back.
    fell = "clarify" if turn.says[0].get("guess") else turn.says[0].get("do")
    if fell not in FELL or (fell == "clarify" and in_hand.needs.instead(MOST_NEEDS)):
        return {}
    guesses = [[name, round(chance, 4)] for name, chance in turn.understood.ranking[:MOST_GUESSES]]
    return {"fell": fell, "guesses": guesses, **({"found": in_hand.found.says} if in_hand.found else {})}
