"""What people said of us, and how many of those asked said anything."""

from triage.metrics.counting.measures import ANSWERED, GOT_IT, INVITED, SATISFACTION
from triage.metrics.figures.arithmetic import share
from triage.metrics.figures.shapes import Counts, Definition, Value

LEVELS = (
    ("5", "very satisfied"),
    ("4", "satisfied"),
    ("3", "neither"),
    ("2", "dissatisfied"),
    ("1", "very dissatisfied"),
)


def satisfaction(counts: Counts) -> Value:
    """(very satisfied + satisfied) ÷ all ratings."""
    levels = counts.levels(SATISFACTION)
    parts = tuple((words, levels.get(level, 0)) for level, words in LEVELS)
    return share(levels.get("5", 0) + levels.get("4", 0), sum(count for _, count in parts), parts)


def got_it(counts: Counts) -> Value:
    """Yes ÷ (yes + partly + no)."""
    levels = counts.levels(GOT_IT)
    parts = tuple((level, levels.get(level, 0)) for level in ("yes", "partly", "no"))
    return share(levels.get("yes", 0), sum(count for _, count in parts), parts)


def response_rate(counts: Counts) -> Value:
    """Answered ÷ invited, of those invited in the period."""
    invited, answered = counts.one(INVITED), counts.one(ANSWERED)
    # Each a part of the one before it.
    parts = (("invited", invited), ("opened", counts.one(INVITED, "opened", "answered")), ("answered", answered))
    return share(answered, invited, parts)


SATISFIED = Definition(
    id="satisfaction",
    name="Satisfied with the service",
    sentence="Of everybody who rated how satisfied they were, how many said satisfied or very satisfied.",
    numerator="answers of very satisfied or satisfied",
    denominator="all answers to the question, from very satisfied to very dissatisfied",
    unit="share",
    better="higher",
    source="GOV.UK: measuring user satisfaction (FACTS 5.1, S82)",
    caveat="People who answer are not everybody: read it beside the response rate and who did not answer.",
    measures=(SATISFACTION,),
    figure=satisfaction,
    for_groups=True,
)
GOT = Definition(
    id="got_it",
    name="Got what they came for",
    sentence="Of everybody who was asked if they got what they came for and answered, how many said yes.",
    numerator="answers of yes",
    denominator="answers of yes, partly or no",
    unit="share",
    better="higher",
    source="Ours",
    caveat="It is what people say on the day: whether it lasted is asked again some days later.",
    measures=(GOT_IT,),
    figure=got_it,
    for_groups=True,
)
RESPONSE = Definition(
    id="response_rate",
    name="Answered when asked",
    sentence="Of everybody who was asked how it went in this time, how many have answered.",
    numerator="invites that were answered, on whatever day",
    denominator="invites made in the period",
    unit="share",
    better="higher",
    source="Ours; who was asked is decided before it is known how it went (GOV.UK: ask at every end, FACTS 5.1, S81)",
    caveat="A link can be answered for 14 days, so the rate of the last two weeks still rises.",
    measures=(INVITED, ANSWERED),
    figure=response_rate,
    settles_after_days=14,
)

DEFINITIONS = (SATISFIED, GOT, RESPONSE)
