-- The days on which the persons have other rows than are published; both tables have their columns in one order.
select distinct day
from (
    (select * from new_{table} except select * from few_{table} where day >= $since)
    union all
    (select * from few_{table} where day >= $since except select * from new_{table})
)
order by day
