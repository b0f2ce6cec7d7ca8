"""Five years of facts for measuring: 50 million contacts and 10 million answers, invented by rule; no resident's."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from triage.metrics.counting.measures import BINS, CHAT_ENDS

CHANNELS = {"chat": 0.3, "web": 0.25, "phone": 0.35, "email": 0.1}
REASONS = ("chasing", "repeat", "unclear_letter", "wrong_place", "online")
LANGUAGES = {"pl": 0.02, "ro": 0.02, "fa": 0.015, "so": 0.01, "tr": 0.01, "gu": 0.005}
ENDS = {"done": 0.55, "answered": 0.2, "passed_on": 0.1, "no_reply": 0.05, "settled": 0.08, "abandoned": 0.02}
NEEDS = {"any": 0.12, "older": 0.05, "child": 0.04, "disabled": 0.03, "illness": 0.02, "no money": 0.02}
# Of so many wards, a third of all contacts are about a place that is known; nobody's are the same size.
WARDS, WITH_WARD = 24, 0.33
# What is counted for groups of people as well.
OF_GROUPS = ("satisfaction", "got_it", "closed", "clock")

# How many of each level come of one contact that arrives. Ten million answers of 50 million contacts: one in five.
_SPREAD = (0.01, 0.01, 0.02, 0.03, 0.03, 0.06, 0.08, 0.1, 0.1, 0.1, 0.16, 0.1, 0.08, 0.06, 0.04, 0.015, 0.004, 0.001)


def rates() -> list[dict[str, Any]]:
    """(measure, level, how many of a contact), as rows."""
    found: dict[tuple[str, str], float] = {("closed", "stayed"): 0.89, ("closed", "came_back"): 0.08}
    found |= {("arrived", "needed"): 0.75} | {("arrived", reason): 0.25 / len(REASONS) for reason in REASONS}
    found |= {
        ("satisfaction", str(level)): 0.2 * part
        for level, part in zip((1, 2, 3, 4, 5), (0.1, 0.08, 0.12, 0.3, 0.4), strict=True)
    }
    found |= {
        ("rated", f"{end}:{level}"): 0.2 * of_end * part
        for end, of_end in ENDS.items()
        for level, part in zip((1, 2, 3, 4, 5), (0.1, 0.08, 0.12, 0.3, 0.4), strict=True)
    }
    found |= {("ended", end): of_end for end, of_end in ENDS.items()}
    found |= {("got_it", level): 0.18 * part for level, part in (("yes", 0.7), ("partly", 0.15), ("no", 0.15))}
    found |= {
        ("invited", "unopened"): 0.3,
        ("invited", "opened"): 0.1,
        ("invited", "answered"): 0.2,
        ("answered", ""): 0.2,
    }
    for measure, each in (("settle_time", 0.97), ("first_time", 0.97), ("danger_time", 0.002)):
        found |= {(measure, level): each * part for level, part in zip(BINS, _SPREAD, strict=True)}
    for kind in ("first", "settle"):
        found |= {("clock", f"{kind}:within"): 0.85, ("clock", f"{kind}:late"): 0.12}
    found |= {("sorted", "right"): 0.85, ("sorted", "wrong"): 0.06, ("sorted", "held"): 0.06}
    found |= {("chat", end): 2.0 / len(CHAT_ENDS) for end in CHAT_ENDS}
    return [{"measure": measure, "level": level, "rate": rate} for (measure, level), rate in found.items()]


def services() -> list[dict[str, Any]]:
    """Every service of the council with its queue, its partner and its part of all contacts: the n-th has 1/n."""
    from triage.catalogue import catalogue

    known = catalogue()
    whole = sum(1 / place for place in range(1, len(known.services) + 1))
    return [
        {
            "service": service.id,
            "queue": known.queue(service.queue),
            "partner": known.partner_id(known.queue(service.queue), date(2026, 6, 1)) or "",
            "part": 1 / place / whole,
        }
        for place, service in enumerate(known.services.values(), 1)
    ]


_FILL = """
with made as (
    select day::date, rate.measure, rate.level, service.service,
        -- Wards are counted by service alone (triage/metrics/counting/sql.py).
        case people.dimension when 'ward' then '' else service.queue end as queue,
        case people.dimension when 'ward' then '' else service.partner end as partner,
        case people.dimension when 'ward' then '' else channel.name end as channel, people.dimension, people.member,
        -- Rounded up or down by chance, so that what is rare is not lost, and weekends are quiet.
        floor(%(a_day)s * service.part * people.part * rate.rate
            * case people.dimension when 'ward' then 1 else channel.part end
            * case when extract(isodow from day) > 5 then 0.5 else 1.2 end + random())::int as n
    from generate_series(%(start)s::date, %(end)s::date, interval '1 day') day
    cross join jsonb_to_recordset(%(services)s) as service(service text, queue text, partner text, part float)
    cross join jsonb_to_recordset(%(people)s) as people(dimension text, member text, part float)
    join jsonb_to_recordset(%(channels)s) as channel(name text, part float)
        on people.dimension <> 'ward' or channel.name = 'web'
    join jsonb_to_recordset(%(rates)s) as rate(measure text, level text, rate float)
        on (people.dimension = '' or rate.measure = any(%(of_groups)s))
        and (rate.measure <> 'chat' or channel.name = 'chat')
),
groups as (
    select day, measure, service, queue, partner, channel, dimension, member, sum(n) as n,
        case when bool_or(level <> '') then jsonb_object_agg(level, n) end as levels
    from made where n > 0 group by 1, 2, 3, 4, 5, 6, 7, 8
)
insert into fact (day, measure, level, service, queue, partner, channel, dimension, member, source, count, levels)
select day, measure, '', service, queue, partner, channel, '', '', 'live', n, levels from groups where dimension = ''
union all
select day, measure, '', service, queue, partner, channel, dimension, '', 'live', sum(n),
    jsonb_object_agg(member, levels)
from groups where dimension <> '' group by day, measure, service, queue, partner, channel, dimension
"""


def fill(url: str, contacts: int, start: date, end: date) -> None:
    """Store the facts of so many contacts from `start` to `end`, a month at a time, as the days would have been."""
    import psycopg

    people = [{"dimension": "", "member": "", "part": 1.0}]
    people += [{"dimension": "language", "member": member, "part": part} for member, part in LANGUAGES.items()]
    whole = sum(range(1, WARDS + 1))
    people += [
        {"dimension": "ward", "member": f"Ward {place}", "part": WITH_WARD * place / whole}
        for place in range(1, WARDS + 1)
    ]
    people += [{"dimension": "need", "member": member, "part": part} for member, part in NEEDS.items()]
    given = {
        "a_day": contacts / ((end - start).days + 1),
        "services": json.dumps(services()),
        "channels": json.dumps([{"name": name, "part": part} for name, part in CHANNELS.items()]),
        "people": json.dumps(people),
        "rates": json.dumps(rates()),
        "of_groups": list(OF_GROUPS),
    }
    with psycopg.connect(url, autocommit=True) as link:
        month = start
        while month <= end:
            after = (month + timedelta(days=32)).replace(day=1)
            link.execute(_FILL, given | {"start": month, "end": min(after - timedelta(days=1), end)})
            month = after
        link.execute("vacuum analyze fact")
        link.execute("vacuum analyze fact_month")
        link.execute("vacuum analyze fact_total")
