-- What is asked of the strangers' events; $days are the days that these are on.
insert into few_events
select {columns}
from events
semi join strangers using (day, source_id, event_id)
where list_contains($days::date[], day)
