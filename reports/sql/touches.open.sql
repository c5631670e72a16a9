-- The touches of the range, and how many of them could still bring a conversion when the figures were computed.
select
  count(*) as touches,
  count(*) filter (where epoch_us(time) + reach_us > $through_us) as still_open
from (
  select time, case kind when 0 then $view_us when 1 then $engagement_us else $click_us end as reach_us
  from touches
  where day >= $since and day < $until
)
where reach_us >= 0
