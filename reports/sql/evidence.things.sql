-- The things that enough persons had, the most frequent first, by stratum.
with frequent as (
  select thing, count(*) as persons, row_number() over (order by count(*) desc, thing) as place
  from done
  group by thing
  having count(*) >= $least
  order by place
  limit $most
)

select place, thing, stratum, count(*) as persons, count(*) filter (where has_reached) as reached
from frequent
join done using (thing)
join cohort using (person_id)
group by place, thing, stratum
order by place, stratum
