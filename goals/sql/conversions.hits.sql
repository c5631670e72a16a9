-- The events of the range that meet any of several goals' rules, so that the files are read once for all of them; each
-- goal then asks its own rules of these. goals.counting puts in the rules and the columns that they ask about.
create or replace temporary table hits as
select {columns}
from person_events
where not refund and time >= $reach and day >= $reach_day and time < $until and day <= $until_day and ({rules})
