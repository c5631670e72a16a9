-- Their earlier sessions: who has been there, and which go on. Nothing else is asked of these.
insert into few_sessions by name
select day, source_id, person_id, session_id, started_at, ended_at
from earlier_sessions semi join affected using (person_id)
