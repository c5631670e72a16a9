  select hash(person_id) as person, epoch_us(time) as begun_us, epoch_us(time) as ended_us
  from {paths}
  where time >= $since and time < $ends
