"""The likeliest guess answered, and said to be one: between sure enough to answer and "did you mean one of these?".

Of messages whose likeliest service has a chance of one half or more, yet less than what is answered plainly, it is the
right one in two of three (docs/decisions/2026-11-26-a-likely-guess.md). Asking back costs all of them a press; here two
of three are answered, everybody is told that it is a guess, and what else it could be is one press away.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from triage.chat.answering import MOST_GUESSES, PERSON, WORTH_OFFERING, Room
from triage.chat.engine import Turn
from triage.chat.rendering import Said, choices
from triage.content import Choice, Service

LIKELY = 0.5
# Of what the answer itself offers, as many as leave room for what else it could be.
MOST_KEPT = 2


def guessed(turn: Turn, services: Mapping[str, Service], context: Mapping[str, Any]) -> Turn:
    """The turn with its likeliest service answered as a guess, or as it is: sure, in a form, or too unsure for one."""
    understood = turn.understood
    unclear = turn.says == ({"do": "clarify"},) and not (turn.form or context.get("form"))
    if not unclear or not understood.abstained or understood.confidence < LIKELY or understood.service not in services:
        return turn
    return replace(turn, says=({"answer": understood.service, "guess": True},))


def as_a_guess(room: Room, said: Said, turn: Turn) -> Said:
    """An answer that is a guess: told so, and beside it what else could be meant and a person."""
    service = room.catalogue.services[str(turn.understood.service)]
    others = [
        Choice(label=room.catalogue.services[name].name[:60], service=name)
        for name, chance in turn.understood.ranking
        if name in room.catalogue.services and name != service.id and chance >= WORTH_OFFERING
    ][: MOST_GUESSES - 1]
    kept = [one for one in said.extras.get("choices", ()) if one["send"].get("do") != PERSON.do][:MOST_KEPT]
    asked = {one["send"].get("service") for one in kept}
    more = [one for one in others if one.service not in asked]
    beside = choices([*more, Choice(label="None of these", do="none_of_these"), PERSON], start=70)
    text = f"{room.line('guess', service=service.name).text}\n\n{said.text}"
    return Said(text, {**said.extras, "choices": [*kept, *beside]})
