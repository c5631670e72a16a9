-- How many events of the range meet the definition, each other goal's rules, and both: what the two have in common.
-- goals.backtest puts the rules in, as conditions with bound values, and a line of counts for each goal.
with judged as (
  select coalesce({mine}, false) as mine{others}
  from events
  -- `day`, the lake's partition, is the UTC day of the time and spares reading files.
  where not refund and time >= $since and day >= $since_day and time < $until and day <= $until_day
)

select count(*) filter (where mine) as mine{counts}
from judged
