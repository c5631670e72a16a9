-- Everything that is a step of paths in the days that are read, numbered; reports.flows.nodes puts in what a step is.
-- `raw` is what flows.hits.sql gives of an event: a number is read and sorted in a fifth of the time of its text, and no
-- text but those that are shown leaves the engine. Pages that are taken together have the number of their folder.
create temporary table things as
with done as (
  select distinct {kind} as kind, {name} as name
  from events
  where not refund and time >= $since and day >= $since_day and time < $until and day <= $until_day
    and {is_step}
),

rolled as (
  select hash(kind, name) as raw, kind, {rolled} as name
  from done
)

select raw, kind, name, dense_rank() over (order by kind, name) - 1 as node
from rolled
