-- The days that differ: everybody else's rows as they are published, and the persons' new ones.
select *
from (
    select * from differing_{table} anti join affected using (person_id)
    union all by name
    select * from new_{table} where list_contains($days::date[], day)
)
order by {order}
