select distinct audience.person, {number} as step
from {paths} as step
join audience on audience.person = hash(step.person_id) and step.time >= audience.first_at
where
  step.day >= $since and step.day < $until
  and {is_chosen}
  and epoch_us(step.time) - epoch_us(step.touch_time)
  <= case step.kind when 0 then $view_us when 1 then $engagement_us else $click_us end
