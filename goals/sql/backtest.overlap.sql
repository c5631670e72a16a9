-- The persons who reached a macro goal, and those of them who had done the proposed strictly before some time of it.
with lasts as (
  select person_id, max(time) as last_time
  from ({moments})
  group by person_id
)

select count(*) as converters, count(*) filter (where firsts.first_time < lasts.last_time) as both
from lasts
left join firsts using (person_id)
