-- Of those who did the micro goal, by their first time that can be followed for the days: how many reached the macro
-- goal strictly after it.
with firsts as (
  select person_id, min(time) as time
  from micro
  group by person_id
  having min(time) < $followable_until
)

select count(*) as persons, count(*) filter (where exists (
  select 1 from macro
  where macro.person_id = firsts.person_id
    and macro.time > firsts.time and macro.time <= firsts.time + to_days($follow_days::integer)
)) as followed
from firsts
