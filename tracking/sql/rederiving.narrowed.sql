-- The persons' rows as they are published.
create temp table few_{table} as
select * from {table} semi join affected using (person_id)
