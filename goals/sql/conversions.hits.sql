-- The events of the range that meet any of several goals' rules, so that the files are read once for all of them. Which
-- they meet is a flag for each goal, that goals.counting puts in: what rules ask about is wider, and is not kept.
create or replace temporary table hits as
select *
from (
  select {columns}, {flags}
  from person_events
  where not refund and time >= $reach and day >= $reach_day and time < $until and day <= $until_day
    -- Said once more where all rules name their events: the engine reads less for a plain list than for the rules.
    {named}
)
where {any}
