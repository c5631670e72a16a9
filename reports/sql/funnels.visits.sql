-- The visits that events of the range can lie in, with what their persons are told apart by.
select
  hash(person_id) as person,
  source_id,
  epoch_us(started_at) as started_us,
  epoch_us(ended_at) as ended_us,
  {segment} as segment
from sessions
where ended_at >= $since and started_at < $until and {kept}
