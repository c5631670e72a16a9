-- The days with events of transactions that changed, or of another source's of the same id: of all events these ids
-- alone are read, which takes a third of what reading whose they are does.
select distinct day
from events
semi join (select transaction_id from changed where transaction_id is not null) as orders using (transaction_id)
where transaction_id is not null
