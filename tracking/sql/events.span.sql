-- The times of the first and the last event; $first_day and $last_day are the first and the last day that has any.
select
    (select min(time) from events where day = $first_day) as first,
    (select max(time) from events where day = $last_day) as last
