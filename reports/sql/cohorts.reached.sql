  -- Everybody by their first conversion of a goal, as published.
  select hash(person_id) as person, min(epoch_us(time)) as joined_us, bool_or(starts_with(person_id, $daily)) as is_daily
  from {paths}
  group by all
