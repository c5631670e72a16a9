-- The first and the last event by which goals they meet, of all history before the hours that are looked at each time.
select {masks}, min(epoch_us(time)) as first_us, max(epoch_us(time)) as last_us
from events
where not refund and time < $begins and day <= $begins::date
group by all
