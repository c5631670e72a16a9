-- Whose each conversion of some days is, in the order of the journeys; and from which place on its touches are kept.
select any_value({owner}) as owner, any_value(source_id) as source_id, min(place) as place
from {paths}
where day >= $since and day < $until
group by day, time, number
order by day, time, number
