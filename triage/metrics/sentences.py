"""The sentences a councillor could read aloud. Each is made from figures and says how sure we are."""

from triage.metrics.periods import Period
from triage.metrics.rules import (
    FEWEST,
    FEWEST_TO_JUDGE,
    Counts,
    Share,
    beyond_chance,
    may_judge,
    satisfaction,
    told_apart,
)
from triage.metrics.schemas import Tally
from triage.metrics.versions import NONE_KNOWN, Versions, days_of
from triage.metrics.versions import said as changed_said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _how_sure(share: Share) -> str:
    return "between {} and {}".format(*share.bounds)


def people(n: int) -> str:
    """'1 person', '1,204 people', 'nobody'."""
    return "nobody" if n == 0 else "1 person" if n == 1 else f"{n:,} people"


def headline(period: Period, ended: bool, about: str, tally: Tally, *, held_back: bool = False) -> str:
    """How satisfied people were with `about` ('us', 'housing repairs') in one period; of one held back, only why."""
    when = f"in {period.name}" if ended else f"so far in {period.name}"
    share, n = satisfaction(tally.counts), tally.counts.n
    if held_back:
        return _capital(
            f"{when}, {people(n)} rated {about}. What they said is held back: with the quarter's figure it would give "
            "away what a few people said in another month."
        )
    if share is None:
        return _capital(f"{when}, {people(n)} rated {about}: too few to show a figure (we need {FEWEST}).")
    said = _capital(
        f"{when}, {share.hundred} in every 100 people who rated {about} were satisfied "
        f"({_how_sure(share)}; {n:,} answers)."
    )
    return f"{said} {asked}" if (asked := _asked(tally)) else said


def _asked(tally: Tally) -> str:
    """How many were asked and answered: a sentence of its own, because the answers that count are not all of theirs."""
    rate = tally.reply_rate
    if rate is None:
        return ""
    others = tally.counts.n > rate.some
    beside = "; the other answers are of people asked earlier, or from a contact’s own page" if others else ""
    return f"Of {people(rate.n)} asked, {rate.some:,} answered ({rate.hundred}%){beside}."


def change(now: Share, before: Share, then: str) -> str:
    """How `now` compares with `before`, which was `then` ('a year before'); and whether chance would explain it."""
    if not may_judge(now, before):
        return f"It was {before.hundred} {then}: too few answers to compare (we need {FEWEST_TO_JUDGE} each time)."
    gap = now.hundred - before.hundred
    if beyond_chance(now, before):
        way, (here, there) = "up" if now.value > before.value else "down", told_apart(now, before)
        exactly = "" if here == f"{now.hundred}" else f", to {here}"
        return f"That is {way} from {there} {then}{exactly}, and more than chance would explain."
    if gap == 0:
        return f"That is the same as {then}."
    way = "higher" if gap > 0 else "lower"
    return f"That is {abs(gap)} {way} than {then}, which chance alone could explain."


def question(period: Period, versions: Versions) -> str:
    """That two versions of the question were answered in one period; '' when it was one."""
    days = versions.changed_in(period)
    if not versions.mixed(period):
        return ""
    return f"{changed_said(days[-1]) if days else 'The question changed'}: these answers are to different questions."


def other_question(before: Share, then: str, period: Period, last: Period, versions: Versions) -> str:
    """What it was when another question was asked: no more is said of the two."""
    day = versions.last_change(days_of(last), days_of(period))
    since = f" (it changed on {day.day} {day:%B %Y})" if day else ""
    return (
        f"It was {before.hundred} {then}, in answer to another question{since}: answers to different questions are not "
        "compared."
    )


def compared(
    now: Counts, rows: list[tuple[Period, Counts]], period: Period, versions: Versions = NONE_KNOWN
) -> list[str]:
    """The change on the year before, or on the period before where there is none; and on the first, if far back.

    Answers to different versions of the question are named and not compared.
    """
    share = satisfaction(now)
    earlier = [(p, s) for p, c in rows if p < period and (s := satisfaction(c))]
    if share is None or not earlier:
        return []
    year = dict(earlier).get(period.year_before())
    said: list[str] = []
    last, before = (period.year_before(), year) if year else earlier[-1]
    then = "a year before" if year else f"in {last.name}"
    if versions.comparable(days_of(last), days_of(period)):
        said.append(change(share, before, then))
    else:
        said.append(other_question(before, then, period, last, versions))
    first, began = earlier[0]
    if first < last:
        other = "" if versions.comparable(days_of(first), days_of(period)) else ", in answer to another question"
        said.append(f"In {first.name}, the first that we can show, it was {began.hundred} ({_how_sure(began)}){other}.")
    return said


def got_it(tally: Tally) -> str | None:
    """How many got what they came for; None when too few said."""
    n = sum(tally.got_it)
    if n < FEWEST:
        return None
    share = Share(tally.got_it[0], n)
    return f"{share.hundred} in every 100 said that they got what they came for ({_how_sure(share)}; {n:,} answers)."


def contacts(tally: Tally) -> str | None:
    """Contacts that arrived and were closed; None when there were none."""
    if not tally.arrived and not tally.closed:
        return None
    arrived = f"{tally.arrived:,} contact{'s' if tally.arrived != 1 else ''} arrived"
    return f"In the same time {arrived} and {tally.closed:,} {'were' if tally.closed != 1 else 'was'} closed."
