-- Every value of one dimension that a path may hold, whether its journey converted or not.
select coalesce({column}, $not_set) as key
from paths
where day >= $since and day < $until and touch_time is not null
union
select coalesce({column}, $not_set) as key
from touches
where day >= $reach and day < $until
