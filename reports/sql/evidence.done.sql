-- Which events and pages, that no goal counts, each person of the cohort had before their landmark; each once.
create or replace temporary table done as
select distinct thing, person_id
from (
  select
    case when name = 'page_view' then 'page:' || path else 'event:' || name end as thing,
    person_id,
    time
  from person_events
  where not refund and time >= $since and day >= $since_day and time < $until and day <= $until_day
    and not list_contains($not_done, name) and (name <> 'page_view' or path <> '')
    -- An event that a live goal counts was not forgotten; reports.evidence.gathering puts their rules in.
    and not coalesce({planned}, false)
) as events
join cohort using (person_id)
where time >= entry and time < landmark
