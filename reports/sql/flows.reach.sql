-- From when to when the visits go on that have events in the range: what paths within visits have to read.
select coalesce(epoch_us(min(started_at)), 0) as since_us, coalesce(epoch_us(max(ended_at)), 0) as until_us
from sessions
where started_at < $until and ended_at >= $since
