"""What is said in answer to one message, and what is done: decided here, stored by turns.py in the same transaction."""

from dataclasses import dataclass, field, replace
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from language.danger import Sighting
from language.entities import reply_address
from triage import live, reading
from triage.chat import answering, between, caution, guessing, handover, languages, passing_on, paused
from triage.chat.answering import Room
from triage.chat.asked import passed_on
from triage.chat.doing import Doing
from triage.chat.engine import Turn, Understood, Words
from triage.chat.needs import Needs
from triage.chat.overtaken import overtaken
from triage.chat.rendering import Said, choices
from triage.chat.search.second_chance import Found
from triage.chat.status import own_status
from triage.chat.tasks import task_of
from triage.content import Choice
from triage.settings import get_settings
from triage.tables import Conversation, Message

# Tasks that count, or leave alone, the failures in a row after which a person is offered without being asked.
NOT_UNDERSTOOD = ("clarify", "wrong_answer", "no_form")
STOP = Choice(label="Stop this", do="stop")

# How many needs of one message are dealt with; more at once would be a wall.
MOST_NEEDS = 2
# How many of the reader's guesses are kept for "that's not what I asked".
MOST_REMEMBERED = 4

log = structlog.get_logger(__name__)


@dataclass
class InHand:
    """A turn in hand, between its two transactions."""

    message: Message
    mode: str
    memory: list[Any]
    context: dict[str, Any]
    words: Words
    send: dict[str, Any]
    code: str | None
    claimed: bool
    turn: Turn | None = None
    sighting: Sighting | None = None
    heard: languages.Heard | None = None
    looked_up: dict[str, Any] = field(default_factory=dict)
    needs: Needs = field(default_factory=Needs)
    # The one thing that was asked of the service, or of nobody in particular (points.py).
    point: str | None = None
    # What search found for a message that was not understood.
    found: Found | None = None
    # What the form was told in this turn, by the marks that the engine has in its place.
    details: dict[str, Any] = field(default_factory=dict)
    engine_down: bool = False
    # The form that was open, when what the resident pressed opened another (paused.py).
    set_aside: paused.Kept | None = None
    # It was answered here, as no need of the resident's (between.py).
    between: bool = False
    # An agent's question to the resident was open when they wrote (asked.py).
    asked: bool = False

    @property
    def outside(self) -> Words:
        """The words as an engine may see them: without personal details (PROMISES 17)."""
        if self.words.text is None:
            return self.words
        # Placeholders may be longer than what they stand for; the engine takes no longer text than a resident may send.
        text = reading.redactor().redact(self.words.text).text[: get_settings().message_limit]
        return replace(self.words, text=text, message=self.message.seq)

    @property
    def given(self) -> str | None:
        """What the message was besides words of the resident's own: told to nobody again as such (summary.py)."""
        if self.between:
            return "between"
        return "pressed" if self.send else ("form" if self.context.get("form") else None)

    @property
    def outcome(self) -> str:
        """In one word, how the message was dealt with."""
        if self.turn is None:
            return "unanswered" if self.engine_down else "ours"
        return "spare" if self.engine_down else "engine"


async def replies(session: AsyncSession, conversation: Conversation, room: Room, in_hand: InHand) -> list[Said]:
    sighting = in_hand.sighting
    if in_hand.heard is not None:
        await languages.note(session, conversation, in_hand.heard)
    if _says_nobody_is(conversation, in_hand):
        return await handover.nobody_in_danger(session, conversation, room)
    answered = _answered_safe(conversation, in_hand)
    if answered is not None:
        # The answer may speak of the danger again ("no, he reads my phone"): that is no new danger.
        if sighting is not None:
            await handover.note_danger(session, conversation, sighting)
        return await _safe(session, conversation, room, answered, in_hand.words.text)
    if sighting is not None and sighting.level != "concern":
        # Where they can be reached is kept, whatever else the same message tells.
        where = await _where(session, conversation, room, in_hand)
        passing_on.wait_for(conversation, None)
        if left := paused.kept(in_hand.context, in_hand.memory):
            # The form is kept: whoever is in no danger after all goes on where they were.
            paused.set_aside(conversation, left)
            conversation.context = {**conversation.context, "form": None, "asking": None}
            conversation.dialogue = []
        helped = await handover.in_danger(session, conversation, room, sighting, in_hand.message.text)
        # The number is first, whatever the language; what follows it is in theirs.
        beside = [languages.beside_danger(in_hand.heard)] if in_hand.heard else []
        return [helped[0], *beside, *where, *helped[1:]]
    if "safe" in in_hand.send:
        return await _safe(session, conversation, room, bool(in_hand.send["safe"]))
    ours = await between.answer(session, conversation, room, in_hand)
    if ours is not None:
        in_hand.between = True
        return [*_of_concern(conversation, sighting), *ours]
    if in_hand.send.get("do") == "leave_queue":
        return await handover.leave_queue(session, conversation, room)
    if in_hand.send.get("do") == "none_of_these":
        return [answering.not_understood(room, Understood(), 2)]
    late = await overtaken(session, conversation, room, in_hand.mode)
    if late is not None:
        return [*_of_concern(conversation, sighting), *late]
    if conversation.mode in ("waiting", "person"):
        await live.announce(session, "desk")
        if conversation.mode == "waiting":
            # Nobody has come yet: silence would look as if nobody reads it.
            return [handover.with_leave_queue(room.line("noted_while_waiting"))]
        # The message is on the agent's screen; the assistant stays quiet.
        return []
    said = _of_concern(conversation, sighting)
    if conversation.mode == "ended":
        conversation.mode, conversation.contact_id = "assistant", None
    said += await passed_on(session, conversation, room, in_hand)
    if in_hand.between:
        return said
    if in_hand.heard is not None and languages.answers(in_hand.heard, in_hand.context):
        return [*said, languages.greet(conversation, in_hand.heard, room.catalogue)]
    if in_hand.turn is None:
        return [*said, answering.engine_down(room)]
    if said and in_hand.turn.says == ({"do": "clarify"},):
        # "I can't answer that" would be cold beside a danger; a person is what is left to offer.
        return [*said, room.line("concern_person")]
    return [*said, *await _perform(session, conversation, room, in_hand, in_hand.turn)]


async def _safe(
    session: AsyncSession, conversation: Conversation, room: Room, safe: bool, text: str | None = None
) -> list[Said]:
    """Keep whether it is safe, and the way to reach them when they typed it with their answer or in its place."""
    said = await handover.safe_to_contact(session, conversation, room, safe)
    if safe and conversation.mode in passing_on.NOBODY_YET and conversation.contact_id:
        passing_on.wait_for(conversation, passing_on.REPLY_TO, contact=str(conversation.contact_id), danger=True)
        if given := reply_address(text or ""):
            return await passing_on.reply_to(session, conversation, room, given, text or "")
    return said


async def _where(session: AsyncSession, conversation: Conversation, room: Room, in_hand: InHand) -> list[Said]:
    waits = passing_on.waiting_for(conversation).get("what") == passing_on.REPLY_TO
    given = reply_address(in_hand.words.text or "") if waits and conversation.mode in passing_on.NOBODY_YET else None
    return await passing_on.reply_to(session, conversation, room, given, in_hand.message.text) if given else []


def _of_concern(conversation: Conversation, sighting: Sighting | None) -> list[Said]:
    """A concern is spoken of once; the contact that follows is the more urgent for it either way."""
    known = (conversation.context.get("concern") or {}).get("signal")
    if sighting is None or sighting.signal == known:
        return []
    concern = {"signal": sighting.signal, "priority": sighting.priority}
    conversation.context = {**conversation.context, "concern": concern}
    return [answering.danger_line(sighting)]


def _says_nobody_is(conversation: Conversation, in_hand: InHand) -> bool:
    """Whether somebody who was just taken to be in danger says that nobody is."""
    if in_hand.send.get("do") == handover.NOBODY.do:
        return True
    alarmed = conversation.context.get(handover.ALARMED) and conversation.mode != "person"
    return bool(alarmed) and not in_hand.send and caution.mistaken(in_hand.message.text)


def _answered_safe(conversation: Conversation, in_hand: InHand) -> bool | None:
    asked = conversation.context.get("asked_safe") and "safe" not in conversation.context
    if not asked or not in_hand.words.text:
        return None
    answer = handover.safe_answer(in_hand.words.text)
    # Whoever types a number or an address in answer says how they may be reached.
    return True if answer is None and reply_address(in_hand.words.text) else answer


def _refuses(in_hand: InHand, turn: Turn) -> bool:
    """Whether the form could not use the answer: it says what is needed (a note not_…) and asks the same again."""
    notes = (str(say.get("note", "")).partition(".")[2] for say in turn.says)
    return turn.asking == in_hand.context.get("asking") and any(note.startswith("not_") for note in notes)


def _says_what_is_needed(room: Room, turn: Turn) -> bool:
    """Whether the form has words of its own for what it could not use, rather than the ones for any answer."""
    return any(answering.has_note(room, str(say["note"])) for say in turn.says if "note" in say)


def _offer_a_way_out(conversation: Conversation, refused: bool, said: list[Said]) -> None:
    """At the second answer in a row that a form cannot use, offer a person and a way to stop."""
    failures = int(conversation.context.get("form_failures", 0)) + 1 if refused else 0
    conversation.context = {**conversation.context, "form_failures": failures}
    if failures >= 2 and said:
        ways = [*said[-1].extras.get("choices", ()), *choices([answering.PERSON, STOP], start=90)]
        said[-1].extras["choices"] = ways


def further_needs(room: Room, needs: Needs, turn: Turn, answered: tuple[str, ...]) -> list[Said]:
    """What the message asked for besides what was `answered`: one more answer, or a button to it where that is unsure.

    Nothing when no need was answered: "hello" and "a person" are none.
    """
    first = turn.understood.service
    if not answered and not turn.understood.abstained and first in room.catalogue.services:
        answered = (str(first),)
    if not answered:
        return []
    more = needs.besides(answered, MOST_NEEDS)
    offered = needs.offered((*answered, *more), MOST_NEEDS)
    said = [answering.second_need(room, service) for service in more]
    return [*said, answering.second_need_offered(room, offered)] if offered else said


def _remember(conversation: Conversation, service: str, turn: Turn) -> None:
    """What is spoken of now, for the question that leans on it, and what else it could have been."""
    nearest = [name for name, _ in turn.understood.ranking][:MOST_REMEMBERED]
    conversation.context = {**conversation.context, "service": service, "nearest": nearest}


async def _perform(
    session: AsyncSession, conversation: Conversation, room: Room, in_hand: InHand, turn: Turn
) -> list[Said]:
    said: list[Said] = []
    asked = understood_now = False
    if in_hand.set_aside:
        paused.set_aside(conversation, in_hand.set_aside)
        said.append(paused.told(room, in_hand.set_aside))
    elif {"do": "person"} in turn.says and (left := paused.kept(in_hand.context, in_hand.memory)):
        paused.set_aside(conversation, left)
    doing = Doing(session, conversation, room, turn, in_hand.code, in_hand.looked_up, in_hand.found)
    instead = in_hand.needs.instead(MOST_NEEDS) if turn.says == ({"do": "clarify"},) else ()
    if instead:
        # Unclear as a whole, clear in its parts.
        turn = replace(turn, says=tuple({"answer": service} for service in instead))
    refused = _refuses(in_hand, turn)
    if turn.says == ({"do": "clarify"},) and in_hand.point in room.catalogue.everyday.points:
        conversation.context = {**conversation.context, "failures": 0}
        return [answering.everyday_point(room, str(in_hand.point))]
    for say in turn.says:
        if "answer" in say:
            given = answering.answer(room, str(say["answer"]), in_hand.point)
            said.append(guessing.as_a_guess(room, given, turn) if say.get("guess") else given)
            understood_now = True
            if say["answer"] in room.catalogue.services:
                _remember(conversation, str(say["answer"]), turn)
        elif say.get("ask") == "contact_status.reference" and (own := await own_status(doing)):
            # The resident means what they sent in this very conversation: nothing needs asking.
            turn = replace(turn, form=None, asking=None, memory=[])
            in_hand.turn = turn
            said += own
            understood_now = True
        elif "ask" in say:
            question = answering.question(room, str(say["ask"]), turn)
            if refused and said and _says_what_is_needed(room, turn):
                # What kind of answer is needed was just said: the same question below it would only say it twice.
                said[-1].extras.setdefault("choices", question.extras.get("choices", []))
            else:
                said.append(question)
            asked = understood_now = True
            if service := room.catalogue.form(str(say["ask"]).partition(".")[0])[0]:
                _remember(conversation, service, turn)
        elif "note" in say:
            said.append(answering.note(room, str(say["note"]), say.get("values")))
        elif task := task_of(str(say.get("do"))):
            said += await task(doing)
            understood_now = understood_now or say["do"] not in NOT_UNDERSTOOD
        else:
            log.error("chat.unknown_payload", keys=sorted(say))
    more = further_needs(room, in_hand.needs, turn, instead)
    # A question comes last, so that it is what the resident sees to answer.
    said = [*more, *said] if turn.form else [*said, *more]
    _offer_a_way_out(conversation, refused, said)
    if turn.form and turn.asking and not asked:
        said.append(
            answering.question(room, f"{turn.form}.{answering.slot_of(turn.form, turn.asking)}", turn, again=True)
        )
    closed = in_hand.context.get("form") and not turn.form
    context = {**conversation.context, "form": turn.form, "asking": turn.asking if turn.form else None}
    if understood_now:
        context["failures"] = 0
    conversation.context = context
    if closed and said and conversation.mode == "assistant" and {"do": "person"} not in turn.says:
        said[-1] = paused.offered(conversation, room, said[-1])
    return said or [answering.engine_down(room)]
