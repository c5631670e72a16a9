-- The marked events of the sessions that started in [$since, $until), of one share of the persons.
create or replace temp table part as
select * from marked where started_at >= $since and started_at < $until and hash(person_id) % $shares = $share
