-- The transactions that their events are of.
create temp table shared as
select distinct source_id, transaction_id from few_events where transaction_id is not null
