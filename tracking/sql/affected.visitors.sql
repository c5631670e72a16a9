-- The visitors whose events are somebody's that were not, or are placed with another person than before.
create or replace temp table moved as
select visitor_id from changed
union
select visitor_id
from (
    (select visitor_id, user_id, person_id from people except select visitor_id, user_id, person_id from people_before)
    union all
    (select visitor_id, user_id, person_id from people_before except select visitor_id, user_id, person_id from people)
)
