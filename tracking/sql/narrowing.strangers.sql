-- The events of other visitors that are of one of these transactions: which was first, and what came back of it.
insert into few_events
select {columns}
from events
semi join shared using (source_id, transaction_id)
anti join theirs using (visitor_id)
