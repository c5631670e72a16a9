  -- What came later than something before. Of those before it the last one is the nearest, so no other need be asked.
  select later.person, later.at_us
  from ({after}) as later
  asof join ({before}) as earlier on later.person = earlier.person and later.at_us > earlier.at_us
  where {within}
