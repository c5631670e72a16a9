-- What people did next who left a funnel after one of its steps. `leavers` has a row a person: when the step was met, which
-- of the funnel's events at that very moment it was, until when the next step would have counted, and in sessions the
-- source. The event after the step's is the next one; none is "nothing more", and has a row, too.
with done as (
  select
    leavers.person,
    leavers.nth,
    epoch_us(event.time) = leavers.at_us and {hit} as may_be_step,
    case when event.name = 'page_view' then 'page' else 'event' end as kind,
    case when event.name = 'page_view' then coalesce(event.path, '') else event.name end as label,
    epoch_us(event.time) as time_us,
    coalesce(event.sequence, 0) as sequence,
    event.event_id
  from person_events as event
  join leavers
    on hash(event.person_id) = leavers.person
    and epoch_us(event.time) between leavers.at_us and leavers.until_us
    and (leavers.on_source is null or event.source_id = leavers.on_source)
  where not event.refund
    and event.time >= $since and event.day >= $since_day and event.time < $until and event.day <= $until_day
    and ({hit} or coalesce(not list_contains($not_done, event.name), true))
),

followed as (
  select
    may_be_step,
    nth,
    sum(may_be_step::integer) over own as steps_so_far,
    lead(kind) over own as kind,
    lead(label) over own as label
  from done
  window own as (partition by person order by time_us, sequence, event_id)
)

select coalesce(kind, '') as kind, coalesce(label, '') as label, count(*) as persons
from followed
where may_be_step and steps_so_far = nth
group by all
order by persons desc, kind, label
