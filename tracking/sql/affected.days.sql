-- The days with events of transactions that changed, or of another source's of the same id.
select distinct day
from orders_by_day
where number in (select hash(transaction_id) from changed where transaction_id is not null)
