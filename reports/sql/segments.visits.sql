  select hash(person_id) as person, epoch_us(started_at) as at_us
  from sessions
  where started_at >= {since} and started_at < {until}
