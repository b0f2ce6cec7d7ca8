"""What is counted each day: the measures of the fact table, their levels, and the record that each is counted from.

A subject is a part of the record that is counted in one go. Which day a thing belongs to is said beside its measure,
and never depends on when it is counted.
"""

from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

# For so long a day may still be counted otherwise: a resident may come back with the same need for 14 days, and a
# survey's letter goes out some days after the end and is open for 14 more. The night counts these days again, whatever
# the steps missed in that time.
LOOK_BACK = timedelta(days=21)
# So from then on a day changes no more by itself, and what is made of it may be published.
SETTLES = LOOK_BACK + timedelta(days=1)


class Subject(StrEnum):
    """A part of the record."""

    ANSWERS = "answers"
    INVITES = "invites"
    OUTCOMES = "outcomes"
    CONTACTS = "contacts"
    CLOCKS = "clocks"
    CHATS = "chats"
    SORTING = "sorting"


# On the day of the answer.
SATISFACTION, GOT_IT, EFFORT = "satisfaction", "got_it", "effort"
# Satisfaction again by how it ended, as "done:5", for weights: what it ended with is the same word as in ENDED.
RATED = "rated"
TAKEN_SERIOUSLY, CLEAR_NEXT_STEP = "taken_seriously", "clear_next_step"
# On the same day, of every answer that counts: to which version of the questions. Answers to different ones are not
# compared (metrics/versions.py).
VERSION = "version"
# On the day on which a conversation or contact ended: how far it came on the way to an answer, and why no further, as
# "sampled:no_way_to_ask" (counting/sql.py).
SURVEY = "survey"
# On the same day: everybody who could be asked, whether or not they were, by how it ended: the population of weights.
# A contact is what a person closed it with (done, no_reply …), a chat how its case ended (settled, abandoned …).
ENDED = "ended"
# On the day of the closing that it asks about: was it really settled? yes, no, no_answer.
OUTCOME = "outcome"
# On the day of the invite, of those who were asked in a chat or by a message. Its levels say how far it came: unopened,
# opened, answered. ANSWERED is the last of them again, under the name that histories from files have.
INVITED, ANSWERED = "invited", "answered"
# On the day on which a contact arrived, or on which somebody rang about one that they have. Its level is why it need
# not have come, an id of data/figures/avoidable.toml, or "needed"; or "open" while it is open and no reason is known,
# as its closing may tell of one.
ARRIVED = "arrived"
# On the day on which a danger was seen, in what arrived or in what came later: until a person at the desk had it.
DANGER_TIME = "danger_time"
NEEDED, OPEN = "needed", "open"
# On the day on which a contact was closed for the first time: stayed or came_back. And how long each closing took that
# was not taken back within 14 days. Neither depends on what happens after those.
CLOSED, SETTLE_TIME = "closed", "settle_time"
CAME_BACK = "came_back"
# On the day of the first answer to a contact: the first that anybody gave, whoever has the contact since.
FIRST_TIME = "first_time"
# On the day on which a clock was met in time ("settle:within") or missed ("settle:late"). One that was met by a closing
# taken back within 14 days is neither: the clock that began then is.
CLOCK = "clock"
# On the day on which a chat began: one of CHAT_ENDS.
CHAT = "chat"
# On the day on which a contact that software had sorted was settled: right, wrong, or held.
SORTED = "sorted"

MEASURES: dict[Subject, tuple[str, ...]] = {
    Subject.ANSWERS: (SATISFACTION, RATED, GOT_IT, EFFORT, TAKEN_SERIOUSLY, CLEAR_NEXT_STEP, VERSION),
    Subject.INVITES: (SURVEY, ENDED, INVITED, ANSWERED),
    Subject.OUTCOMES: (OUTCOME,),
    Subject.CONTACTS: (ARRIVED, DANGER_TIME, CLOSED, SETTLE_TIME, FIRST_TIME),
    Subject.CLOCKS: (CLOCK,),
    Subject.CHATS: (CHAT,),
    Subject.SORTING: (SORTED,),
}

# How a chat went. The first that is so is counted, so each chat is counted once.
#   empty      nobody wrote anything, or all of it took under five seconds: not a chat (FACTS 5.1)
#   came_back  it had no contact, and the same resident left one in it on a later day, six hours on or more, within 14
#              days
#   person     it was handed to a person
#   contact    a form in it was sent, or a message left: somebody at the council has to do something
#   going_on   it has not ended
#   error      the last thing we said is that we could not answer
#   abandoned  it stopped in the middle of a form, or at a message that was not understood, whatever is said of it
#   said_no    nothing was left to do, and the resident says that they did not get what they came for
#   said_yes   nothing was left to do, and the resident says that they did, or in part
#   settled    nothing was left to do, and the resident said nothing of it
CHAT_ENDS = (
    "empty",
    "going_on",
    "person",
    "came_back",
    "contact",
    "error",
    "abandoned",
    "said_no",
    "said_yes",
    "settled",
)
NOT_COUNTED = ("empty", "going_on")
CONTAINED = ("said_yes", "settled")

# A resident who comes back with the same need within so many days was not helped (FACTS 5.1: N = 14).
BACK_WITHIN_DAYS = 14
SHORTEST_CHAT_S = 5
# Who begins at ten to midnight and sends a form at five past has not come back.
LONGEST_SITTING_H = 6

# The bins in which times are kept, so that the days of a month add up and a median can still be had: each begins where
# the one before it ends, in minutes. From a minute to 40 days, about doubling.
MINUTES = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 4320, 7200, 14400, 28800, 57600)
BINS: tuple[str, ...] = (*(str(minutes) for minutes in MINUTES), "more")
# Nobody has come yet: counted, and in no bin.
NOT_YET = "not_yet"


def bin_bounds(level: str) -> tuple[int, int | None]:
    """From and up to how many minutes a bin counts; the last has no end. Raises ValueError for no bin."""
    ends = (0, *MINUTES)
    if level == BINS[-1]:
        return ends[-1], None
    return {str(end): (start, end) for start, end in pairwise(ends)}[level]
