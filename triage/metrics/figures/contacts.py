"""How contacts went: how many came, how, settled at once, needed at all, put where they belong."""

from dataclasses import replace

from triage.metrics.counting.avoidable import reasons
from triage.metrics.counting.measures import (
    ARRIVED,
    CAME_BACK,
    CHAT,
    CLOSED,
    CONTAINED,
    NEEDED,
    OPEN,
    SORTED,
)
from triage.metrics.figures.arithmetic import share
from triage.metrics.figures.shapes import Counts, Definition, Value

# What a resident does on a screen by themselves; an email is read and answered as a letter is.
DIGITAL = ("chat", "web", "api")


def arrived(counts: Counts) -> Value:
    """Contacts that arrived: a count of everything, so it has no interval."""
    n = counts.one(ARRIVED)
    return Value(float(n), n)


def first_contact_resolution(counts: Counts) -> Value:
    """(closed - came back) ÷ closed, each contact by its first closing."""
    closed, back = counts.one(CLOSED), counts.one(CLOSED, CAME_BACK)
    return share(closed - back, closed, (("closed", closed), ("came back within 14 days", back)))


def avoidable_contact(counts: Counts) -> Value:
    """Contacts with a reason ÷ all that arrived; one reason each, so the parts add up."""
    found = {level: n for level, n in counts.levels(ARRIVED).items() if level and level not in (NEEDED, OPEN)}
    undecided = counts.one(ARRIVED, OPEN)
    parts = tuple((reason.name, found.get(key, 0)) for key, reason in reasons().items())
    # A reason that is no longer in the file is still counted, under its id.
    parts += tuple((key, n) for key, n in sorted(found.items()) if key not in reasons())
    parts += (("open still, so it may yet be known", undecided),) if undecided else ()
    return replace(share(sum(found.values()), counts.one(ARRIVED), parts), provisional=undecided > 0)


def misroute_rate(counts: Counts) -> Value:
    """Wrong ÷ (right + wrong). What sorting left to a person was put nowhere, and is shown beside."""
    right, wrong, held = (counts.one(SORTED, verdict) for verdict in ("right", "wrong", "held"))
    return share(wrong, right + wrong, (("right", right), ("wrong", wrong), ("left to a person", held)))


def digital_takeup(counts: Counts) -> Value:
    """(contacts by screen + chats that the assistant settled) ÷ (all contacts + those chats)."""
    contained = counts.one(CHAT, *CONTAINED)
    by_channel: dict[str, int] = {}
    for row in counts.rows:
        if row.measure == ARRIVED:
            by_channel[row.channel] = by_channel.get(row.channel, 0) + row.n
    digital = contained + sum(by_channel.get(channel, 0) for channel in DIGITAL)
    parts = (*sorted(by_channel.items()), ("settled by the assistant", contained))
    return share(digital, contained + sum(by_channel.values()), parts)


DEFINITIONS = (
    Definition(
        id="contacts",
        name="Contacts that arrived",
        sentence="How many contacts came to the council, by any channel, that somebody had to deal with.",
        numerator="contacts that arrived in the period",
        denominator="none: a count",
        unit="count",
        better="neither",
        source="Ours",
        caveat="What the assistant settled in a chat by itself is no contact. One need may have several: those "
        "that were made part of another count too, and each call about a contact that somebody has already.",
        measures=(ARRIVED,),
        figure=arrived,
    ),
    Definition(
        id="first_contact_resolution",
        name="Settled at the first contact",
        sentence="Of the contacts that we closed for the first time, how many were not opened again within 14 days, "
        "and the same resident did not come back with the same need in that time.",
        numerator="those that were not opened again, and without a later contact of the same resident and service, "
        "within 14 days",
        denominator="contacts closed for the first time in the period, open again or not, without those made part of "
        "another",
        unit="share",
        better="higher",
        source="Known as first contact resolution; the 14 days are our choice",
        caveat="The same resident is known by an email address or phone number, or by the chat. Somebody who leaves "
        "neither and comes back is not seen, so the true share is lower. What is opened again after 14 days stays "
        "counted as settled, so that a past figure does not change.",
        measures=(CLOSED,),
        figure=first_contact_resolution,
        settles_after_days=14,
        for_groups=True,
    ),
    Definition(
        id="avoidable_contact",
        name="Contact that need not have happened",
        sentence="Of the contacts that arrived, how many would not have been needed had we done something else.",
        numerator="contacts with one of five reasons, which this figure's page lists (data/figures/avoidable.toml)",
        denominator="contacts that arrived in the period",
        unit="share",
        better="lower",
        source="National Indicator 14 (avoidable contact), 2008 to 2010",
        caveat="Known from the record: somebody asks again, also by phone about the contact they have, it is for "
        "another organisation, it is a call about what can be done online, or an agent tags it. Only a tag tells of an "
        "unclear letter: the true share is higher. How a contact was closed may tell as well, so the share still rises "
        "while some are open, and may change when one is opened again, or tagged, later.",
        measures=(ARRIVED,),
        figure=avoidable_contact,
        settles_when="when every contact of it is closed",
    ),
    Definition(
        id="misroute_rate",
        name="Put in the wrong queue",
        sentence="Of the contacts that software put in a queue and that are settled, how many belonged to another.",
        numerator="settled contacts that a person passed on because they were in the wrong queue",
        denominator="settled contacts that software had put in a queue, without those it left to a person",
        unit="share",
        better="lower",
        source="Ours: what people at the desk put right",
        caveat="By the day on which they were settled and the queue they were first put in. An agent who settles what "
        "belongs elsewhere corrects nothing.",
        measures=(SORTED,),
        figure=misroute_rate,
    ),
    Definition(
        id="digital_takeup",
        name="Done on a screen",
        sentence="Of everything that residents came with, how much came by the website or the chat.",
        numerator="contacts by chat, web form and connected sites, and chats that the assistant settled",
        denominator="all contacts that arrived, and chats that the assistant settled",
        unit="share",
        better="higher",
        source="GOV.UK: digital take-up",
        caveat="Calls count only where they are noted as contacts. More is not better for somebody who needs to talk.",
        measures=(ARRIVED, CHAT),
        figure=digital_takeup,
        by_channel=True,
        side_by=("service", "partner"),
    ),
)
