-- Visitors of the range by what touched them in it or within its window before it. The population is the one of the
-- total rate, so no row can have more converters than visitors. A person is a number here, which is told apart in half
-- the time of its text, and is told apart once for 64 values: those of a word are the bits of `keys`.
with seen as (
  select hash(person_id) as person
  from sessions
  where day < $until and started_at < $until_at and ended_at >= $since_at and day >= $since - 7  -- no visit of a person goes on for a week
),

coded as (
  select hash(person_id) as person, enum_code(coalesce({column}, $not_set)::touched_by)::ubigint as code
  from touches
  where
    day >= $earliest and day < $until
    and epoch_us(time) >= $since_us - case kind when 0 then $view_us when 1 then $engagement_us else $click_us end
    and case kind when 0 then $view_us when 1 then $engagement_us else $click_us end >= 0
),

touched as (
  select code // 64 as word, person, bit_or(1::ubigint << (code % 64)) as keys
  from coded
  group by word, person
)

select word, keys, count(*) as units
from touched
where person in (select person from seen)
group by word, keys
