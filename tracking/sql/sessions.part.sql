-- The marked events of the sessions that started in [$since, $until), of one share of the persons. A number of another
-- type than the hash's own would make it one of 128 bits, which is divided ten times as slowly.
create or replace temp table part as
select * from marked
where started_at >= $since and started_at < $until
  and ($shares = 1 or hash(person_id) % $shares::ubigint = $share::ubigint)
