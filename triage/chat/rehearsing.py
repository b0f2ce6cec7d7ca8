"""A message tried out: read and decided as a resident's would be, said without a conversation, and stored nowhere."""

from uuid import uuid4

from language.entities import read_entities
from triage import clock, reading
from triage.catalogue import catalogue
from triage.chat import answering, guessing, languages, sending
from triage.chat.answering import Room
from triage.chat.engine import Turn, Understood
from triage.chat.rendering import Said
from triage.chat.replying import MOST_NEEDS, InHand, further_needs
from triage.chat.schemas import MessageOut
from triage.chat.search import second_chance
from triage.chat.sending import Sent
from triage.chat.turns import Turns
from triage.rehearsal import Tried
from triage.tables import Message


class Rehearsal:
    """Tries messages out with the same engine, dangers and search as a conversation. See triage.rehearsal.Rehearses."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def try_out(self, text: str) -> Tried:
        """See Rehearses.try_out."""
        text, code = sending.checked(Sent(text, None, None))
        # Known to nobody: whatever the engine asks of the record finds no such conversation.
        message = Message(id=uuid4(), conversation_id=uuid4(), seq=1, author="resident", text=text)
        in_hand = InHand(
            message=message,
            mode="assistant",
            memory=[],
            context={},
            words=sending.words(text, {}),
            send={},
            code=code,
            claimed=True,
        )
        await self._turns.decide(in_hand)
        understood = in_hand.turn.understood if in_hand.turn else Understood()
        sighting = in_hand.sighting
        return Tried(
            service=understood.service,
            confidence=understood.confidence,
            abstained=understood.abstained,
            nearest=tuple(understood.ranking),
            danger=sighting.signal if sighting else None,
            level=sighting.level if sighting else None,
            heard=in_hand.outside.text or "",
            language=in_hand.heard.texts.english if in_hand.heard else None,
            engine_down=in_hand.engine_down,
            messages=[_message(said, at) for at, said in enumerate(_said(in_hand, self._turns.room()), 2)],
            entities=read_entities(text, clock.now().astimezone(clock.LONDON), reading.council_words()),
        )

    def shown(self, service: str, detail: str | None = None, number: int = 1, point: str | None = None) -> MessageOut:
        """See Rehearses.shown."""
        room = self._turns.room()
        said = answering.detail(room, service, detail) if detail else answering.answer(room, service, point)
        return _message(said, number)


def _message(said: Said, seq: int) -> MessageOut:
    extras = {key: value for key, value in said.extras.items() if key != "reference"}
    return MessageOut(id=uuid4(), seq=seq, author="assistant", text=said.text, said_at=clock.now(), **extras)


def _said(in_hand: InHand, room: Room) -> list[Said]:
    """The reply to a first message, without what would be done: nobody is called and nothing is filed."""
    said: list[Said] = []
    if in_hand.sighting is not None:
        said.append(answering.danger_line(in_hand.sighting))
        if in_hand.sighting.level != "concern":
            beside = [languages.beside_danger(in_hand.heard)] if in_hand.heard else []
            return [*said, *beside]
    if in_hand.heard is not None:
        return [*said, languages.welcome(in_hand.heard, catalogue())]
    turn = in_hand.turn
    if turn is None:
        return [*said, answering.engine_down(room)]
    if said and turn.says == ({"do": "clarify"},):
        return [*said, room.line("concern_person")]
    services = in_hand.needs.instead(MOST_NEEDS) if turn.says == ({"do": "clarify"},) else ()
    if services:
        said += [answering.answer(room, service) for service in services]
        return [*said, *further_needs(room, in_hand.needs, turn, services)]
    for say in turn.says:
        said += _one(say, turn, in_hand, room)
    return [*said, *further_needs(room, in_hand.needs, turn, ())]


def _one(say: dict[str, object], turn: Turn, in_hand: InHand, room: Room) -> list[Said]:
    if "ask" in say:
        return [answering.question(room, str(say["ask"]), turn)]
    if "note" in say:
        values = say.get("values")
        return [answering.note(room, str(say["note"]), values if isinstance(values, dict) else None)]
    if say.get("do") == "library_hours":
        note = in_hand.looked_up or {}
        return [answering.form_note(room, "library", "hours" if note.get("week") else "unknown_hours", note)]
    first = answering.first_reply(room.catalogue, room.dangers, _only(say, turn), None, clock.today(), in_hand.point)
    if say.get("guess"):
        return [guessing.as_a_guess(room, first, turn)]
    return second_chance.beside(room, in_hand.found, first) if say.get("do") == "clarify" else [first]


def _only(say: dict[str, object], turn: Turn) -> Turn:
    return Turn(says=(say,), understood=turn.understood)
