-- The days with events of others' that may be of a transaction of theirs: there are more of its id than are theirs. Of all
-- events the ids alone are read.
with theirs_by_day as (
    select day, transaction_id, count(*) as events
    from few_events
    where transaction_id is not null
    group by all
), all_by_day as (
    select day, transaction_id, count(*) as events
    from events
    semi join few_events using (transaction_id)
    where transaction_id is not null
    group by all
)
select distinct day
from all_by_day
left join theirs_by_day using (day, transaction_id)
where all_by_day.events > coalesce(theirs_by_day.events, 0)
