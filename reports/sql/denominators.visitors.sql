-- Visitors of the range by what touched them in it or within its window before it. The population is the one of the
-- total rate, so no row can have more converters than visitors.
with seen as (
  select distinct person_id
  from sessions
  where day < $until and started_at < $until_at and ended_at >= $since_at and day >= $since - 7  -- no visit of a person goes on for a week
)

select coalesce(touches.{column}, $not_set) as key, count(distinct touches.person_id) as units
from touches
where
  person_id in (select person_id from seen)
  and day >= $earliest and day < $until
  and epoch_us(time) >= $since_us - case kind when 0 then $view_us when 1 then $engagement_us else $click_us end
  and case kind when 0 then $view_us when 1 then $engagement_us else $click_us end >= 0
group by key
