-- The conversions of some days that do not hold any more: their persons' paths were amended.
select distinct day, number
from paths_before
semi join (select distinct person_id from paths_amended) as amended using (person_id)
where day >= $since and day < $until
