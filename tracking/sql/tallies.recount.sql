-- What the lake holds of each event name by source and day; $late_us: from how long on an event is late.
select
    source_id,
    name,
    day,
    count(*) as events,
    count(*) filter (where import_id is null and epoch_us(received_at) - epoch_us(time) > $late_us) as late,
    count(*) filter (where consent is null or not contains(consent, '"analytics"')) as unknown_consent,
    min(time) as first_at,
    max(time) as last_at
from events
group by source_id, name, day
