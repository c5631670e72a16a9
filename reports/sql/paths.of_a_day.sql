-- How many conversions of some days are of persons who are known for one day: their id is a hash of that day's secret.
select count(*)
from (
  select distinct day, number, person_id
  from paths
  where day >= $since and day < $until and starts_with(person_id, $prefix)
)
