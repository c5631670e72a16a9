  select hash(person_id) as person, epoch_us(time) as at_us
  from person_events
  where not refund and time >= {since} and day >= {since_day} and time < {until} and day <= {until_day} {named} and {rules}
