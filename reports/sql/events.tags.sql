-- Which campaign names came on one address with which of these campaigns' ids.
select distinct lower(utm_campaign) as name, lower(utm_id) as id
from events
where day >= $since and day < $until and utm_campaign is not null and lower(utm_id) in (select unnest($ids))
order by all
