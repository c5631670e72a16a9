-- The events about ads and posts of some local days, by day and by what tells them apart. `told` are engagements that say
-- what they were, and `saves` those among them that keep the ad or post. What an event is called is a number here, which
-- is found among millions in a part of the time of its text.
with ads as (
  select *, hash(source_id, event_id) as event
  from touches
  where day >= $since and day < $until and session_id is null
),

-- An ad event is of the UTC day before or after its local day at most.
said as (
  select hash(source_id, event_id) as event, properties
  from events
  where day >= $first and day <= $last and name in ('ad_impression', 'ad_engagement', 'ad_click')
),

named as (
  select
    ads.day,
    ads.kind,
    ads.paid,
    coalesce({account}, '') as account,
    coalesce({key}, $not_set) as key,
    case when ads.kind = 1 then lower(json_extract_string(properties, '$.action')) end as action
  from ads
  left join said using (event)
)

select
  day,
  kind,
  paid,
  account,
  key,
  count(*) as events,
  count(*) filter (where action is not null) as told,
  count(*) filter (where list_contains($saves, action)) as saves
from named
group by all
order by all
