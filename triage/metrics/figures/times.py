"""How long residents wait, and whether that is what we promise."""

from collections.abc import Callable
from dataclasses import replace

from triage.metrics.counting.measures import BACK_WITHIN_DAYS, CLOCK, DANGER_TIME, FIRST_TIME, NOT_YET, SETTLE_TIME
from triage.metrics.figures.arithmetic import bin_parts, quantile, share
from triage.metrics.figures.shapes import Counts, Definition, Value


def _in_time(kind: str, counts: Counts) -> Value:
    within, late = counts.one(CLOCK, f"{kind}:within"), counts.one(CLOCK, f"{kind}:late")
    return share(within, within + late, (("in time", within), ("late", late)))


def first_in_time(counts: Counts) -> Value:
    """First answers in time ÷ all that were due or given."""
    return _in_time("first", counts)


def settled_in_time(counts: Counts) -> Value:
    """Settled in time ÷ all that were due or settled."""
    return _in_time("settle", counts)


def law_in_time(counts: Counts) -> Value:
    """Legal limits kept ÷ all that were due or kept: every clock but our own two promises."""
    found = {level: n for level, n in counts.levels(CLOCK).items() if not level.startswith(("first:", "settle:"))}
    within = sum(n for level, n in found.items() if level.endswith(":within"))
    return share(within, sum(found.values()), tuple(sorted(found.items())))


def _within(measure: str, at: float) -> Callable[[Counts], Value]:
    """The time within which `at` of all were done; what is not done yet is later than everything."""

    def figure(counts: Counts) -> Value:
        bins = counts.levels(measure)
        return replace(quantile(bins, at, bin_parts(bins)), provisional=bool(bins.get(NOT_YET)))

    return figure


def _times(
    id_: str,
    name: str,
    of: str,
    measure: str,
    source: str = "Ours",
    *,
    settles_after_days: int = 0,
    also: str = "",
    since: str = "the contact arrived",
    settles_when: str = "",
) -> tuple[Definition, Definition]:
    """Half, and nine in ten. `also`: what is to be known besides."""
    half, nine = (
        Definition(
            id=f"{id_}_{short}",
            name=f"{words.capitalize()} {name}",
            sentence=f"How long it took at most for {words} of the {of}.",
            numerator="none: a time in minutes",
            denominator=of,
            unit="minutes",
            better="lower",
            source=source,
            caveat=f"From when {since}, nights and weekends included. We count how many took under 5 "
            "minutes, under 10, under 15 and so on, so a time is a close estimate and not exact to the minute." + also,
            measures=(measure,),
            figure=_within(measure, at),
            settles_after_days=settles_after_days,
            settles_when=settles_when,
        )
        for short, words, at in (("median", "half", 0.5), ("ninety", "nine in ten", 0.9))
    )
    return half, nine


DEFINITIONS = (
    Definition(
        id="first_in_time",
        name="First answer in time",
        sentence="Of the first answers that were given or due, how many came in the time that we promise.",
        numerator="first answers given in the time that we promise",
        denominator="first answers that were given in time, or whose time ran out, in the period",
        unit="share",
        better="higher",
        source="The council's own promises",
        caveat="Opening hours are counted, and no time in which we waited for somebody else. A contact that was "
        "passed on is counted for each partner who held it, and one that was opened again once more; a late one for "
        "whoever held it then. Closing a contact answers it.",
        measures=(CLOCK,),
        figure=first_in_time,
        for_groups=True,
    ),
    Definition(
        id="settled_in_time",
        name="Settled in time",
        sentence="Of the promises to settle a contact that were kept or ran out, how many were kept.",
        numerator="contacts closed in the time that we promise, and not opened again within 14 days",
        denominator="those, and contacts whose time ran out in the period, however they ended",
        unit="share",
        better="higher",
        source="The council's own promises",
        caveat="Opening hours are counted, and no time in which we waited for somebody else. A contact that was "
        "passed on is counted for each partner who held it; a late one for whoever held it then. When one is opened "
        "again a new promise begins, which is counted by itself. One that became part of another counts here only "
        "where it was late.",
        measures=(CLOCK,),
        figure=settled_in_time,
        settles_after_days=BACK_WITHIN_DAYS,
        for_groups=True,
    ),
    Definition(
        id="law_in_time",
        name="The law's time limits kept",
        sentence="Of the legal time limits that were kept or over, how many were kept.",
        numerator="legal time limits kept in the period",
        denominator="legal time limits that were kept, or ran out, in the period",
        unit="share",
        better="higher",
        source="The law: each limit with its source is in data/clocks/statutory.toml",
        caveat="There are few of them, so the figure is unsure: read the counts.",
        measures=(CLOCK,),
        figure=law_in_time,
    ),
    *_times(
        "first_answer",
        "had a first answer within",
        "contacts that were first answered in the period",
        FIRST_TIME,
        also=" Only the first answer counts, for whoever gave it: not what another partner said when the contact was "
        "passed on, nor what was said when it was opened again.",
    ),
    *_times(
        "settlement",
        "were settled within",
        "contacts that were closed in the period and not opened again within 14 days",
        SETTLE_TIME,
        settles_after_days=BACK_WITHIN_DAYS,
        also=" What was opened again after that and closed once more is counted both times.",
    ),
    *_times(
        "danger",
        "of those in danger had a person within",
        "dangers that were seen in the period, in a contact or in what its resident told us later, until somebody "
        "at the desk had it",
        DANGER_TIME,
        "Ours: how long somebody in danger waits for a person",
        since="the danger was seen",
        settles_when="when a person has had every one of them",
        also=" Who tells of it again while they wait is counted once.",
    ),
)
