-- The newest three events that a definition counts: by seeing one, people notice a rule that catches too much.
select time, name, path, title, value_micros, currency, device
from events
-- `day`, the lake's partition, is the UTC day of the time and spares reading files.
where not refund and time >= $since and day >= $since::date and time < $until and day <= $until::date and {rules}
order by time desc, event_id
limit 3
