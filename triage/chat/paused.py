"""A form that is set aside for another, or for a person, and gone back to: nobody fills in the same form twice.

What the engine needs to go on with it is kept in the conversation's context beside the details that it holds
(sealing.py). One form at a time: a second one set aside takes the first one's place.
"""

import re
from dataclasses import replace
from typing import Any

from triage.chat import answering, sealing
from triage.chat.answering import Room
from triage.chat.engine import Turn, Understood
from triage.chat.rendering import Said, choices
from triage.content import Choice
from triage.tables import Conversation

PAUSED = "paused"
RESUME = "resume_form"
# Buttons that lead out of a form and never into another.
NOT_A_FORM = ("person", "stop", "goodbye", "start_again", "repeat", "affirm", "deny", "unclear", "help")

Memory = list[Any]
Kept = dict[str, Any]

_RESUMES = re.compile(
    r"(ok |please |can we |let s |lets |i want to )*"
    r"(go back( to (it|that|the (form|report|other one|first one)))?|go on|continue|carry on|resume|where were we|"
    r"back to (it|that|the (form|report|other one|first one)))( please)?"
)


def kept(context: dict[str, Any], memory: Memory) -> Kept | None:
    """The open form as it can be gone on with; None when none is open."""
    if not context.get("form"):
        return None
    return {"form": context["form"], "asking": context.get("asking"), "memory": memory}


def set_aside(conversation: Conversation, form: Kept) -> None:
    """Keep a form for later."""
    conversation.context = {**conversation.context, PAUSED: form}


def forget(conversation: Conversation) -> None:
    """A conversation that has ended keeps no form half done, and no question open."""
    over = (PAUSED, "waits_for", sealing.DETAILS, "form", "asking")
    conversation.context = {key: value for key, value in conversation.context.items() if key not in over}
    conversation.dialogue = []


def memory_of(context: dict[str, Any]) -> Memory:
    """The engine's memory of the form that is set aside."""
    found: Memory = (context.get(PAUSED) or {}).get("memory", [])
    return found


def slots_of(memory: Memory) -> dict[str, Any]:
    """What a form's slots hold, out of the engine's memory."""
    return {one["name"]: one["value"] for one in memory if isinstance(one, dict) and one.get("event") == "slot"}


def open_again(kept: Kept, understood: Understood) -> Turn:
    """The turn in which a form's open question is asked once more and nothing else is said."""
    memory = kept["memory"]
    return Turn((), understood, memory, slots_of(memory), kept["form"], kept["asking"])


def resumes(text: str | None, send: dict[str, Any], context: dict[str, Any]) -> bool:
    """Whether the resident goes back to the form that was set aside."""
    if not context.get(PAUSED) or context.get("form"):
        return False
    words = " ".join(re.findall(r"[a-z0-9]+", (text or "").lower()))
    return send.get("do") == RESUME or (not send and _RESUMES.fullmatch(words) is not None)


def resume(conversation: Conversation, room: Room) -> list[Said]:
    """Go on with the form that was set aside, at the question that was open."""
    form: Kept = conversation.context[PAUSED]
    rest = {key: value for key, value in conversation.context.items() if key != PAUSED}
    conversation.context = {**rest, "form": form["form"], "asking": form["asking"]}
    conversation.dialogue = form["memory"]
    if service := room.catalogue.form(form["form"])[0]:
        conversation.context = {**conversation.context, "service": service}
    return [question(room, form, conversation.context)]


def question(room: Room, form: Kept, context: dict[str, Any]) -> Said:
    """A form's open question, once more, with what `context` keeps of its answers."""
    turn = sealing.open_turn(open_again(form, Understood()), context)
    assert turn is not None and turn.asking is not None
    name = f"{form['form']}.{answering.slot_of(form['form'], turn.asking)}"
    return answering.question(room, name, turn, again=True)


def offered(conversation: Conversation, room: Room, said: Said) -> Said:
    """`said` with the way back to the form that was set aside, when there is one."""
    form = conversation.context.get(PAUSED)
    if not form or conversation.context.get("form"):
        return said
    back = choices([Choice(label=f"Go back to: {_name(room, form['form'])}"[:60], do=RESUME)], start=80)
    return replace(said, extras={**said.extras, "choices": [*back, *said.extras.get("choices", ())]})


def told(room: Room, form: Kept) -> Said:
    """Said when another form is opened in its place."""
    return room.line("form_kept", form=_name(room, form["form"]).lower())


def _name(room: Room, form_id: str) -> str:
    service = room.catalogue.form(form_id)[0]
    return room.catalogue.services[service].name if service else "my message"
