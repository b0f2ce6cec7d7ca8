"""What people said of us."""

from collections.abc import Callable

from triage.metrics.counting.measures import CLEAR_NEXT_STEP, EFFORT, GOT_IT, SATISFACTION, TAKEN_SERIOUSLY
from triage.metrics.figures.arithmetic import share
from triage.metrics.figures.shapes import Counts, Definition, Value

LEVELS = (
    ("5", "very satisfied"),
    ("4", "satisfied"),
    ("3", "neither"),
    ("2", "dissatisfied"),
    ("1", "very dissatisfied"),
)


EASE = (("5", "very easy"), ("4", "easy"), ("3", "neither"), ("2", "hard"), ("1", "very hard"))


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


def effort(counts: Counts) -> Value:
    """(very easy + easy) ÷ all answers; 5 is very easy."""
    levels = counts.levels(EFFORT)
    parts = tuple((words, levels.get(level, 0)) for level, words in EASE)
    return share(levels.get("5", 0) + levels.get("4", 0), sum(count for _, count in parts), parts)


def _driver(measure: str) -> Callable[[Counts], Value]:
    def figure(counts: Counts) -> Value:
        levels = counts.levels(measure)
        parts = tuple((level, levels.get(level, 0)) for level in ("yes", "partly", "no"))
        return share(levels.get("yes", 0), sum(count for _, count in parts), parts)

    return figure


SATISFIED = Definition(
    id="satisfaction",
    name="Satisfied with the service",
    sentence="Of everybody who rated how satisfied they were, how many said satisfied or very satisfied.",
    numerator="answers of very satisfied or satisfied",
    denominator="all answers to the question, from very satisfied to very dissatisfied",
    unit="share",
    better="higher",
    source="GOV.UK: measuring user satisfaction",
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
EASY = Definition(
    id="effort",
    name="Easy to deal with us",
    sentence="Of everybody who said how easy or hard it was to deal with us, how many said easy or very easy.",
    numerator="answers of very easy or easy",
    denominator="all answers to the question, from very easy to very hard",
    unit="share",
    better="higher",
    source="Ours: customer effort, on five points",
    caveat="Asked after how satisfied they were, so of fewer people.",
    measures=(EFFORT,),
    figure=effort,
)
SERIOUS = Definition(
    id="taken_seriously",
    name="Felt taken seriously",
    sentence="Of everybody who was asked if they felt taken seriously and answered, how many said yes.",
    numerator="answers of yes",
    denominator="answers of yes, partly or no",
    unit="share",
    better="higher",
    source="Ours: what drives satisfaction",
    caveat="Asked of about half of the people, the other half are asked if they know what happens next.",
    measures=(TAKEN_SERIOUSLY,),
    figure=_driver(TAKEN_SERIOUSLY),
)
CLEAR = Definition(
    id="clear_next_step",
    name="Knew what happens next",
    sentence="Of everybody who was asked if they knew what happens next and answered, how many said yes.",
    numerator="answers of yes",
    denominator="answers of yes, partly or no",
    unit="share",
    better="higher",
    source="Ours: what drives satisfaction",
    caveat="Asked of about half of the people, the other half are asked if they felt taken seriously.",
    measures=(CLEAR_NEXT_STEP,),
    figure=_driver(CLEAR_NEXT_STEP),
)

DEFINITIONS = (SATISFIED, GOT, EASY, SERIOUS, CLEAR)
