-- Which transactions have events on which days: of all events their ids alone are read, which takes a third of what reading
-- whose they are does, and a number is kept of each. Two ids of one number are days too many that are looked at, no more.
create or replace temp table orders_by_day as
select day, hash(transaction_id) as number from events where transaction_id is not null
