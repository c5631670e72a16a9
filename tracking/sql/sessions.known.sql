-- The persons of the parts that are done: their next session is not their first.
insert into known
select distinct person_id from arrivals anti join known using (person_id) where opens and session_id is not null
