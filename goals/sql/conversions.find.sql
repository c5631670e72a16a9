-- The conversions of goals on the days given, with their values; conversions.counted.sql says which they are. Those at
-- places up to $through alone: sorting the rows of all of them would take more than the engine may hold.
with refunds as (
  select source_id, transaction_id, currency, sum(value_micros)::bigint as refund_micros
  from events
  where refund and transaction_id is not null and $are_valued
  group by all
)

select
  once.goal,
  once.event_id,
  once.source_id,
  once.person_id,
  counted.session_id,
  counted.session_day,
  once.time,
  once.sequence,
  days.day,
  case goals.value_rule
    when 'fixed' then goals.value_micros
    when 'event' then coalesce(once.value_micros, 0)
    else 0
  end as value_micros,
  coalesce(refunds.refund_micros, 0) as refund_micros,
  case goals.value_rule
    when 'fixed' then goals.currency
    when 'event' then once.currency
  end as currency,
  once.transaction_id
from counted
join once using (place)
join goals using (goal)
-- By the UTC day first, which at most three local days share: comparing times alone would sort all that was counted.
join days on once.utc_day = days.utc_day and once.time >= days.since and once.time < days.until
left join refunds
  on goals.value_rule = 'event'
  and once.source_id = refunds.source_id
  and once.transaction_id = refunds.transaction_id
  and once.currency is not distinct from refunds.currency  -- two currencies are never added
where once.time >= $since and once.place > $after and once.place <= $through
order by once.goal, once.place
