"""The seeded model: from how many answered (the sample file) to contacts, chats and everybody who was asked.

Pure: the same answers give the same record, whenever it is made.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple, TypeVar

from triage.clock import LONDON
from triage.contacts import OURS_BY_POSTCODE, WARD, WHOSE
from triage.demo import story
from triage.demo.record import Case, Record
from triage.demo.story import SERVICES, Story

SEED = 2016
# How many answers of each level, 1 to 5, a month's file has of a service and channel.
Levels = tuple[int, int, int, int, int]
Answers = Mapping[tuple[date, str, str], Levels]
# How many give an answer that counts: of all contacts, and of those asked at the end of a chat.
ANSWERED_OF_CONTACTS = 0.26
ANSWERED_OF_ASKED_IN_CHAT = 0.3
SAMPLED = 0.9

T = TypeVar("T")


class Person(NamedTuple):
    """Somebody who contacts us: how they are reached, what they write in, what care they need and where they live."""

    resident: str | None
    language: str | None
    needs: tuple[str, ...]
    ward: str | None


@dataclass(slots=True)
class Model:
    """Makes the months from `first` to `last`, each by its first day."""

    answers: Answers
    months: Sequence[date]
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 (no secret comes of it)
    record: Record = field(init=False)
    cases: list[Case] = field(default_factory=list)
    residents: int = 0

    def __post_init__(self) -> None:
        """The record draws from the same chance."""
        self.record = Record(self.chance)

    def make(self) -> Record:
        """Everything: contacts, then chats, then what came of asking."""
        before = (self.months[0] - timedelta(days=1)).replace(day=1)
        # What is closed in the first month arrived in the one before it as well.
        for month in (before, *self.months):
            for service in SERVICES:
                for channel in story.CHANNELS:
                    for _ in range(self._how_many(max(month, self.months[0]), service, channel)):
                        self._contact(service, channel, self._moment(month, channel == "phone"))
                for _ in range(round(SERVICES[service].chats * story.growth(month))):
                    self._chat(service, self._moment(month, False))
        self._refer()
        self._ask()
        return self.record

    def _how_many(self, month: date, service: str, channel: str) -> int:
        answered = sum(self.answers.get((month, service, channel), (0, 0, 0, 0, 0)))
        # More and more people come to the one that gets worse.
        return round(answered / ANSWERED_OF_CONTACTS * float(story.strain(service, month) ** 0.5))

    # When, and how long.

    def _moment(self, month: date, phone: bool) -> datetime:
        week = story.BY_PHONE if phone else story.ON_A_SCREEN
        days = [month + timedelta(days=n) for n in range(((month + timedelta(days=31)).replace(day=1) - month).days)]
        day = self.chance.choices(days, [week[day.weekday()] for day in days])[0]
        hour = self.chance.triangular(9, 17, 10.5) if phone else self.chance.triangular(6, 23.9, 13)
        return datetime.combine(day, time(), LONDON) + timedelta(hours=hour)

    def _hours(self, median: float, spread: float = 0.9) -> timedelta:
        """A time that took so many hours for half: most near it, a few much longer."""
        return timedelta(hours=median * self.chance.lognormvariate(0, spread))

    def _likely(self, share: float) -> bool:
        return self.chance.random() < share

    def _one_of(self, weighted: Sequence[tuple[T, float]]) -> T:
        return self.chance.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]

    # Contacts.

    def _contact(
        self,
        service: str,
        channel: str,
        arrived: datetime,
        *,
        who: Person | None = None,
        repeat_of: str | None = None,
        talk: str | None = None,
        consent: bool = True,
    ) -> None:
        """One contact from its arrival to its closing, and whoever comes back because of it."""
        about, own = SERVICES[service], self.record.new_id()
        who = who or self._person(about)
        strain = story.strain(service, arrived.date()) * (story.BEHIND if who.ward == story.LEFT_BEHIND else 1)
        first, settle = self._took(about, channel, arrived.date(), strain)
        closed = arrived + settle
        tags = ["unclear letter"] if self._likely(about.unclear) else []
        danger = "made_up" if self._likely(about.danger) else None
        self.record.contact(
            id=own,
            channel=channel,
            conversation_id=talk,
            reply_to=who.resident,
            consent=consent,
            service=service,
            queue=about.queue,
            danger=danger,
            vulnerable=list(who.needs),
            language=who.language,
            details={WHOSE: OURS_BY_POSTCODE, WARD: who.ward} if who.ward else {},
            repeat_of=repeat_of,
            tags=tags,
            close_reason="passed_on" if self._likely(0.03) else "done",
            arrived_at=arrived,
            first_answer_at=arrived + first,
            closed_at=closed,
        )
        self.record.line(own, "closed", closed, agent=True)
        self._keep_time(own, about, arrived, first, settle)
        if danger:
            self.record.line(own, "taken", arrived + self._hours(0.07 * strain), agent=True)
        if channel != "phone":
            self._sort(own, service, arrived.date(), closed)
        reachable, safe = who.resident is not None, danger is None
        self._case("contact", own, service, channel, arrived, closed, "closed", strain, reachable=reachable, safe=safe)
        if reachable and safe and self._likely(0.4):
            self._settled(own, service, channel, closed, strain)
        if reachable and repeat_of is None:
            self._again(own, about, service, channel, who, arrived, closed, strain)

    def _person(self, about: Story) -> Person:
        resident = None
        if self._likely(0.93):
            self.residents += 1
            resident = f"resident{self.residents}@example.org"
        return Person(
            resident,
            self._one_of(story.LANGUAGES) if self._likely(story.IN_ANOTHER_LANGUAGE) else None,
            (self._one_of(story.NEEDS),) if self._likely(about.need) else (),
            self.chance.choice(story.WARDS) if self._likely(story.PLACED) else None,
        )

    def _took(self, about: Story, channel: str, day: date, strain: float) -> tuple[timedelta, timedelta]:
        """How long the first answer and the settling took."""
        if channel == "phone":
            first = self._hours(0.07 * strain)
            return first, first + (self._hours(0.15) if self._likely(0.55) else self._hours(about.settle * strain))
        first = self._hours(about.first * strain * story.quickened(day))
        return first, first + self._hours(about.settle * strain, 0.8)

    def _keep_time(self, own: str, about: Story, arrived: datetime, first: timedelta, settle: timedelta) -> None:
        clock = self.record.clock
        clock(own, "first", about.queue, arrived, about.first_target, arrived + first)
        clock(own, "settle", about.queue, arrived, about.settle_target, arrived + settle)
        if about.law and self._likely(about.law_share):
            clock(own, about.law, about.queue, arrived, 24 * about.law_days, arrived + settle)

    def _sort(self, own: str, service: str, day: date, closed: datetime) -> None:
        wrong, others = story.put_wrong(day), [each for each in SERVICES if each != service]
        verdict = self._one_of((("wrong", wrong), ("held", 0.06), ("right", 0.94 - wrong)))
        taken_for = self.chance.choice(others) if verdict == "wrong" else service
        self.record.sorted(own, service, verdict, taken_for, closed)

    def _settled(self, own: str, service: str, channel: str, closed: datetime, strain: float) -> None:
        settled = None if self._likely(0.6) else not self._likely(0.09 * strain)
        self.record.outcome(own, service, channel, closed, settled)
        if settled is False:
            self.record.line(own, "reopened", closed + timedelta(days=7))

    def _again(
        self,
        own: str,
        about: Story,
        service: str,
        channel: str,
        who: Person,
        arrived: datetime,
        closed: datetime,
        strain: float,
    ) -> None:
        """The same resident asks where it has got to, or comes back when it was closed."""
        if closed - arrived > timedelta(days=2) and self._likely(about.chasing * strain):
            asked = arrived + (closed - arrived) * self.chance.uniform(0.4, 0.95)
            self._contact(service, channel, asked, who=who, repeat_of=own)
        elif self._likely(about.back * strain):
            asked = closed + timedelta(days=self.chance.uniform(0.5, 13))
            self._contact(service, channel, asked, who=who, repeat_of=own)

    # Chats.

    def _chat(self, service: str, started: datetime) -> None:
        """One chat with the assistant, and the contact that it leaves."""
        own, end = self.record.new_id(), self._one_of(story.CHAT_ENDS)
        ended = started + (timedelta(seconds=2) if end == "empty" else self._hours(0.06, 0.6))
        ending = {"empty": "nothing_said", "person": "closed", "contact": "message_left", "came_back": "settled"}
        authors = {"empty": (), "person": ("resident", "agent")}.get(end, ("resident",))
        self.record.chat(own, service, started, ended, authors)
        self._case("conversation", own, service, "chat", started, ended, ending.get(end, end))
        if end in ("person", "contact"):
            self._contact(service, "chat", ended, talk=own, consent=end == "contact")
        elif end == "came_back":
            self._contact(service, "chat", ended + timedelta(days=self.chance.uniform(1, 9)), talk=own)

    def _refer(self) -> None:
        """Those who were referred for help into work, spread over the months."""
        for scheme, (a_year, sharing, outcomes) in story.REFERRED.items():
            for month in self.months:
                for _ in range(round(a_year / 12)):
                    at = self._moment(month, True)
                    self.record.referral(scheme, at, self._likely(sharing), self._one_of(outcomes))

    # Who is asked, and who answers.

    def _case(
        self,
        kind: str,
        about: str,
        service: str,
        channel: str,
        began: datetime,
        ended: datetime,
        ending: str,
        strain: float | None = None,
        *,
        reachable: bool = True,
        safe: bool = True,
    ) -> None:
        sampled, drawn = self._likely(SAMPLED), self.chance.random()
        left = {"message_left": "asked_later", "abandoned": "abandoned", "nothing_said": "nothing_said"}.get(ending)
        eligible = drawn > 0.01 and ending != "nothing_said"
        why = (
            left
            if ending == "nothing_said"
            else ("staff" if drawn < 0.004 else "test")
            if not eligible
            else "not_sampled"
            if not sampled
            else left or _why_not(safe, reachable, drawn)
        )
        self.cases.append(
            Case(
                kind,
                about,
                service,
                channel,
                began,
                ended,
                ending,
                sampled,
                eligible,
                why,
                why is None,
                strain or story.strain(service, ended.date()),
            )
        )

    def _ask(self) -> None:
        """Of those who were asked in a month so many answered as the file says; by chat, with the month's own share."""
        groups: dict[tuple[date, str, str], list[Case]] = defaultdict(list)
        wanted = set(self.months)
        for case in self.cases:
            month = case.ended.astimezone(LONDON).date().replace(day=1)
            groups[month, "" if case.channel == "chat" else case.service, case.channel].append(case)
        for (month, service, channel), cases in groups.items():
            if month not in wanted:
                levels = []
            elif channel == "chat":
                levels = self._as_in_the_month(month, sum(case.invited for case in cases))
            else:
                levels = [
                    level
                    for level, n in enumerate(self.answers.get((month, service, channel), ()), 1)
                    for _ in range(n)
                ]
            for case, level in self._who_answers(cases, levels):
                self._end(case, level)

    def _as_in_the_month(self, month: date, asked: int) -> list[int]:
        """Answers by chat of which as many are satisfied as of the file's in that month: the whole stays as it was."""
        whole = [
            sum(column)
            for column in zip(*(of for (when, *_), of in self.answers.items() if when == month), strict=True)
        ]
        n = round(asked * ANSWERED_OF_ASKED_IN_CHAT)
        satisfied = round(n * sum(whole[3:]) / sum(whole))
        levels = self.chance.choices((4, 5), whole[3:], k=satisfied)
        return levels + self.chance.choices((1, 2, 3), whole[:3], k=n - satisfied)

    def _who_answers(self, cases: list[Case], levels: list[int]) -> list[tuple[Case, int | None]]:
        """Each case with its answer. Where fewer were asked than answered, more were asked."""
        asked = [case for case in cases if case.invited]
        spare = [case for case in cases if not case.invited and case.why in ("not_sampled", "no_way_to_ask")]
        for case in spare[: max(0, len(levels) - len(asked))]:
            case.sampled, case.why, case.invited = True, None, True
            asked.append(case)
        chosen = self.chance.sample(asked, min(len(levels), len(asked)))
        # Whoever came to the service that gets worse is less satisfied, the more so the later; and so is the ward where
        # everything takes longer.
        chosen.sort(key=lambda case: self.chance.random() ** (case.strain**-2))
        given = {id(case): level for case, level in zip(chosen, sorted(levels, reverse=True), strict=False)}
        return [(case, given.get(id(case))) for case in cases]

    def _end(self, case: Case, level: int | None) -> None:
        """An answer on one of the next days of its month, or why there is none."""
        if level is not None:
            local = case.ended.astimezone(LONDON)
            after = (local.date().replace(day=1) + timedelta(days=31)).replace(day=1)
            left = datetime.combine(after, time(), LONDON) - local
            case.opened, case.answered = True, case.ended + min(self._hours(16), left * 0.99)
        elif case.invited:
            drawn = self.chance.random()
            case.why = "undeliverable" if drawn < 0.03 else "duplicate" if drawn < 0.036 else "expired"
            case.opened = 0.03 <= drawn < 0.3
            case.answered = case.ended if case.why == "duplicate" else None
        self.record.case(case, level)


def _why_not(safe: bool, reachable: bool, drawn: float) -> str | None:
    """Why somebody who was drawn is not asked all the same."""
    if not safe:
        return "unsafe"
    if not reachable:
        return "no_way_to_ask"
    return "never_again" if drawn > 0.995 else "asked_lately" if drawn > 0.94 else None
