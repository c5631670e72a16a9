-- The events of other visitors that are of a transaction of theirs: which was first, and what came back of it.
create temp table strangers as
select day, source_id, event_id
from events
semi join (
    select distinct source_id, transaction_id from few_events where transaction_id is not null
) as shared using (source_id, transaction_id)
anti join theirs using (visitor_id)
where transaction_id is not null
