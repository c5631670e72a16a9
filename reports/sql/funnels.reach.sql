-- When the last visit ends that began in the range: what a funnel within one session has to read.
select coalesce(epoch_us(max(ended_at)), 0) as reach_us
from sessions
where started_at < $until and ended_at >= $since
