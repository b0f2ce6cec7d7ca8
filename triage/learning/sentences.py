"""The sentences on the page of sorting, each made from figures. Pure."""

from datetime import date

from triage.learning.repository import Beside
from triage.learning.rules import percent
from triage.learning.schemas import FEWEST, SortingPage, between
from triage.tables import SortingRule


def _contacts(n: int) -> str:
    return "1 contact" if n == 1 else f"{n:,} contacts"


def _some(n: int) -> str:
    return "none" if n == 0 else f"{n:,}"


def _share(some: int, n: int) -> str:
    """How a sentence that counts `some` of `n` ends: with the share and its interval, and of few with neither."""
    return f": {between(some, n)}." if n >= FEWEST else "."


def headline(found: SortingPage) -> list[str]:
    """How often contacts were put in the wrong queue, and how many were left to a person."""
    put, said = found.put, []
    if put.settled:
        said.append(
            ("" if put.settled >= FEWEST else "Too few to say. ")
            + f"Of {_contacts(put.settled)} settled in the last {found.days} days that sorting had put in a queue, "
            f"{_some(put.wrong)} had been put in the wrong one{_share(put.wrong, put.settled)}"
        )
    else:
        said.append(f"In the last {found.days} days no contact was settled that sorting had put in a queue.")
    if found.decided:
        said.append(
            f"{_contacts(found.decided)} {'was' if found.decided == 1 else 'were'} sorted in that time; "
            f"{_some(found.held)} were left to a person{_share(found.held, found.decided)}"
        )
    if found.by_hand:
        said.append(f"People sorted and settled {_some(found.by_hand)} by hand.")
    return said


def side_by_side(beside: Beside) -> list[str]:
    """The sorter in shadow beside the live one."""
    if not beside.decided:
        return ["It has decided about no contact yet. Each new contact is decided by both from now on."]
    said = [
        f"On {_contacts(beside.decided)} it chose the same queue as the live one for {_some(beside.same)}"
        f"{_share(beside.same, beside.decided)}"
    ]
    if not beside.settled:
        return [*said, "None of them is settled yet, so nobody can say which was right."]

    def did(right: int, held: int) -> str:
        put = beside.settled - held
        share = f" ({percent(right / put)} of those it did not hold)" if put >= FEWEST else ""
        return f"{_some(right)} right{share} and left {_some(held)} to a person"

    return [
        *said,
        f"People have settled {_some(beside.settled)} of them. The live one had "
        f"{did(beside.live_right, beside.live_held)}; the one in shadow would have had "
        f"{did(beside.shadow_right, beside.shadow_held)}.",
    ]


def rule_words(rule: SortingRule, queue: str | None, service: str | None) -> str:
    """A rule as a sentence; `queue` and `service` are the names of what it mentions."""
    when = []
    if rule.phrases:
        when.append("it says " + " or ".join(f"“{phrase}”" for phrase in rule.phrases))
    if rule.channel:
        when.append(f"it came by {'the website' if rule.channel == 'web' else rule.channel}")
    if service:
        when.append(f"it is about {service}")
    if rule.place:
        when.append(f"its place has “{rule.place}” in it")
    then = []
    if queue:
        then.append(f"send it to {queue}")
    if rule.then_priority:
        then.append(f"make it at least {rule.then_priority}")
    if rule.then_tag:
        then.append(f"tag it “{rule.then_tag}”")
    return f"When {' and '.join(when)}, {' and '.join(then)}."


def rule_now(rule: SortingRule, today: date) -> str:
    """Whether a rule works today."""
    if rule.switched_on_at is None:
        return "Off"
    if rule.from_day and today < rule.from_day:
        return "On, and works from its first day"
    if rule.to_day and rule.to_day < today:
        return "On, but its last day is over"
    return "On"
