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
),

-- The session that an event lies in is the person's last one to start before it, unless that one had ended.
seated as (
  select
    persons.*,
    case when persons.time <= visits.ended_at then visits.session_id end as session_id
  from persons
  asof left join visits
    on persons.source_id = visits.source_id
    and persons.person_id = visits.person_id
    and persons.time >= visits.started_at
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
  counted.event_id,
  counted.source_id,
  counted.person_id,
  counted.session_id,
  counted.time,
  counted.sequence,
  days.day,
  case $value_rule
    when 'fixed' then $value_micros::bigint
    when 'event' then coalesce(counted.value_micros, 0)
    else 0
  end as value_micros,
  coalesce(refunds.refund_micros, 0) as refund_micros,
  case $value_rule
    when 'fixed' then $currency::varchar
    when 'event' then counted.currency
  end as currency,
  counted.transaction_id
from counted
join days on counted.time >= days.since and counted.time < days.until
left join refunds
  on counted.source_id = refunds.source_id
  and counted.transaction_id = refunds.transaction_id
  and counted.currency is not distinct from refunds.currency  -- two currencies are never added
where counted.time >= $since
order by counted.time, counted.sequence, counted.event_id
