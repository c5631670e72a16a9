-- Orders on a person's events that no event of somebody else carries; visitors of a day (d.) and servers name nobody.
select source_id, transaction_id
from events
where transaction_id in (select transaction_id from events where transaction_id is not null and {theirs})
group by source_id, transaction_id
having bool_or({theirs})
    and bool_and({theirs} or (user_id is null and starts_with(visitor_id, 'd.')))
