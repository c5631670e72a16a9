-- Each person's first visit of the range, of those who are known for longer than a day, where the days that decide and the days that are followed lie inside of it.
-- What is known of the visit when it begins makes the stratum: nothing that comes later may.
create or replace temporary table entered as
with firsts as (
  select person_id, channel, coalesce(device, '') as device, is_new, started_at
  from sessions
  where started_at >= $since and started_at < $until and not starts_with(person_id, $of_a_day)
  qualify row_number() over (partition by person_id order by started_at, source_id, session_id) = 1
)

select
  person_id,
  started_at as entry,
  started_at + to_days($landmark_days::integer) as landmark,
  started_at + to_days($landmark_days::integer) + to_days($follow_days::integer) as followed_until,
  dense_rank() over (order by channel, device, is_new)::integer as stratum
from firsts
where landmark + to_days($follow_days::integer) <= $until
