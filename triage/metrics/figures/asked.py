"""Who could be asked, who was, who answered, and why the others did not."""

from collections import Counter

from triage.metrics.counting.measures import ANSWERED, INVITED, OUTCOME, SURVEY
from triage.metrics.figures.arithmetic import share
from triage.metrics.figures.shapes import Counts, Definition, Value
from triage.surveying.questions import asking

# A letter may have to wait for the hours in which it disturbs nobody, and is tried for a day when it cannot be sent.
A_LETTER_DAYS = 2

# Each step holds those of the steps after it. On a contact's own page nobody is asked: who answers there stands beside.
PAGE = "page"
ASKED = ("invited", "opened", "excluded")
STEPS = ("out", "eligible", "sampled", PAGE, "invited", "opened", "excluded", "answered")
WORDS = {
    "out": "ended, in all",
    "eligible": "could be asked",
    "sampled": "drawn by lot to be asked",
    "invited": "asked",
    "opened": "opened it",
    "answered": "answered",
}
# Why somebody went no further (tables/survey.py), as people read it.
WHY = {
    "test": "not counted: a test",
    "staff": "not counted: they work for us",
    "merged": "not asked: it became part of another contact, which is asked about",
    "nothing_said": "not asked: they said nothing",
    "not_sampled": "not asked: not drawn by lot when it began",
    "unsafe": "not asked: it may not be safe to, or they were in danger",
    "never_again": "not asked: they asked us never to",
    "asked_lately": "not asked: they had been a short while before",
    "asked_later": "not asked about the chat: about what they left in it, once that is closed, if drawn",
    "asked_in_chat": "not asked about what they left in a chat: they were asked in the chat",
    "abandoned": "not asked: they left, and there was no way to",
    "no_way_to_ask": "not asked: there was no way to",
    "before": "not asked: it ended before everybody was",
    "undeliverable": "not asked: the message did not reach them",
    "expired": "asked, and did not answer in time",
    "duplicate": "answered, not counted: a second answer of one person",
    "flood": "answered, not counted: too many answers from one place",
    "waiting": "may answer yet",
}
# The same of whoever had been asked by then.
SINCE = {"never_again": "asked, and then asked us never to again", "unsafe": "asked, and since then it may not be safe"}
ON_THE_PAGE = "not asked: answered the question that is on each contact\u2019s own page, so not in the share"


def response_rate(counts: Counts) -> Value:
    """Answers that count ÷ everybody asked, with every step before and every reason why not. Who answered unasked, on
    the page of their contact, is in neither: how many saw the question there and did not answer is not known.

    A history from a file knows only who was asked and who answered, and not why the others did not.
    """
    far, why = Counter[str](), Counter[str]()
    for level, n in counts.levels(SURVEY).items():
        step, _, reason = level.partition(":")
        far[step] += n
        if reason:
            why[(SINCE.get(reason) if step in ASKED else None) or WHY.get(reason, reason)] += n
    if not far:
        invited, answered = counts.one(INVITED), counts.one(ANSWERED)
        return share(answered, invited, (("asked", invited), ("answered", answered)))
    upto = {step: sum(far[later] for later in STEPS[place:]) for place, step in enumerate(STEPS)}
    parts = tuple((words, upto[step]) for step, words in WORDS.items())
    known = (*WHY.values(), *SINCE.values())
    parts += tuple((words, why[words]) for words in known if why[words])
    parts += tuple((words, n) for words, n in sorted(why.items()) if words not in known)
    parts += ((ON_THE_PAGE, counts.one(SURVEY, PAGE)),) if far[PAGE] else ()
    return share(upto["answered"], upto["invited"], parts)


def still_settled(counts: Counts) -> Value:
    """Yes ÷ (yes + no)."""
    yes, no, silent = (counts.one(OUTCOME, level) for level in ("yes", "no", "no_answer"))
    return share(yes, yes + no, (("yes", yes), ("no", no), ("did not answer", silent)))


def _days_to_answer() -> int:
    """From an ending until nobody can answer about it any more."""
    return -(-asking().message_after_hours // 24) + asking().open_days


def _days_to_say_settled() -> int:
    """From a closing until nobody can say any more whether it was really settled."""
    return asking().outcome_after_days + asking().outcome_open_days


DEFINITIONS = (
    Definition(
        id="response_rate",
        name="Answered when asked",
        sentence="Of everybody asked about what ended in this time, how many gave an answer that counts.",
        numerator="answers that count, on whatever day they came",
        denominator="everybody asked, in the chat or by a message, about something that ended in the period, those "
        "whose answers do not count too",
        unit="share",
        better="higher",
        source="Ours; whether somebody is asked is drawn by lot before it is known how it goes",
        caveat="People have 14 days to answer, so the figure of the last weeks still rises. Of past figures that were "
        "brought in from a file only those asked and those who answered are known. The question is on each contact's "
        "own page as well: nobody knows how many see it there, so who answers there is shown beside the share and not "
        "in it. Their answers count.",
        measures=(SURVEY, INVITED, ANSWERED),
        figure=response_rate,
        settles_after_days=A_LETTER_DAYS,
        answers_take_days=_days_to_answer,
    ),
    Definition(
        id="still_settled",
        name="Still settled a week later",
        sentence="Of the contacts closed as done whose resident was asked a week later if it was really settled and "
        "answered, how many said yes.",
        numerator="answers of yes",
        denominator="answers of yes or no, of contacts closed in the period",
        unit="share",
        better="higher",
        source="Ours",
        caveat="Asked of everybody whom we may write to, so not of those who left no address. A no opens it again. "
        "People have some weeks to say, so the figure of the last weeks can still change. What staff say is left out.",
        measures=(OUTCOME,),
        figure=still_settled,
        settles_after_days=A_LETTER_DAYS,
        answers_take_days=_days_to_say_settled,
    ),
)
