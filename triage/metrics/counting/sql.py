# ruff: noqa: S608 (every part of these statements is a constant of this file or of measures.py)
"""The SQL that counts a day of each subject: (measure, level, service, queue, partner, channel, dimension, member).

Wards are counted by service alone, without queue, partner and channel, because they are shown so and in no other way
(docs/decisions/2026-11-27-groups-of-people.md): by all of them they would be more rows than everything else together.

Every statement is given `start` and `end`, the day's first moment and the next day's; `run_by`, who runs each queue on
that day; and what avoidable.py adds. Whoever is a demonstration is left out here and nowhere else.
"""

from triage.contacts import (
    BEFORE,
    BY_POSTCODE,
    DANGER_SEEN,
    OURS_BY_POSTCODE,
    OURS_BY_PROPERTY,
    WARD,
    WHOSE,
)
from triage.metrics.counting.measures import BACK_WITHIN_DAYS, LONGEST_SITTING_H, SHORTEST_CHAT_S, Subject
from triage.ringing import CHANNEL, KIND, PHONE
from triage.tables.contact_clock import FIRST, SETTLE

# Besides everybody, each group that its person belongs to. Someone with two needs is in both, and once in "any". The
# ward is that of the place which a contact is about, only where looking it up was certain: a property of ours, or a
# postcode of ours that is not by the border.
_GROUPS = f"""
    cross join lateral (
        select '' as dimension, '' as member
        union all select 'language', contact.language where contact.language is not null
        union all select 'need', 'any' where coalesce(contact.vulnerable, '[]') <> '[]'
        union all select distinct 'need', each.value
            from jsonb_array_elements_text(coalesce(contact.vulnerable, '[]')) each(value)
        union all select 'ward', regexp_replace(contact.details ->> '{WARD}', '{BY_POSTCODE}$', '')
            where contact.details ->> '{WHOSE}' in ('{OURS_BY_PROPERTY}', '{OURS_BY_POSTCODE}')
                and contact.details ->> '{WARD}' <> ''
    ) people
"""


def _bin(end: str, start: str = "contact.arrived_at") -> str:
    """The bin of the time from `start`, a contact's arrival, to `end`."""
    took = f"extract(epoch from {end} - {start}) / 60"
    return f"(cast(:bins as text[]))[1 + width_bucket({took}, cast(:minutes as numeric[]))]"


_PARTNER = "coalesce(contact.partner, cast(:run_by as jsonb) ->> contact.queue)"


def same(column: str) -> str:
    """An address as triage/telling.py compares it, however it was typed; the index ix_contact_reply_same has it so."""
    return rf"regexp_replace(regexp_replace(lower({column}), '[\s-]', '', 'g'), '\+?44\(?0?\)?7', '07', 'g')"


# The same resident with the same need: they gave the same address, or it is the same chat. (What sorting says is not
# enough: of what stands in a street it names other people's reports too.) Offset 0 holds each look-up to the one index
# that finds a resident's few contacts. Without it the index of moments was read for each contact of the day, and a day
# of 27,000 took half a minute.
def _later(theirs: str) -> str:
    return f"""exists (
        select from (select * from contact each where {theirs} offset 0) later
        where later.service = contact.service and not later.demo and later.id <> contact.id
            and later.arrived_at > line.at and later.arrived_at <= line.at + interval '{BACK_WITHIN_DAYS} days'
    )"""


_SAME = (
    _later(f"{same('each.reply_to')} = {same('contact.reply_to')}")
    + " or "
    + _later("each.conversation_id = contact.conversation_id")
)

# What was held when somebody was erased stands (counting/holding.py); else the record says.
SAME_AGAIN = f"coalesce((contact.held ->> 'came_back')::boolean, {_SAME})"
# The same resident's earlier contact, beside which avoidable.py looks for its signs.
EARLIER = f"""left join contact earlier on earlier.id = contact.repeat_of
    and ({same("earlier.reply_to")} = {same("contact.reply_to")}
        or earlier.conversation_id = contact.conversation_id)"""

# How it ended, for weights: of a contact the reason with which a person closed it, of a chat how its case says it did.
_OUTCOME = "coalesce(case when survey_case.kind = 'contact' then contact.close_reason end, survey_case.ending, '')"

_ANSWERS = f"""
    with said as (
        select answer.*, invite.service, invite.queue, invite.channel, dimension, member, {_OUTCOME} as outcome,
            coalesce(survey_case.partner, contact.partner, cast(:run_by as jsonb) ->> invite.queue) as partner
        from answer join invite on invite.id = answer.invite_id
        left join survey_case on survey_case.id = invite.case_id
        left join contact on contact.id = invite.contact_id
        {_GROUPS}
        where not invite.demo and answer.excluded is null
            and answer.answered_at >= :start and answer.answered_at < :end
    )
    select 'satisfaction' as measure, satisfaction::text as level, service, queue, partner, channel, dimension, member
        from said where satisfaction is not null
    union all select 'rated', outcome || ':' || satisfaction, service, queue, partner, channel, '', ''
        from said where satisfaction is not null and dimension = ''
    union all select 'got_it', got_it, service, queue, partner, channel, dimension, member
        from said where got_it is not null
    union all select 'effort', effort::text, service, queue, partner, channel, '', ''
        from said where effort is not null and dimension = ''
    union all select 'taken_seriously', taken_seriously, service, queue, partner, channel, '', ''
        from said where taken_seriously is not null and dimension = ''
    union all select 'clear_next_step', clear_next_step, service, queue, partner, channel, '', ''
        from said where clear_next_step is not null and dimension = ''
    union all select 'version', version, service, queue, partner, channel, '', '' from said where dimension = ''
"""

# How far a case came, and why no further: "sampled:no_way_to_ask". Each case is counted once, at its furthest.
# A chat and the contact that came of it have a case each, and are one need: its resident could be asked once. They are
# counted by the chat if they were asked there, else by the contact; the other of the two is out. (Who is drawn is drawn
# for both, and how a chat ended says whether a contact came of it: surveys/rules.py.) Whoever answers on their
# contact's own page was not asked: the question is there for everybody, and how many saw it and went on nobody knows.
_INVITES = f"""
    with cases as not materialized (
        select survey_case.*, {_OUTCOME} as outcome,
            coalesce(survey_case.partner, cast(:run_by as jsonb) ->> survey_case.queue) as held,
            invited_by is not distinct from 'page' as unasked,
            case
                when not eligible or invited_at is not null then null
                when kind = 'conversation' and ending in ('message_left', 'closed') then 'asked_later'
                when exists (
                    select from survey_case talk
                    where talk.conversation_id = contact.conversation_id and talk.invited_at is not null
                ) then 'asked_in_chat'
            end as asked_there
        from survey_case left join contact on contact.id = survey_case.contact_id
        where not survey_case.demo
    )
    select 'survey' as measure,
        case
            when asked_there is not null then 'out:' || asked_there
            when unasked and answered_at is not null and why_not is null then 'page'
            when unasked then 'page:' || coalesce(why_not, 'waiting')
            when answered_at is not null and why_not is null then 'answered'
            when answered_at is not null then 'excluded:' || why_not
            when opened_at is not null then 'opened:' || coalesce(why_not, 'waiting')
            when invited_at is not null then 'invited:' || coalesce(why_not, 'waiting')
            when not eligible then 'out:' || coalesce(why_not, '')
            when not sampled then 'eligible:not_sampled'
            else 'sampled:' || coalesce(why_not, 'waiting')
        end as level,
        service, queue, held as partner, channel, '' as dimension, '' as member
        from cases where ended_at >= :start and ended_at < :end
    union all select 'invited',
        case when answered_at is not null then 'answered' when opened_at is not null then 'opened' else 'unopened' end,
        service, queue, held, channel, '', '' from cases
        where invited_at >= :start and invited_at < :end and not unasked
    union all select 'answered', '', service, queue, held, channel, '', '' from cases
        where invited_at >= :start and invited_at < :end and answered_at is not null and why_not is null and not unasked
    union all select 'ended', outcome, service, queue, held, channel, '', '' from cases
        where ended_at >= :start and ended_at < :end and eligible and asked_there is null
"""

_OUTCOMES = """
    select 'outcome' as measure,
        case when settled then 'yes' when not settled then 'no' else 'no_answer' end as level,
        service, queue, coalesce(partner, cast(:run_by as jsonb) ->> queue) as partner, channel,
        '' as dimension, '' as member
    from outcome_check where not demo and asked_at is not null and closed_at >= :start and closed_at < :end
        and why_not is distinct from 'staff'
"""

# A line of a person at the desk; what is given to one automatically, nobody has looked at yet.
_PERSON = "each.agent_id is not null and each.detail ->> 'assigned' is distinct from 'automatic'"

# A call about a contact that its caller has already is a contact of its own to whoever answers the phone, though it
# makes no new row: it is counted as one, of the channel phone, on the day of the call (ringing.py).
# Somebody in danger waits from when it was seen: when the contact arrived, or when what came later told of it. Who
# tells of it again while they wait, waits once.
# A contact that was made part of another is that one's: that it was is no closing and no answer of its own. What had
# been done before counts. Each closing is of its own day, whatever comes after it: a resident who is not content opens
# the contact again. Of several the first is the one by which it was settled at once or not; whoever held it then is
# named by its line (closing.py), because another may hold it since. The first answer is the first that anybody gave:
# the clock that it met keeps it, and who gave it, when the contact goes to another partner or is opened again.
_CONTACTS = f"""
    with arrived as (
        select contact.service, contact.queue, {_PARTNER} as partner, contact.channel,
            coalesce(contact.held ->> 'avoidable', {{avoidable}}) as avoidable, contact.closed_at is null as open
        from contact
        {EARLIER}
        where not contact.demo and contact.arrived_at >= :start and contact.arrived_at < :end
        union all select contact.service, contact.queue, {_PARTNER}, '{PHONE}', {{calls}}, false
        from contact_history line join contact on contact.id = line.contact_id
        where line.what in ('added', 'reopened') and line.detail ->> '{CHANNEL}' = '{PHONE}'
            and jsonb_exists(line.detail, '{KIND}')
            and line.at >= :start and line.at < :end and not contact.demo
    ),
    seen as (
        select contact.id, contact.arrived_at as at from contact
        where not contact.demo and contact.danger is not null
            and contact.arrived_at >= :start and contact.arrived_at < :end
            and not exists (
                select from contact_history line where line.contact_id = contact.id and line.what = '{DANGER_SEEN}'
                    and line.detail ->> '{BEFORE}' is null
            )
        union all select contact.id, line.at
        from contact_history line join contact on contact.id = line.contact_id
        cross join lateral (
            select coalesce(
                max(each.at), case when line.detail ->> '{BEFORE}' is not null then contact.arrived_at end
            ) as at
            from contact_history each
            where each.contact_id = contact.id and each.what = '{DANGER_SEEN}' and each.at < line.at
        ) earlier
        where line.what = '{DANGER_SEEN}' and line.at >= :start and line.at < :end
            and line.agent_id is null and not contact.demo
            and (earlier.at is null or exists (
                select from contact_history each where each.contact_id = contact.id and {_PERSON}
                    and each.at >= earlier.at and each.at < line.at
            ))
    ),
    danger as (
        select contact.service, contact.queue, {_PARTNER} as partner, contact.channel,
            coalesce({_bin("came.at", "seen.at")}, 'not_yet') as danger_time
        from seen join contact on contact.id = seen.id
        cross join lateral (
            select min(each.at) as at from contact_history each
            where each.contact_id = contact.id and {_PERSON} and each.at >= seen.at
        ) came
    ),
    closed as (
        select contact.service, coalesce(line.detail ->> 'queue', contact.queue) as queue,
            coalesce(line.detail ->> 'partner', {_PARTNER}) as partner, contact.channel, dimension, member,
            {_bin("line.at")}
                as settle_time,
            line.at = own.first_at as first, own.reopened, own.reopened or {SAME_AGAIN} as came_back
        from contact_history line join contact on contact.id = line.contact_id
        cross join lateral (
            select min(each.at) filter (where each.what = 'closed') as first_at,
                coalesce(bool_or(each.what = 'reopened' and each.at >= line.at
                    and each.at <= line.at + interval '{BACK_WITHIN_DAYS} days'), false) as reopened
            from contact_history each where each.contact_id = line.contact_id
        ) own
        {_GROUPS}
        where line.what = 'closed' and line.at >= :start and line.at < :end
            and not contact.demo and (contact.merged_into is null or line.at < contact.closed_at)
    ),
    answered as (
        select contact.service, clock.queue, coalesce(clock.partner, {_PARTNER}) as partner, contact.channel,
            {_bin("clock.met_at")}
                as first_time
        from contact_clock clock join contact on contact.id = clock.contact_id
        where clock.kind = '{FIRST}' and clock.met_at >= :start and clock.met_at < :end
            and not contact.demo and (contact.merged_into is null or clock.met_at < contact.closed_at)
            and not exists (
                select from contact_clock earlier where earlier.contact_id = clock.contact_id
                    and earlier.kind = '{FIRST}' and earlier.met_at < clock.met_at
            )
    )
    select 'arrived' as measure, coalesce(avoidable, case when open then 'open' else 'needed' end) as level,
        service, queue, partner, channel, '' as dimension, '' as member
        from arrived
    union all select 'danger_time', danger_time, service, queue, partner, channel, '', '' from danger
    union all select 'closed', case when came_back then 'came_back' else 'stayed' end, service, queue, partner, channel,
        dimension, member
        from closed where first
    union all select 'settle_time', settle_time, service, queue, partner, channel, '', '' from closed
        where dimension = '' and not reopened
    union all select 'first_time', first_time, service, queue, partner, channel, '', '' from answered
"""

# The clock's own row says who held the contact when it was due. One that was missed is missed, however it ended. What
# was met only in that the contact was made part of another was met there or not, and not here. And what was met by a
# closing that its resident took back within 14 days was not settled: the promise that began then is counted instead.
_CLOCKS = f"""
    select 'clock' as measure,
        clock.kind || ':' || case when breached_at is null then 'within' else 'late' end as level,
        contact.service, clock.queue, coalesce(clock.partner, '') as partner, contact.channel, dimension, member
    from contact_clock clock join contact on contact.id = clock.contact_id
    {_GROUPS}
    where not contact.demo and (
        (breached_at >= :start and breached_at < :end)
        or (
            breached_at is null and met_at >= :start and met_at < :end
            and (contact.merged_into is null or met_at < contact.closed_at)
            and not (
                clock.kind = '{SETTLE}' and ended_at is not null
                and ended_at <= met_at + interval '{BACK_WITHIN_DAYS} days'
            )
        )
    )
"""

# How it ended is judged once for everybody, by surveys/rules.py. A hand-over is filed without the consent that a form
# asks for (triage/chat: handover.file, tasks._filed).
_CHATS = f"""
    with chats as (
        select chat.*, survey_case.ending, chat.context ->> 'service' as service,
            exists (select from message where conversation_id = chat.id and author = 'resident') as spoke,
            exists (select from message where conversation_id = chat.id and author = 'agent') or exists (
                select from contact where conversation_id = chat.id and channel = 'chat' and not consent
            ) as person,
            (
                select min(arrived_at) from contact where conversation_id = chat.id
                    and arrived_at <= chat.started_at + interval '{BACK_WITHIN_DAYS} days'
            ) as left_at,
            (
                select answer.got_it from invite join answer on answer.invite_id = invite.id
                where invite.conversation_id = chat.id and answer.excluded is null
            ) as got_it
        from conversation chat left join survey_case on survey_case.conversation_id = chat.id
        where not chat.demo and chat.started_at >= :start and chat.started_at < :end
    )
    select 'chat' as measure,
        case
            when not spoke or ending = 'nothing_said'
                or last_at - started_at < interval '{SHORTEST_CHAT_S} seconds' then 'empty'
            when left_at >= :end and left_at >= started_at + interval '{LONGEST_SITTING_H} hours' then 'came_back'
            when person or ending = 'closed' then 'person'
            when left_at is not null or ending = 'message_left' then 'contact'
            when ending is null then 'going_on'
            when ending = 'error' then 'error'
            when ending = 'abandoned' then 'abandoned'
            when got_it = 'no' then 'said_no'
            when got_it is not null then 'said_yes'
            else 'settled'
        end as level,
        service, cast(:service_queues as jsonb) ->> service as queue,
        cast(:run_by as jsonb) ->> (cast(:service_queues as jsonb) ->> service) as partner,
        'chat' as channel, '' as dimension, '' as member
    from chats
"""

_SORTING = """
    select 'sorted' as measure, verdict as level, correction.from_service as service, from_queue as queue,
        cast(:run_by as jsonb) ->> from_queue as partner, contact.channel, '' as dimension, '' as member
    from correction join contact on contact.id = correction.contact_id
    where not contact.demo and settled_at >= :start and settled_at < :end
"""

COUNTS: dict[Subject, str] = {
    Subject.ANSWERS: _ANSWERS,
    Subject.INVITES: _INVITES,
    Subject.OUTCOMES: _OUTCOMES,
    Subject.CONTACTS: _CONTACTS,
    Subject.CLOCKS: _CLOCKS,
    Subject.CHATS: _CHATS,
    Subject.SORTING: _SORTING,
}

_OF = "measure, service, queue, partner, channel, dimension"

# One row for all levels (and all groups of a dimension). Only what differs is written, so a day on which one thing
# happened changes a row or two, and their month with them.
_RECOUNT = f"""
    with each as (
        select measure, coalesce(service, '') as service,
            case dimension when 'ward' then '' else coalesce(queue, '') end as queue,
            case dimension when 'ward' then '' else coalesce(partner, '') end as partner,
            case dimension when 'ward' then '' else channel end as channel,
            dimension, member, level, count(*)::int as n
        from ({{counted}}) counted group by 1, 2, 3, 4, 5, 6, 7, 8
    ),
    groups as (
        select {_OF}, member, sum(n) as n, case when bool_or(level <> '') then jsonb_object_agg(level, n) end as levels
        from each group by {_OF}, member
    ),
    fresh as materialized (
        select {_OF}, n as count, levels from groups where dimension = ''
        union all select {_OF}, sum(n), jsonb_object_agg(member, levels)
            from groups where dimension <> '' group by {_OF}
    ),
    gone as (
        delete from fact
        where day = :day and source = 'live' and measure = any(:measures)
            and (level, member, {_OF}) not in (select '', '', {_OF} from fresh)
    )
    insert into fact (day, source, level, member, {_OF}, count, levels)
    select :day, 'live', '', '', {_OF}, count, levels from fresh
    on conflict on constraint pk_fact do update set count = excluded.count, levels = excluded.levels
        where (fact.count, fact.levels) is distinct from (excluded.count, excluded.levels)
"""


def recount(subject: Subject, avoidable: str, calls: str) -> str:
    """The statement that counts a day of `subject` again; `avoidable` and `calls` are the cases of avoidable.py."""
    # Not str.format: the words of the record may come with braces of their own one day.
    return _RECOUNT.replace("{counted}", COUNTS[subject].replace("{avoidable}", avoidable).replace("{calls}", calls))
