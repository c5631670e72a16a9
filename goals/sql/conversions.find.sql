-- The conversions of one goal on the days given. `once` holds the events that meet its rules (conversions.once.sql);
-- goals.counting puts in what the goal's counting makes of them, from a list there: `persons` for countings by person,
-- so that sessions are looked up for what is left, and `counted` for the one by session.
with persons as (
  {persons}
),

visits as (
  select source_id, person_id, session_id, started_at, ended_at
  from sessions
  where ended_at >= $reach and started_at < $until
    -- The join below sorts what it is given: of a million sessions, those of the persons in question alone.
    and person_id in (select person_id from once)
),

-- The session that an event lies in is the person's last one to start before it, unless that one had ended. Numbers go
-- through the join in place of whole rows: it sorts what it is given, and on the disk where that is too much.
seated as (
  select lines.place, lines.source_id, case when lines.time <= visits.ended_at then visits.session_id end as session_id
  from (select place, source_id, person_id, time from persons) as lines
  asof left join visits
    on lines.source_id = visits.source_id
    and lines.person_id = visits.person_id
    and lines.time >= visits.started_at
),

counted as (
  {counted}
),

refunds as (
  select source_id, transaction_id, currency, sum(value_micros)::bigint as refund_micros
  from events
  where refund and transaction_id is not null and $value_rule = 'event'
  group by all
)

select
  once.event_id,
  once.source_id,
  once.person_id,
  counted.session_id,
  once.time,
  once.sequence,
  days.day,
  case $value_rule
    when 'fixed' then $value_micros::bigint
    when 'event' then coalesce(once.value_micros, 0)
    else 0
  end as value_micros,
  coalesce(refunds.refund_micros, 0) as refund_micros,
  case $value_rule
    when 'fixed' then $currency::varchar
    when 'event' then once.currency
  end as currency,
  once.transaction_id
from counted
join once using (place)
-- By the UTC day first, which at most three local days share: comparing times alone would sort all that was counted.
join days on once.utc_day = days.utc_day and once.time >= days.since and once.time < days.until
left join refunds
  on once.source_id = refunds.source_id
  and once.transaction_id = refunds.transaction_id
  and once.currency is not distinct from refunds.currency  -- two currencies are never added
where once.time >= $since
order by once.place
