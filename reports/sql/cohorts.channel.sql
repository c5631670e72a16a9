person in (
    -- Whose first session came by the channel; of several that began at one moment any.
    select person
    from (
      select
        hash(person_id) as person,
        min(epoch_us(started_at)) as first_us,
        min(epoch_us(started_at)) filter (where channel = $channel) as by_channel_us
      from sessions
      group by all
    )
    where first_us = by_channel_us
  )
