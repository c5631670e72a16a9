-- The different values of a dimension, which are then one type: rows hold a small number in the place of each text.
create temporary table {name} as
select distinct {value} as value
from events
where day >= $first_day and day <= $last_day and not list_contains($not_counted, name)
