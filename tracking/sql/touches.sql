-- One row a touch before the day $until_day; later ones, of sessions that go on, wait for their day's turn.
select * from touched
where day < $until_day
order by day, person_id, time, sequence, source_id, event_id
