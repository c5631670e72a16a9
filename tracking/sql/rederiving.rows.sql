-- The days that differ: the persons' new rows, and everybody else's as they are published.
select *
from (
    select * from all_{table} semi join differing using (day) anti join affected using (person_id)
    union all by name
    select * from new_{table} semi join differing using (day)
)
order by {order}
