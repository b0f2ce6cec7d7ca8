"""Rows of the record as a history needs them: the columns that figures read, and no words, names or secrets."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from triage.demo.story import SERVICES

Row = dict[str, Any]


@dataclass(slots=True)
class Case:
    """Who could be asked how it went, and how far that came."""

    kind: str
    about: str
    service: str
    channel: str
    began: datetime
    ended: datetime
    ending: str
    sampled: bool
    eligible: bool
    why: str | None
    invited: bool
    # How many times as hard it was for them as for others: whoever answers is the less satisfied.
    strain: float = 1.0
    opened: bool = False
    answered: datetime | None = None


@dataclass(slots=True)
class Record:
    """The rows of each table, by its name. Ids come from the same chance as everything else, so a run is repeated."""

    chance: Random
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def new_id(self) -> str:
        """A UUID."""
        return f"{self.chance.getrandbits(128):032x}"

    def contact(self, **of: Any) -> None:
        """A contact that is closed; `of` has what a figure reads of it."""
        self.rows["contact"].append(of)

    def clock(self, contact: str, kind: str, queue: str, began: datetime, hours: float, met: datetime) -> None:
        """A promise or legal limit of so many hours, met or missed."""
        due = began + timedelta(hours=hours)
        self.rows["contact_clock"].append(
            {
                "id": self.new_id(),
                "contact_id": contact,
                "kind": kind,
                "queue": queue,
                "met_at": met,
                "breached_at": due if met > due else None,
            }
        )

    def referral(self, scheme: str, at: datetime, may_share: bool, outcome: str | None) -> None:
        """Somebody who was referred for help into work, and what came of it."""
        self.rows["referral"].append(
            {
                "contact_id": self.new_id(),
                "scheme": scheme,
                "may_share": may_share,
                "referred_at": at,
                "outcome": outcome,
                "outcome_on": (at + timedelta(weeks=8)).date() if outcome else None,
            }
        )

    def line(self, contact: str, what: str, at: datetime, agent: bool = False) -> None:
        """A line of a contact's history."""
        who = self.new_id() if agent else None
        self.rows["contact_history"].append(
            {"id": self.new_id(), "contact_id": contact, "what": what, "agent_id": who, "detail": {}, "at": at}
        )

    def sorted(self, contact: str, service: str, verdict: str, wrongly: str, at: datetime) -> None:
        """What people made of where software put a contact; `wrongly` is the service that it was taken for."""
        self.rows["correction"].append(
            {
                "contact_id": contact,
                "from_queue": SERVICES[wrongly].queue,
                "from_service": wrongly,
                "verdict": verdict,
                "settled_at": at,
            }
        )

    def chat(self, conversation: str, service: str, started: datetime, ended: datetime, authors: Iterable[str]) -> None:
        """A chat, and who said something in it."""
        self.rows["conversation"].append(
            {
                "id": conversation,
                "context": {"service": service},
                "started_at": started,
                "last_at": ended,
            }
        )
        for seq, author in enumerate(authors, 1):
            self.rows["message"].append(
                {
                    "id": self.new_id(),
                    "conversation_id": conversation,
                    "seq": seq,
                    "author": author,
                }
            )

    def outcome(self, contact: str, service: str, channel: str, closed: datetime, settled: bool | None) -> None:
        """Whether what was closed as done was really settled: yes, no, or no answer."""
        asked = closed + timedelta(days=7)
        self.rows["outcome_check"].append(
            {
                "id": self.new_id(),
                "contact_id": contact,
                "service": service,
                "queue": SERVICES[service].queue,
                "channel": channel,
                "closed_at": closed,
                "asked_at": asked,
                "settled": settled,
            }
        )

    def case(self, case: Case, level: int | None) -> None:
        """What came of asking; and with a level, the answer."""
        own, invited = self.new_id(), case.ended if case.invited else None
        about = {f"{case.kind}_id": case.about}
        of = {"service": case.service, "queue": SERVICES[case.service].queue, "channel": case.channel}
        self.rows["survey_case"].append(
            {
                "id": own,
                "kind": case.kind,
                "conversation_id": None,
                "contact_id": None,
                "sampled": case.sampled,
                "ending": case.ending,
                "ended_at": case.ended,
                "eligible": case.eligible,
                "invited_at": invited,
                "opened_at": invited if case.opened else None,
                "answered_at": case.answered,
                "why_not": case.why,
            }
            | of
            | about
        )
        if level is None or case.answered is None:
            return
        asked = self.new_id()
        self.rows["invite"].append(
            {
                "id": asked,
                "case_id": own,
                "conversation_id": None,
                "contact_id": None,
                "invited_at": invited,
            }
            | of
            | about
        )
        self.rows["answer"].append(
            {"id": self.new_id(), "invite_id": asked, "satisfaction": level, "answered_at": case.answered}
            | self._more(level)
        )

    def _more(self, level: int) -> Row:
        """The other answers of somebody so satisfied; of the two drivers each is asked of about half."""

        def three(chance: float) -> str:
            drawn = self.chance.random()
            return "yes" if drawn < chance else "partly" if drawn < chance + (1 - chance) / 2 else "no"

        yes = {5: 0.95, 4: 0.85, 3: 0.5, 2: 0.25, 1: 0.1}[level]
        effort = min(5, max(1, level + self.chance.choice((-1, 0, 0, 0, 1))))
        driver = self.chance.random() < 0.5
        return {
            "got_it": three(yes) if self.chance.random() < 0.95 else None,
            "effort": effort if self.chance.random() < 0.8 else None,
            "taken_seriously": three(yes) if driver else None,
            "clear_next_step": None if driver else three(0.7 * yes + 0.15),
        }
