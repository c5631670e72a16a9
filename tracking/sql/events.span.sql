-- The times of the first and the last event; $days are the first and the last day that has any.
select min(time) as first, max(time) as last from events where list_contains($days::date[], day)
