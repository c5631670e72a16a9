-- Sessions that began on the range's days, by the touch that began them.
select coalesce({column}, $not_set) as key, count(*) as units
from sessions
where day >= $since and day < $until
group by key
