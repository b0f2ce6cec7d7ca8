"""One turn: the message is stored, checked for danger, answered, and the answer is stored.

Two short transactions with nothing held open between them while the engine thinks. A turn is claimed by one
statement on the conversation's row, so turns keep their order on any replica and a dead process frees its own.
"""

import asyncio
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from prometheus_client import Counter, Histogram
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from connectors.kinds import Libraries
from language.danger import Sighting
from language.danger.model import Dangers, Vector
from triage import clock, codes, live, outbox, reading, record
from triage.access import ResidentKey
from triage.catalogue import catalogue
from triage.chat import (
    acting,
    between,
    caution,
    falling,
    following,
    guessing,
    languages,
    library_hours,
    needs,
    paused,
    points,
    repository,
    sealing,
    sending,
)
from triage.chat.answering import Room
from triage.chat.engine import DialogueEngine, EngineUnavailable, Turn, Understood
from triage.chat.needs import Needs, ReadsMany
from triage.chat.rendering import render
from triage.chat.replying import MOST_NEEDS, InHand, replies
from triage.chat.search import second_chance
from triage.chat.sending import Sent
from triage.clocks import keeping
from triage.database import is_deadlock, transaction
from triage.errors import TooMany
from triage.events import ResidentWrote
from triage.settings import get_settings
from triage.surveying import sampling
from triage.tables import Conversation, Message

log = structlog.get_logger(__name__)

# How often an answer is stored again after a deadlock.
MOST_DEADLOCKS = 2
# How long one turn may hold the conversation: the engine's time-out, a spare engine, and our own two transactions.
TURN = timedelta(seconds=8)
# A second message waits this long at most for the first one's turn.
WAIT_S = 9.0


TURN_SECONDS = Histogram("frontdoor_turn_seconds", "From a resident's message to its stored answer.")
TURNS = Counter("frontdoor_turns", "Residents' messages that were dealt with.", ["outcome"])
DANGERS = Counter("frontdoor_dangers", "Messages in which a danger was seen.", ["level"])


@dataclass
class Result:
    """What came of one turn."""

    messages: list[Message]
    understood: Understood | None
    danger: str | None
    handover: bool


class Turns:
    """Answers residents' messages. One for the process."""

    def __init__(
        self,
        engine: DialogueEngine,
        spare: DialogueEngine | None,
        dangers: Dangers,
        libraries: Libraries,
        reads: ReadsMany | None = None,
    ) -> None:
        self._engine = engine
        self._spare = spare
        self._dangers = dangers
        self._libraries = libraries
        self._reads = reads

    async def take(self, key: ResidentKey, sent: Sent) -> Result:
        """Store a message, answer it, and return the answer.

        Raises NotFound (wrong id or secret), EmptyMessage, MessageTooLong, OutOfRange (no such choice), TooMany.
        The same `sent.key` again gives the same answer and stores nothing.
        """
        with TURN_SECONDS.time():
            in_hand = await self._store(key, sent)
            if isinstance(in_hand, Message):
                return await self._replay(in_hand)
            await self._wait_for_turn(in_hand)
            await self.decide(in_hand)
            result = await self._answered(in_hand)
        TURNS.labels(in_hand.outcome).inc()
        if in_hand.sighting:
            DANGERS.labels(in_hand.sighting.level).inc()
        return result

    async def _store(self, key: ResidentKey, sent: Sent) -> InHand | Message:
        text, code = sending.checked(sent)
        async with transaction() as session:
            conversation = await key.open(session, lock=True)
            now = clock.now()
            before = await repository.said_before(
                session, conversation.id, sent.key, now - timedelta(minutes=1), now - TURN
            )
            if before.same:
                return before.same
            # A limit never keeps a cry for help out.
            if before.recent >= get_settings().messages_per_minute and not self._dangers.look(text):
                raise TooMany
            send: dict[str, Any] = {}
            if sent.choice is not None:
                text, send = await sending.chosen(session, conversation, sent.choice)
            elif sent.intent is not None:
                text, send = sending.pressed(sent.intent)
            # What a choice says is kept beside its label, which may be shorter.
            extras = {"say": send["say"]} if send.get("say") else {}
            free = conversation.turn_until is None or conversation.turn_until < now
            claimed = free and not before.waits
            message = await repository.store_message(
                session,
                conversation,
                text,
                extras=extras,
                key=sent.key,
                claim_until=now + TURN if claimed else None,
            )
            return InHand(
                message=message,
                mode=conversation.mode,
                memory=conversation.dialogue,
                context=conversation.context,
                words=sending.words(text, send),
                send=send,
                code=code,
                claimed=claimed,
                asked=before.asked,
            )

    async def _wait_for_turn(self, in_hand: InHand) -> None:
        waited = 0.0
        while not in_hand.claimed and waited < WAIT_S:
            await asyncio.sleep(0.03)
            waited += 0.03
            async with transaction() as session:
                now = clock.now()
                in_hand.claimed = await repository.claim_turn(session, in_hand.message, now, now + TURN)
                if in_hand.claimed:
                    conversation = await session.get_one(Conversation, in_hand.message.conversation_id)
                    in_hand.mode = conversation.mode
                    in_hand.memory, in_hand.context = conversation.dialogue, conversation.context

    def room(self) -> Room:
        """What is said, made from the content as it is now."""
        return Room(catalogue(), self._dangers)

    async def decide(self, in_hand: InHand) -> None:
        """The danger rules first, then the danger model beside the engine; no database session is open here.

        The model may raise the alarm, or lower one that a rule is not sure of, and takes some milliseconds: the engine
        thinks meanwhile, and what it says is thrown away unread when a danger stops the conversation.
        """
        # A button's words are ours: whoever presses it says what it offers, and cries for no help by it.
        text = None if in_hand.send else in_hand.words.text
        seen = self._dangers.first_look(text) if text is not None else None
        in_hand.heard = languages.hear(in_hand.words.text, in_hand.send, in_hand.context)
        if in_hand.send.get("do") == "start_again" and in_hand.mode in ("waiting", "person"):
            # To start again is to stop waiting.
            in_hand.send = {"do": "leave_queue"}
        ours = "safe" in in_hand.send or in_hand.send.get("do") in ("leave_queue", "none_of_these", "nobody_in_danger")
        ours = ours or between.ours(in_hand.words.text, in_hand.send, in_hand.mode, in_hand.context)
        ours = ours or languages.answers(in_hand.heard, in_hand.context)
        stops = _stops(seen) and not self._dangers.may_lower(seen)
        asks = not (stops or ours or in_hand.mode in ("waiting", "person"))
        asking = asyncio.create_task(self._ask(in_hand)) if asks else None
        vector = None
        try:
            if text is not None:
                found, vector = await asyncio.to_thread(self._look_again, text, seen)
                in_form = bool(in_hand.context.get("form"))
                spoken_of = bool(in_hand.context.get("service"))
                in_hand.sighting = caution.weighed(
                    found, text, in_form=in_form, dangers=self._dangers, spoken_of=spoken_of
                )
            if _stops(in_hand.sighting):
                # A hung engine must not keep the numbers from somebody in danger.
                in_hand.engine_down = False
                return
            if asking:
                in_hand.needs = await self._needs(in_hand)
                in_hand.turn = await asking
        finally:
            if asking:
                asking.cancel()
        if in_hand.turn and not in_hand.sighting and not in_hand.needs.instead(MOST_NEEDS):
            in_hand.turn = guessing.guessed(in_hand.turn, catalogue().services, in_hand.context)
        if in_hand.turn and text is not None:
            in_hand.turn = points.left_open(catalogue(), in_hand.turn, text)
            in_hand.point = await asyncio.to_thread(points.asked_for, catalogue(), in_hand.turn, text, vector)
        if in_hand.turn and {"do": "library_hours"} in in_hand.turn.says:
            in_hand.looked_up = await self._hours(in_hand.turn, text)
        calm = not in_hand.sighting and not in_hand.needs.instead(MOST_NEEDS) and not in_hand.point
        if calm and in_hand.turn and second_chance.wanted(in_hand.turn, in_hand.context):
            in_hand.found = await second_chance.look_for(in_hand.outside.text or "", in_hand.turn.understood)

    def _look_again(self, text: str, seen: Sighting | None) -> tuple[Sighting | None, Vector | None]:
        """What the danger model makes of a message, and the message's vector, which the points are compared with."""
        vector = self._dangers.vector(text, seen)
        return self._dangers.look_again(text, seen, vector), vector

    async def _ask(self, in_hand: InHand) -> Turn | None:
        conversation_id = in_hand.message.conversation_id
        try:
            if site := library_hours.asked_next(in_hand.words.text, in_hand.context, reading.council_words().libraries):
                return library_hours.turn(site, in_hand.memory)
            with acting.in_hand_here(in_hand):
                turn = await self._changed_mind(in_hand) or await self._engine.turn(
                    conversation_id, in_hand.outside, in_hand.memory
                )
            return following.leaning(turn, in_hand.words.text, in_hand.context)
        except EngineUnavailable as error:
            log.warning("chat.engine_unavailable", reason=str(error))
            in_hand.engine_down = True
        if self._spare is None:
            return None
        turn = await self._spare.turn(conversation_id, in_hand.outside, in_hand.memory)
        # A form is open: reading its answer as a new question would only confuse. The resident is told to try again,
        # and the form goes on where it was. A person is there all the same.
        return turn if not in_hand.context.get("form") or turn.says == ({"do": "person"},) else None

    async def _changed_mind(self, in_hand: InHand) -> Turn | None:
        """The turn, when a form is open and what was pressed opens one: another, or the same once more."""
        open_form = paused.kept(in_hand.context, in_hand.memory)
        if open_form is None or in_hand.words.intent in (None, *paused.NOT_A_FORM):
            return None
        turn = await self._engine.turn(in_hand.message.conversation_id, in_hand.outside, [])
        if turn.form is None:
            return None
        if turn.form == open_form["form"]:
            return paused.open_again(open_form, turn.understood)
        in_hand.set_aside = open_form
        return turn

    async def _needs(self, in_hand: InHand) -> Needs:
        """The services that a message of several parts asks for. What is said inside a form is its answer."""
        if self._reads is None or in_hand.context.get("form") or not in_hand.words.text:
            return Needs()
        return await asyncio.to_thread(needs.several, in_hand.words.text, self._reads, catalogue().services)

    async def _hours(self, turn: Turn, text: str | None) -> dict[str, Any]:
        site = str(turn.slots.get("library_site") or "")
        name = catalogue().libraries.get(site, {}).get("name", site)
        hours = await self._libraries.hours(site, clock.today())
        if not hours:
            return {"site": name}
        now = clock.now()
        return library_hours.values(name, hours, now) | library_hours.that_day(hours, text, now)

    async def _answered(self, in_hand: InHand) -> Result:
        """Say and store the answer. Of two transactions that wait for each other the database ends one: it is done
        again, from what was decided, so that no resident is told of trouble for it."""
        decided = replace(in_hand)
        for _ in range(MOST_DEADLOCKS):
            try:
                return await self._answer(in_hand)
            except OperationalError as error:
                if not is_deadlock(error):
                    raise
                for one in fields(in_hand):
                    setattr(in_hand, one.name, getattr(decided, one.name))
        return await self._answer(in_hand)

    async def _answer(self, in_hand: InHand) -> Result:
        async with transaction() as session:
            conversation = await session.get_one(Conversation, in_hand.message.conversation_id, with_for_update=True)
            room = self.room()
            mode = conversation.mode
            if mode in ("waiting", "person") and await keeping.waits_for_words(session, conversation.id):
                # A step of its own: this transaction holds the conversation, and an agent's holds the contact first.
                await outbox.publish(session, ResidentWrote(conversation.id, in_hand.message.said_at.isoformat()))
            conversation.context = sealing.with_details(conversation.context, in_hand.details)
            in_hand.turn = sealing.open_turn(in_hand.turn, conversation.context)
            said = await replies(session, conversation, room, in_hand)
            for number, one in enumerate(said):
                # Several messages of one turn may each offer choices: an id belongs to one of them.
                for choice in one.extras.get("choices", ()) if number else ():
                    choice["id"] = f"{choice['id']}.{number}"
            turn = in_hand.turn
            understood = turn.understood if turn else None
            danger = in_hand.sighting.signal if in_hand.sighting else None
            noted = {
                "service": understood.service if understood else None,
                "confidence": understood.confidence if understood else 0.0,
                "abstained": understood.abstained if understood else True,
                "danger": danger,
                **({"given": in_hand.given} if in_hand.given else {}),
                **falling.noted(in_hand),
            }
            now = clock.now()
            # What else changed in the conversation is written once, at the end.
            with session.no_autoflush:
                stored = [await repository.store_reply(session, one, in_hand.message, now, noted) for one in said]
            if not stored:
                await repository.mark_answered(session, in_hand.message.id, now, noted)
            conversation.turn_until = None
            if turn and not in_hand.engine_down:
                conversation.dialogue = turn.memory
                held = [*turn.memory, *paused.memory_of(conversation.context)]
                conversation.context = sealing.only_held(conversation.context, held)
            if conversation.mode != mode:
                await live.announce(session, record.conversation_topic(conversation.id), mode=conversation.mode)
            return Result(
                messages=stored,
                understood=understood,
                danger=danger,
                handover=conversation.mode in ("waiting", "person"),
            )

    async def _replay(self, message: Message) -> Result:
        """The answer to a message that came before, waiting for it if it is on its way."""
        waited = 0.0
        while True:
            async with transaction() as session:
                current = await session.get_one(Message, message.id)
                replies = await repository.replies_to(session, message.id)
                conversation = await session.get_one(Conversation, message.conversation_id)
            if current.answered_at or waited > WAIT_S:
                seen = current.understood or {}
                return Result(
                    messages=replies,
                    understood=Understood(seen.get("service"), seen.get("confidence", 0.0)),
                    danger=seen.get("danger"),
                    handover=conversation.mode in ("waiting", "person"),
                )
            await asyncio.sleep(0.05)
            waited += 0.05


def _stops(sighting: Sighting | None) -> bool:
    """Whether a danger is grave enough to set everything else aside."""
    return sighting is not None and sighting.level != "concern"


async def begin(
    session: AsyncSession, *, demo: bool = False, staff: bool = False
) -> tuple[Conversation, str, list[Message]]:
    """A new conversation, its secret, and the welcome. `staff`: its browser has a session at the desk."""
    secret, new_id = codes.new_secret(), uuid4()
    sampled = sampling.is_sampled(new_id)
    conversation = Conversation(
        id=new_id, secret_hash=codes.hash_secret(secret), demo=demo, survey_sampled=sampled, started_at=clock.now()
    )
    session.add(conversation)
    await session.flush()
    await sampling.begin_case(
        session,
        began_at=conversation.started_at,
        channel="chat",
        sampled=sampled,
        demo=demo,
        conversation_id=new_id,
        staff=staff,
    )
    said = render(catalogue().everyday.lines["welcome"], catalogue(), clock.today())
    welcome = await record.append_message(session, conversation.id, "assistant", said.text, extras=said.extras)
    return conversation, secret, [welcome]
