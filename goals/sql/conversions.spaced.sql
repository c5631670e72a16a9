  -- Once per person and window: a conversion counts that is further than the window from the last one that counted.
  -- Each choice depends on the one before, so it is a fold over the person's conversions in their order; a list of
  -- numbers carries it, the time and the place of each that counted.
  select *
  from {once}
  where time >= $since and place in (
    select unnest(
      list_reduce(
        list([epoch_us(time), place] order by place),
        lambda kept, next: case when next[1] - kept[-2] > counting_us then kept || next else kept end
      )[2:-:2]
    )
    from {once}
    join goals using (goal)
    group by goal, person_id, counting_us
  )
