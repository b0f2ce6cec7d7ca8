"""Facts that have happened. An event carries ids, never objects; journey.py says what follows each."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

# Before the first of them, where many are gone through in the order of their ids.
BEFORE_ALL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, in the past tense."""

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values (ids as strings)."""
        return {k: str(v) if isinstance(v, UUID) else v for k, v in asdict(self).items()}


@dataclass(frozen=True, slots=True)
class ContactArrived(Event):
    """`heard`: each word of it was read for danger when it was said, so that its text need not be read again."""

    contact_id: UUID
    heard: bool = False


@dataclass(frozen=True, slots=True)
class ContactSorted(Event):
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ServiceNamed(Event):
    """A person said what a contact is about, or that it is something else than sorting had read."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactQueued(Event):
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactTaken(Event):
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactTransferred(Event):
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactReleased(Event):
    """The contact is back on its queue: its agent gave it back, or was away for longer than the lease."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactPostponed(Event):
    """Its agent told the resident, who was in the chat, by which day they hear from us; nobody waits there now."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactClosed(Event):
    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactReopened(Event):
    """Its resident says that a closed contact is not settled; it is on its way back to its queue."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ResidentWrote(Event):
    """In the chat, at a moment (ISO 8601), while a contact of theirs stood still and perhaps waited for just that."""

    conversation_id: UUID
    at: str


@dataclass(frozen=True, slots=True)
class ResidentRang(Event):
    """Somebody rang about a contact that they have, and an agent wrote down what they said."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ContactMoreUrgent(Event):
    """The resident told of a danger after their contact had arrived, so what is promised for it is promised sooner."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class ClockNearing(Event):
    """A clock of the contact is in its last quarter (or what its queue says), and nothing has met it."""

    contact_id: UUID
    clock_id: UUID


@dataclass(frozen=True, slots=True)
class ClockBreached(Event):
    """A clock of the contact was due and not met; its row says who held the contact then."""

    contact_id: UUID
    clock_id: UUID


@dataclass(frozen=True, slots=True)
class MoveBegun(Event):
    """A supervisor moves many contacts; some of them still wait to be moved. `tries`: so often some were held."""

    move_id: UUID
    tries: int = 0


@dataclass(frozen=True, slots=True)
class MoveUndone(Event):
    """A supervisor takes a move back; some of its contacts still have to go back. `tries` as in MoveBegun."""

    move_id: UUID
    tries: int = 0


@dataclass(frozen=True, slots=True)
class MoveStands(Event):
    """A supervisor's move can no longer be taken back. Its contacts up to `after_id`, in their order, were seen to."""

    move_id: UUID
    after_id: UUID = BEFORE_ALL


@dataclass(frozen=True, slots=True)
class ContactMoved(Event):
    """A supervisor's move of it can no longer be taken back, and it is still where that put it."""

    contact_id: UUID


@dataclass(frozen=True, slots=True)
class SummaryShown(Event):
    """A resident who asked for a person was shown what would be passed on, after their message number `seq`."""

    conversation_id: UUID
    seq: int


@dataclass(frozen=True, slots=True)
class ConversationEnded(Event):
    """A resident and the assistant finished without a contact being open."""

    conversation_id: UUID


@dataclass(frozen=True, slots=True)
class SurveyInvited(Event):
    invite_id: UUID


@dataclass(frozen=True, slots=True)
class SurveyAnswered(Event):
    answer_id: UUID


@dataclass(frozen=True, slots=True)
class CommentsImported(Event):
    """A file of past surveys had comments, or some of them are still to be read."""

    import_id: UUID


@dataclass(frozen=True, slots=True)
class OutcomeAnswered(Event):
    """Somebody said, some days after their contact was closed as done, whether it was really settled."""

    check_id: UUID


@dataclass(frozen=True, slots=True)
class MessageFailed(Event):
    """Whoever carries our messages says that one did not arrive. `message_id`: the id that it was sent under, which a
    room knows as its own. `for_good`: to this address none ever will; else it may be sent again."""

    message_id: UUID
    for_good: bool
