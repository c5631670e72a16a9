-- The events of other visitors that are of a transaction of theirs, which can be on $days alone: which was first, and what
-- came back of it.
insert into few_events
select {columns}
from events
semi join (
    select distinct source_id, transaction_id from few_events where transaction_id is not null
) as shared using (source_id, transaction_id)
anti join theirs using (visitor_id)
where transaction_id is not null and list_contains($days::date[], day)
