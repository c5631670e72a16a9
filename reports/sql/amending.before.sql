-- The persons' conversions as they are published, each once.
select distinct day, source_id, event_id, person_id, session_id, time, value_micros, refund_micros, currency
from {stored}
semi join affected using (person_id)
