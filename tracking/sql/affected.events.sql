-- The events that only one of the two states has. An event never changes: one that is in a file of each, because its
-- day was written again for the sake of others, is the same in both.
create or replace temp table came as
select source_id, event_id, visitor_id, transaction_id from come anti join gone using (source_id, event_id);

create or replace temp table went as
select source_id, event_id, visitor_id, transaction_id from gone anti join come using (source_id, event_id);

create or replace temp table changed as
select visitor_id, source_id, transaction_id from came
union
select visitor_id, source_id, transaction_id from went
