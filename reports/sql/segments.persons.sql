-- The persons of a segment, as numbers. Everybody was there before the day that it is as of; each part of the segment is
-- the persons of whom something is found. reports.segments.persons puts the parts in, with bound values.
create or replace temporary table {name} as
with everybody as (
  select hash(person_id) as person, min(started_at) as first_at
  from sessions
  where started_at < $until
  group by person_id
){parts}

select person
from everybody
where {holds}
