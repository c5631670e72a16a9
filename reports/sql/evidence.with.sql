-- Of each stratum those who did the micro goal before their landmark.
select stratum, count(*) as persons, count(*) filter (where has_reached) as reached
from cohort
where exists (
  select 1 from micro where micro.person_id = cohort.person_id and micro.time >= entry and micro.time < landmark
)
group by stratum
order by stratum
