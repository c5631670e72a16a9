-- Who saw or engaged on some days (or whose visit began on them), and how far they got on these days, each by a conversion
-- that has a touch of these days in its window and comes after the first of what made them audience. Of who saw or engaged
-- a direct visit is no such touch: every purchase on a site is in a visit, and windows would mean nothing. A person is a
-- number here, which is told apart in a part of the time of its text.
with chosen as (
  select hash(person_id) as person, event_id, session_id is null as is_seen, kind, time
  from touches
  where
    day >= $since and day < $until
    and case kind when 0 then $view_us when 1 then $engagement_us else $click_us end >= 0
    and ($paid is null or paid = $paid)
    and not ($is_ads and direct)
    and {is_account}
),

audience as (
  select person, min(time) as first_at
  from chosen
  where case when $is_ads then is_seen and kind < 2 else not is_seen end
  group by person
),

reached as (
  {steps}
),

furthest as (
  select person, max(step) as step
  from reached
  group by person
)

select
  (select count(*) from audience) as audience,
  count(*) filter (where step >= 1) as visited,
  count(*) filter (where step >= 2) as carted,
  count(*) filter (where step >= 3) as bought
from furthest
