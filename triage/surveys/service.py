"""Taking an answer: once, in range, from the holder of the link; kept whole, and counted only if it may be."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from triage import clock, outbox
from triage.errors import LinkExpired, LinkUsed, NotFound, OutOfRange
from triage.events import SurveyAnswered
from triage.surveying.addresses import hash_of, source_hash
from triage.surveying.links import case_of, check_token
from triage.surveying.offering import is_offered
from triage.surveying.questions import Question, asking, questions
from triage.surveys import inviting, repository, rules
from triage.surveys.schemas import AnswerIn, QuestionOut
from triage.tables import Answer, Contact, Conversation, Invite, SurveyCase, SurveyRefusal

# The first press counts at once; the other questions may follow for this long.
REST_WITHIN = timedelta(minutes=30)
# Answers from one network address are counted over this.
FLOOD_WITHIN = timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """Where an answer comes from: the network address, and whether the browser has a session at the desk."""

    address: str
    staff: bool = False


NOWHERE = Source("")


@dataclass(frozen=True)
class Next:
    """What is asked next, the how manyth of how many; `begun`: something was answered or skipped before."""

    id: str
    question: Question
    place: int
    of: int
    begun: bool


def next_of(asked: list[str], version: str, answer: Answer | None, skipped: list[str]) -> Next | None:
    """The first question that was neither answered nor skipped; None when there is none left. Pure."""
    done = {name for name in asked if name in skipped or (answer is not None and getattr(answer, name) is not None)}
    left = [name for name in asked if name not in done]
    if not left:
        return None
    return Next(left[0], questions(version).questions[left[0]], asked.index(left[0]) + 1, len(asked), bool(done))


async def _offered(session: AsyncSession, token: str, *, lock: bool) -> SurveyCase:
    """The case of a link that was shown on its contact's page, before anybody was asked by it. Raises NotFound."""
    case = await repository.case(session, case_of(token), lock=lock)
    if case is None or not is_offered(case):
        raise NotFound
    return case


def _still_open(invite: Invite, now: datetime) -> Invite:
    if invite.finished_at or (invite.answered_at and now > invite.answered_at + REST_WITHIN):
        raise LinkUsed
    if now > invite.expires_at:
        raise LinkExpired
    return invite


async def look(session: AsyncSession, token: str) -> Next | None:
    """What a link asks next; None when it has nothing left to ask. Looking changes nothing.

    Raises NotFound, LinkExpired, or LinkUsed once it is finished.
    """
    invite = await repository.invite_by_token(session, check_token(token))
    if invite is None:
        case = await _offered(session, token, lock=False)
        return next_of(questions().asked_of(case.id), questions().version, None, [])
    _still_open(invite, clock.now())
    return next_of(invite.asked, invite.version, await repository.answer_of(session, invite.id), invite.skipped)


async def open_invite(session: AsyncSession, token: str) -> Invite:
    """The invite behind a link, locked after its case, as whoever sends a letter locks them; made now for a link of a
    contact's page. Raises as `look`."""
    await repository.case(session, case_of(token), lock=True)
    invite = await repository.invite_by_token(session, check_token(token))
    if invite is None:
        case = await _offered(session, token, lock=True)
        # Somebody else may have pressed while this waited for the row.
        invite = await repository.invite_of_case(session, case.id) or await inviting.invite(session, case, "page")
    return _still_open(invite, clock.now())


async def answer(session: AsyncSession, token: str, given: AnswerIn, source: Source = NOWHERE) -> Answer | None:
    """Store what is answered and was not before; what was said is never changed. None: nothing has been answered yet.

    Raises as `look`; LinkUsed for a second, other answer to a question; OutOfRange for one that was not asked.
    """
    invite = await open_invite(session, token)
    answers = given.answers()
    if not {*answers, *([given.skip] if given.skip else [])} <= set(invite.asked):
        raise OutOfRange
    now = clock.now()
    case = await repository.case(session, invite.case_id, lock=True) if invite.case_id else None
    _note_opened(invite, case, now)
    stored = await repository.answer_of(session, invite.id)
    if answers and stored is None:
        stored = await _first(session, invite, case, source)
    for name, value in answers.items():
        assert stored is not None
        before = getattr(stored, name)
        if name == "comment" and before is not None:
            continue
        if before not in (None, value):
            raise LinkUsed
        setattr(stored, name, value)
    if given.skip and (stored is None or getattr(stored, given.skip) is None):
        invite.skipped = sorted({*invite.skipped, given.skip})
    if given.finished or next_of(invite.asked, invite.version, stored, invite.skipped) is None:
        invite.finished_at = now
    await session.flush()
    if stored is not None and answers:
        await outbox.publish(session, SurveyAnswered(stored.id))
    return stored


async def _first(session: AsyncSession, invite: Invite, case: SurveyCase | None, source: Source) -> Answer:
    """The answer of somebody who has just begun, with whether it counts."""
    now = clock.now()
    hashed = source_hash(source.address) if source.address else None
    why = await _excluded(session, invite, case, source, hashed)
    stored = Answer(invite_id=invite.id, version=invite.version, answered_at=now, excluded=why, source_hash=hashed)
    session.add(stored)
    invite.answered_at = now
    if case is not None:
        case.answered_at, case.why_not = now, why
    return stored


async def _excluded(
    session: AsyncSession, invite: Invite, case: SurveyCase | None, source: Source, hashed: bytes | None
) -> str | None:
    rule, now = asking(), clock.now()
    if case is None:
        return "test" if invite.demo else None
    # Two answers of one person at the same moment are seen one after the other.
    await repository.hold_address(session, case.address_hash)
    conversation_id = case.conversation_id
    if case.contact_id is not None:
        contact = await session.get(Contact, case.contact_id)
        conversation_id = contact.conversation_id if contact else None
    since = now - timedelta(days=rule.duplicate_days)
    lately, in_all = 0, 0
    if hashed:
        kept_since = now - timedelta(days=rule.source_days)
        lately, in_all = await repository.from_source(session, hashed, now - FLOOD_WITHIN, kept_since)
    answering = rules.Answering(
        demo=invite.demo or case.demo,
        staff=source.staff or case.staff,
        earlier=await repository.answered_since(session, case, conversation_id, since),
        from_source=lately,
        from_source_in_all=in_all,
        reached=invite.via == "message",
    )
    return rules.excluded(answering, rule.most_from_one_source, rule.most_from_one_source_in_all)


def _note_opened(invite: Invite, case: SurveyCase | None, now: datetime) -> None:
    invite.opened_at = invite.opened_at or now
    if case is not None:
        case.opened_at = case.opened_at or now


async def opened(session: AsyncSession, token: str) -> None:
    """A person's browser shows the question. Raises as `look`; nothing is noted of who was not invited."""
    await repository.case(session, case_of(token), lock=True)
    invite = await repository.invite_by_token(session, check_token(token))
    if invite is None:
        return
    _still_open(invite, clock.now())
    _note_opened(invite, await repository.case(session, invite.case_id) if invite.case_id else None, clock.now())


def shown(asked: Next | None) -> QuestionOut | None:
    """The next question as the chat takes it."""
    return QuestionOut(id=asked.id, **asked.question.model_dump()) if asked else None


@dataclass(frozen=True)
class Refusing:
    """What whoever holds a link can be left alone at: `known`, an address of theirs; `in_chat`, this chat."""

    known: bool
    in_chat: bool

    @property
    def possible(self) -> bool:
        """Whether there is anything to be left alone at: not of a link from before cases."""
        return self.known or self.in_chat

    @property
    def said(self) -> str:
        """What is told once it is refused."""
        if self.known:
            return (
                "We will never again send a question about how we did to this email address or phone number. You still "
                "get news about what you asked us, if you chose to."
            )
        return (
            "We will not ask you again how we did with what you told us in this chat. You left us no email address or "
            "phone number, so we send you no questions, and we cannot know you when you come back."
        )


async def may_refuse(session: AsyncSession, token: str) -> Refusing:
    """What can be refused by a link. Looking changes nothing. Raises NotFound for a link that is not ours."""
    case = await repository.case(session, case_of(token))
    return Refusing(False, False) if case is None else _refusing(case, await _address_of(session, case))


async def never_again(session: AsyncSession, token: str) -> Refusing:
    """Ask nobody at the address behind a link again, ever; without one, not about the chat in which it was asked.

    Raises NotFound.
    """
    case = await repository.case(session, case_of(token), lock=True)
    if case is None:
        raise NotFound
    address = await _address_of(session, case)
    found = _refusing(case, address)
    if not found.possible:
        return found
    if address is not None:
        case.address_hash = address
        if await session.get(SurveyRefusal, address) is None:
            session.add(SurveyRefusal(address_hash=address))
    if case.invited_at is not None and case.answered_at is None:
        case.why_not = "never_again"
    invite = await repository.invite_of_case(session, case.id)
    if invite is not None:
        _note_opened(invite, case, clock.now())
    return found


def _refusing(case: SurveyCase, address: bytes | None) -> Refusing:
    return Refusing(known=address is not None, in_chat=case.invited_by == "chat")


async def _address_of(session: AsyncSession, case: SurveyCase) -> bytes | None:
    """The address behind a case; of a chat also one that was left in it since its resident was asked."""
    if case.address_hash is not None or case.conversation_id is None:
        return case.address_hash
    talk = await session.get(Conversation, case.conversation_id)
    contacts = await repository.contacts_of(session, talk) if talk else ()
    return next((found for one in contacts if (found := hash_of(one.reply_to))), None)
