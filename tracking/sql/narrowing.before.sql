-- The visitors' events of the state before: without those that came since, and with those that went.
create temp table few_gone as
select {columns}
from gone
semi join went using (source_id, event_id)
semi join theirs using (visitor_id);

create temp view few_events_before as
from few_events anti join came using (source_id, event_id)
union all by name
from few_gone
