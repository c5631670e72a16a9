  -- What nothing came after. Of those after it the first one is the nearest, so no other need be asked.
  select earlier.person, earlier.at_us
  from ({before}) as earlier
  asof left join ({after}) as later on earlier.person = later.person and earlier.at_us < later.at_us
  where {within}
