  -- Everybody by their first session. Who is a visitor of one day is said by the id, which holds for that day only.
  select hash(person_id) as person, min(epoch_us(started_at)) as joined_us, bool_or(starts_with(person_id, $daily)) as is_daily
  from sessions
  group by all
