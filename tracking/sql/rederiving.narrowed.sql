-- The persons' rows as they are published, of the days that can differ.
create temp table few_{table} as
select * from recent_{table} semi join affected using (person_id)
