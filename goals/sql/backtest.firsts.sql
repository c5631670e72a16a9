-- When each person did the proposed first.
create or replace temporary table firsts as
select person_id, min(time) as first_time
from mine
group by person_id
