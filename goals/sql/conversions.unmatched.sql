-- Refunds that match nothing: listed, so that they are mended or explained, and never dropped in silence.
with transactions as (
  select distinct source_id, transaction_id, currency
  from events
  where not refund and transaction_id is not null
)

select
  events.event_id,
  events.source_id,
  events.time,
  days.day,
  events.value_micros,
  events.currency,
  events.transaction_id
from events
asof join days on events.time >= days.since
anti join transactions
  on events.source_id = transactions.source_id
  and events.transaction_id = transactions.transaction_id
  and events.currency is not distinct from transactions.currency
where events.refund and events.time < days.until
order by events.time, events.event_id
