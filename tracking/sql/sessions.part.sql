-- The marked events of the sessions that started in [$since, $until).
create or replace temp table part as
select * from marked where started_at >= $since and started_at < $until
