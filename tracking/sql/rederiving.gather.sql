-- What was derived of the persons.
insert into new_{table} by name
select * from arriving_rows semi join affected using (person_id)
