  select hash(person_id) as person, epoch_us(started_at) as begun_us, epoch_us(ended_at) as ended_us
  from sessions
  where started_at >= $since and started_at < $ends
