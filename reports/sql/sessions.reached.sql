-- Sessions that reached the goal, by the local day they began on.
select sessions.day, count(*) as sessions
from sessions
join reached using (source_id, session_id)
group by sessions.day
