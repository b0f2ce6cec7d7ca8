"""What the desk's pages show, made ready for a template. Moments are UTC."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import BaseModel

from triage.clocks.pausing import Reason
from triage.desk.rules import Clock
from triage.settings import get_settings
from triage.tables import Agent, Contact
from triage.undelivered import Undelivered


@dataclass(frozen=True)
class QueueLine:
    """One of the agent's queues: how many wait, and the clock that is nearest (None when nobody waits)."""

    code: str
    name: str
    waiting: int
    clock: Clock | None


@dataclass(frozen=True)
class WorkLine:
    """One contact in a list. `unanswered`: what the resident wrote since it was taken and an agent last wrote."""

    id: UUID
    reference: str
    version: int
    service: str
    queue: str
    priority: str
    live: bool
    channel: str
    clock: Clock
    unanswered: int = 0
    # Short words that stand out: vulnerable, a complaint, a request under a law, a language.
    marks: tuple[str, ...] = ()
    # In the chat: when the resident last spoke, and whether their page is open.
    spoke_at: datetime | None = None
    spoke: str | None = None
    here: bool = False
    # The day on which it is to be looked at again, and whether that day has come.
    again_on: date | None = None
    again: bool = False
    # Who has it: "you", or a colleague by name; and whether the agent who looks may open it, and take it.
    holder: str | None = None
    opens: bool = True
    takes: bool = False
    # Given without their asking, and not opened yet.
    given: bool = False
    arrived_at: datetime | None = None
    waited: str = ""
    place: str | None = None
    # The first words that the resident wrote.
    words: str = ""
    # Perhaps another contact is about the same.
    repeat: bool = False


@dataclass(frozen=True)
class Work:
    """The left column: the agent's queues and what they have taken."""

    agent: Agent
    queues: list[QueueLine]
    mine: list[WorkLine]
    next: list[WorkLine] = field(default_factory=list)
    # Closed contacts whose people are to be asked how it went.
    ask: list[WorkLine] = field(default_factory=list)
    # What is to be looked at again today or should have been.
    again: list[WorkLine] = field(default_factory=list)
    undelivered: Undelivered = field(default_factory=Undelivered)

    @property
    def waiting(self) -> int:
        """How many wait in all of the agent's queues."""
        return sum(line.waiting for line in self.queues)


@dataclass(frozen=True)
class Entry:
    """One thing said or noted, in the middle column. `kind`: resident, assistant, agent, system, note, answer."""

    id: str
    kind: str
    who: str
    text: str
    at: datetime


@dataclass(frozen=True)
class HistoryLine:
    """One line of the audit trail."""

    at: datetime
    words: str
    who: str


@dataclass(frozen=True)
class ServiceFact:
    """A fact that may be stated today, and where it comes from."""

    name: str
    value: str
    source: str
    href: str
    checked: Any


@dataclass(frozen=True)
class ReferralLine:
    """A referral for help into work: the team, what was agreed, and what came of it (None: not known yet)."""

    scheme: str
    may_share: bool
    outcome: str | None
    outcome_on: date | None
    ask_on: date | None


@dataclass(frozen=True)
class PassedOn:
    """What the assistant passed on: the resident's say on it in a sentence, and the words, "" for none."""

    heading: str
    text: str


@dataclass(frozen=True)
class Limit:
    """A legal time limit that an agent may do something about: the button that meets it, and why it may be longer."""

    kind: str
    name: str
    step: str | None
    longer_why: str | None


@dataclass(frozen=True)
class Standing:
    """What an agent may do about a contact's clocks. `waits` says why they stand still, if they do; `proof`: whether
    they can say that the resident has proved who they are.
    """

    waits: str | None
    reasons: tuple[Reason, ...]
    earliest: date
    latest: date
    limits: list[Limit]
    proof: bool = False


@dataclass(frozen=True)
class SavedReply:
    """A reply that was written already. `title` is what it is chosen by."""

    title: str
    text: str


@dataclass(frozen=True)
class OtherLine:
    """Another contact, named on this one's page. `ours`: of this agent's queues; `opens`: they may open it."""

    id: UUID
    reference: str
    state: str
    arrived_at: datetime
    service: str | None
    ours: bool
    opens: bool


@dataclass(frozen=True)
class Done:
    """What was just done with a contact, in words that follow its reference. `version`: it may be taken back."""

    id: UUID
    reference: str
    words: str
    opens: bool
    version: int | None


@dataclass(frozen=True)
class CallAbout:
    """The form for a call about a contact that its caller has. `closed`: it is, or what it was made part of is.

    `waits`: we wait for an answer of theirs. `key`: what is typed into it is kept once, however often it is sent.
    """

    closed: bool
    waits: bool = False
    most: int = field(default_factory=lambda: get_settings().message_limit)
    key: str = field(default_factory=lambda: str(uuid4()))


@dataclass(frozen=True)
class FoundLine:
    """A contact that was looked up. Whose it is stands there only where it may be opened. `holder`: who has it.

    `call`: for a call about it, where it may not be opened.
    """

    id: UUID
    reference: str
    opens: bool
    service: str
    queue: str
    state: str
    holder: str | None
    arrived_at: datetime
    name: str | None
    place: str | None
    call: CallAbout | None = None


@dataclass(frozen=True)
class FileLine:
    """A file that came with a contact."""

    id: UUID
    name: str
    kind: str
    size: int
    by_resident: bool
    at: datetime


@dataclass(frozen=True)
class Told:
    """What the assistant answered before a person came, in short, and its source."""

    text: str
    source: str


@dataclass(frozen=True)
class Around:
    """What is around a contact. `again`: that it is a repeat, in words, and of which.

    `elsewhere`: how many more of this resident's contacts other teams have, of which no more is shown.
    """

    again: tuple[str, OtherLine] | None
    earlier: list[OtherLine]
    elsewhere: int
    at_place: list[OtherLine]
    linked: list[OtherLine]
    merged: list[Contact]
    into: OtherLine | None
    files: list[FileLine]

    @property
    def likely(self) -> list[OtherLine]:
        """Those that this one may belong with and that may be chosen: the resident's own, then those at the place."""
        there = [one for one in self.earlier if one.opens] + self.at_place
        return list({one.id: one for one in there}.values())


@dataclass(frozen=True)
class Shown:
    """One of the ways to narrow a list."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class QueuePage:
    """One page of one queue. `earlier` and `later` are the addresses of the pages beside it."""

    code: str
    name: str
    lines: list[WorkLine]
    heading: str
    page: int
    pages: int
    shown: list[Shown]
    ages: list[Shown]
    services: list[Shown]
    earlier: str | None
    later: str | None


@dataclass(frozen=True)
class ContactPage:
    """Everything that the contact page shows."""

    contact: Contact
    mine: bool
    about: str
    danger: str | None
    service: str
    queue: str
    partner: str | None
    entries: list[Entry]
    history: list[HistoryLine]
    reasons: list[str]
    clocks: list[Clock]
    facts: list[ServiceFact]
    around: Around
    told: list[Told]
    marks: tuple[str, ...]
    queues: dict[str, str]
    services: dict[str, str]
    usual_queue: str | None
    saved: list[SavedReply]
    tags: list[str]
    days: list[date]
    call: CallAbout
    here: bool = False
    summary: PassedOn | None = None
    referral: ReferralLine | None = None
    # It was said where anybody can type any address that it is not safe: reaching.holds_for_itself_alone.
    unproved: bool = False
    # The danger's sentence and numbers, as helping.signal_help; why nothing may be sent, as telling.not_safe.
    help: dict[str, Any] | None = None
    unsafe: str | None = None
    standing: Standing | None = None
    # Why no message tells the resident of an answer, in words: desk/agreeing.py.
    unreached: str | None = None
    # What is typed into this page's reply box is said once, however often it is sent.
    reply_key: str = field(default_factory=lambda: str(uuid4()))


class Kept(BaseModel):
    """Answer to a heartbeat: how many contacts were kept for another lease."""

    kept: int
