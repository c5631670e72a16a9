-- All whose those visitors' events are or were, and all who have an event of a transaction that changed, which can be on
-- $days alone. That event's owner of before is among the first where it is another one.
with orders as (
    select distinct source_id, transaction_id from changed where transaction_id is not null
)
select visitor_id as person_id from moved
union
select person_id from people semi join moved using (visitor_id)
union
select person_id from people_before semi join moved using (visitor_id)
union
select person_id from person_events semi join orders using (source_id, transaction_id)
-- Said once more: most events are of no transaction, and of these the engine then reads nothing else.
where transaction_id is not null and list_contains($days::date[], day)
