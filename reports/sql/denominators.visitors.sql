-- Visitors of the range by what touched them in it or within its window before it. The population is the one of the
-- total rate, so no row can have more converters than visitors. A person is a number here, which is told apart in half
-- the time of its text, and is counted once a value before it is asked whether they were there at all.
with seen as (
  select hash(person_id) as person
  from sessions
  where day < $until and started_at < $until_at and ended_at >= $since_at and day >= $since - 7  -- no visit of a person goes on for a week
),

touched as (
  select distinct coalesce({column}, $not_set) as key, hash(person_id) as person
  from touches
  where
    day >= $earliest and day < $until
    and epoch_us(time) >= $since_us - case kind when 0 then $view_us when 1 then $engagement_us else $click_us end
    and case kind when 0 then $view_us when 1 then $engagement_us else $click_us end >= 0
)

select key, count(*) as units
from touched
where person in (select person from seen)
group by key
