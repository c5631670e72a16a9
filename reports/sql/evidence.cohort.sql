-- Those who had not reached the macro goal by their landmark, and whether they did in the days after it. Who reached it
-- earlier is left out with and without the micro goal alike: nobody's group is decided by time that nobody else had.
create or replace temporary table cohort as
with outcomes as (
  select
    person_id,
    bool_or(time < landmark) as is_early,
    bool_or(time >= landmark) as has_reached
  from macro
  join entered using (person_id)
  where time >= entry and time < followed_until
  group by person_id
)

select person_id, entry, landmark, stratum, coalesce(has_reached, false) as has_reached
from entered
left join outcomes using (person_id)
where not coalesce(is_early, false)
