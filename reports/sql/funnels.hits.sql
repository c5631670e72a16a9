-- What persons did that a funnel asks about; reports.funnels.reading puts the steps' conditions in, with bound values.
-- A person is a number here, which is read and sorted in a fifth of the time of its text: of a million persons, two get
-- the same one in one of thirty million lakes. `meets` has bit k where the event meets step k + 1.
select
  hash(person_id) as person,
  source_id,
  epoch_us(time) as time_us,
  ({meets})::uinteger as meets
from person_events
where not refund and time >= $since and day >= $since_day and time < $until and day <= $until_day
  and {kept}
