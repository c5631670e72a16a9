-- The touches of the range, how many of them could still bring a conversion when the figures were computed, and when the
-- last of these windows closes.
select
  count(*) as touches,
  count(*) filter (where epoch_us(time) + reach_us > $through_us) as still_open,
  max(epoch_us(time) + reach_us) as until_us
from (
  select time, case kind when 0 then $view_us when 1 then $engagement_us else $click_us end as reach_us
  from touches
  where day >= $since and day < $until and ($with_direct or not direct)
)
where reach_us >= 0
