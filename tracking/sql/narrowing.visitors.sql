-- The visitors whose events can be the persons'.
create temp table theirs as
select person_id as visitor_id from affected
union
select visitor_id from people semi join affected using (person_id)
