-- What each touch of some days has of one dimension, in the order of the journeys.
select coalesce({column}, $not_set) as key
from {paths}
where day >= $since and day < $until and touch_time is not null
order by day, time, number, place
