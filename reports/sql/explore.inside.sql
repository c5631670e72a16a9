-- What happened in the visits: how often each value that is asked for was there, and whether a condition was met.
-- A visit stands once for each UTC day that it lies in, so that events find it by person and day.
create temporary table inside as
with lying as (
  select
    visit, person, source_id, started_us, ended_us,
    unnest(range((started_us // 86400000000)::bigint, (ended_us // 86400000000)::bigint + 1)) as utc_day
  from found
),

happened as (
  select hash(person_id) as person, source_id, epoch_us(time) as time_us, name = 'page_view' as is_page, {values}
  from person_events
  where day >= $first_day and day <= $last_day
    and not list_contains($not_counted, name)
)

select
  lying.visit,
  {names},
  count(*) as events,
  count(*) filter (where is_page) as pageviews
from happened
join lying
  on happened.person = lying.person
  and happened.source_id = lying.source_id
  and happened.time_us // 86400000000 = lying.utc_day
  and happened.time_us between lying.started_us and lying.ended_us
group by all
