-- The events that meet goals' rules, a row for each goal, and each transaction once for a goal; kept as a table of the
-- connection, because the engine knows how many rows a table has. Of a filtered file it guesses "one", and then joins
-- sessions row by row, for minutes.
--
-- goals.counting puts the rules in, as conditions with bound values: nothing that people wrote is in this text. No event
-- before $reach can matter, except one that had a transaction first. `day`, the lake's partition, is the UTC day of the
-- time and spares reading files.
create or replace temporary table once as
with matching as (
  select
    {goal}::integer as goal,
    source_id,
    person_id,
    time,
    day as utc_day,
    transaction_id,
    {columns}
  from {events}
  where not refund and time >= $reach and day >= $reach_day and time < $until and day <= $until_day and {meets}
),

-- A transaction counts once in its source's life, and before any other counting: otherwise a second page load of the
-- receipt could become "the person's first".
earlier as (
  select distinct {goal}::integer as goal, source_id, transaction_id
  from events
  where not refund and time < $reach and day <= $reach_day
    and transaction_id in (select transaction_id from matching where transaction_id is not null)
    and {rules}
)

select {kept}, row_number() over () as place  -- in the order given below: the first of any rows has the smallest
from (
  select * from matching where transaction_id is null
  union all
  select matching.* from matching anti join earlier using (goal, source_id, transaction_id)
  where transaction_id is not null
  qualify row_number() over (partition by goal, source_id, transaction_id order by time, event_id) = 1
  {ordered}
)
