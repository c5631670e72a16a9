-- The persons' rows as they are published, from the first day on that can differ.
create temp table few_{table} as
select * from {table} semi join affected using (person_id)
where day >= $since
