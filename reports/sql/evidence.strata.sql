-- The persons of each stratum, and those of them who reached the macro goal.
select stratum, count(*) as persons, count(*) filter (where has_reached) as reached
from cohort
group by stratum
order by stratum
