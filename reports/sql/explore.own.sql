left join (
  select source_id, event_id, {own}
  from events
  where day >= $first_day and day <= $last_day
    and event_id in (select event_id from booked where is_inside)
) as own using (source_id, event_id)
