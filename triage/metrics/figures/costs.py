"""What serving residents costs, always as a range: nobody knows it to the penny."""

from collections.abc import Iterable
from datetime import date

from triage.metrics.counting.measures import ARRIVED, CHAT, CONTAINED
from triage.metrics.figures.shapes import NOTHING, Counted, Counts, Definition, Value
from triage.metrics.figures.unit_costs import cost_on, unit_costs

NOT_COSTED = "not costed, as no cost is known: "
RANGE = "a range: no single value is known"
ASSISTANT = "assistant"
# Chats that cost what a visit to the website does: those that left a contact are costed as that contact.
_BY_SOFTWARE = (*CONTAINED, "said_no", "abandoned", "error", "came_back")


def _costed(counts: Counts) -> Iterable[tuple[str, Counted]]:
    """Each count that costs something, with the channel that it is costed as."""
    for row in counts.rows:
        if row.measure == ARRIVED:
            yield row.channel, row
        elif row.measure == CHAT and row.level in _BY_SOFTWARE:
            yield ASSISTANT, row


def _total(counts: Counts) -> tuple[int, float, float, dict[str, int], dict[str, int]]:
    """How many were costed, the least and most they cost, how many of each channel, and of each without a cost."""
    n, low, high = 0, 0.0, 0.0
    channels: dict[str, int] = {}
    without: dict[str, int] = {}
    for channel, row in _costed(counts):
        cost = cost_on(channel, row.month or date.max, unit_costs())
        if cost is None:
            without[channel] = without.get(channel, 0) + row.n
            continue
        channels[channel] = channels.get(channel, 0) + row.n
        n, low, high = n + row.n, low + row.n * cost.low, high + row.n * cost.high
    return n, low, high, channels, without


def cost_to_serve(counts: Counts) -> Value:
    """Each contact, and each chat without one, times what its channel costs in its month.

    Those of which no cost is known are left out of it, and said beside it: the sum of the rest stands.
    """
    n, low, high, channels, without = _total(counts)
    parts = tuple(sorted(channels.items()))
    parts += tuple((f"{NOT_COSTED}{channel}", left_out) for channel, left_out in sorted(without.items()))
    if not n:
        why = f"no cost is known of: {', '.join(sorted(set(without)))}" if without else NOTHING
        return Value(None, n, parts=parts, why=why)
    return Value(None, n, low, high, parts=parts, why=RANGE)


def cost_each(counts: Counts) -> Value:
    """The same, shared among all of them."""
    total = cost_to_serve(counts)
    if total.low is None or total.high is None:
        return total
    return Value(None, total.n, total.low / total.n, total.high / total.n, parts=total.parts, why=RANGE)


def cost_as_calls(counts: Counts) -> Value:
    """Chats that the assistant settled, each times what a call costs more than it: the least, and the most."""
    n, low, high = 0, 0.0, 0.0
    for row in counts.rows:
        if row.measure != CHAT or row.level not in CONTAINED:
            continue
        day = row.month or date.max
        call, chat = cost_on("phone", day, unit_costs()), cost_on(ASSISTANT, day, unit_costs())
        if call is None or chat is None:
            return Value(None, n, why="no cost is known of a call or of a chat")
        n += row.n
        low += row.n * max(call.low - chat.high, 0)
        high += row.n * max(call.high - chat.low, 0)
    return Value(None, n, low, high, why=RANGE) if n else Value(None, 0, why=NOTHING)


# FACTS 5.1, S88; cost per transaction is S80.
_SOURCE = "What a contact cost councils in 2011: Socitm Channel Value Benchmarking (data/figures/unit_costs.toml)"
_OLD = "The costs of one contact are of 2011: put the council's own in its unit_costs.toml, with the day of each."

DEFINITIONS = (
    Definition(
        id="cost_to_serve",
        name="What serving residents cost",
        sentence="Every contact, and every chat that the assistant dealt with alone, times what its channel costs.",
        numerator="contacts and chats without a contact, each times the least and the most that its channel costs",
        denominator="none: a sum in pounds",
        unit="pounds",
        better="lower",
        source=_SOURCE,
        caveat=f"Always a range, never one number. {_OLD} Of forms, email and chats that people work on no source "
        "gives a cost.",
        measures=(ARRIVED, CHAT),
        figure=cost_to_serve,
        by_channel=True,
    ),
    Definition(
        id="cost_each",
        name="What one contact cost",
        sentence="What serving residents cost, shared among all contacts and chats that were counted for it.",
        numerator="what serving residents cost",
        denominator="those contacts and chats",
        unit="pounds",
        better="lower",
        source=f"GOV.UK: cost per transaction. {_SOURCE}",
        caveat=f"Always a range. {_OLD}",
        measures=(ARRIVED, CHAT),
        figure=cost_each,
        by_channel=True,
    ),
    Definition(
        id="cost_as_calls",
        name="What chats that the assistant settled would have cost more as calls",
        sentence="Every chat that the assistant settled, and whose resident did not come back within 14 days, times "
        "what a call costs more than such a chat.",
        numerator="those chats times the least and the most that a call costs more",
        denominator="none: a sum in pounds",
        unit="pounds",
        better="neither",
        source=_SOURCE,
        caveat=f"No saving, and never to be called one: nobody knows how many would have phoned. {_OLD}",
        measures=(CHAT,),
        figure=cost_as_calls,
        by_channel=True,
        settles_after_days=14,
        side_by=("service", "partner"),
    ),
)
