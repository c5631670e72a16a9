-- When the persons who lose events were first seen, in what is published. All their events are in sessions or touches.
select min(seen) as first
from (
    select min(started_at) as seen from sessions where person_id in (select person_id from moved)
    union all
    select min(time) as seen from touches where person_id in (select person_id from moved)
)
