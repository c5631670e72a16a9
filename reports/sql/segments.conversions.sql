  -- A goal's conversions as they are published, each once.
  select hash(any_value(person_id)) as person, epoch_us(time) as at_us
  from {paths}
  where day >= {since_day} and day < {until_day}
  group by day, time, number
