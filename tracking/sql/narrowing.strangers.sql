-- The days with events of others' that may be of a transaction of theirs: there are more of its number than are theirs.
with theirs_by_day as (
    select day, hash(transaction_id) as number, count(*) as events
    from few_events
    where transaction_id is not null
    group by all
), all_by_day as (
    select day, number, count(*) as events
    from orders_by_day
    where number in (select number from theirs_by_day)
    group by all
)
select distinct day
from all_by_day
left join theirs_by_day using (day, number)
where all_by_day.events > coalesce(theirs_by_day.events, 0)
