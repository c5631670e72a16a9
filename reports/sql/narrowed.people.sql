-- Whose the events of their visitors are.
create temp table few_{table} as
select * from {table} semi join theirs using (visitor_id)
