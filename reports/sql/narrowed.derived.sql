-- The persons' sessions or touches.
create temp table few_{table} as
select {columns} from {table} semi join affected using (person_id)
