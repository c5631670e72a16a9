-- One row a session of the part; its origin is that of its first touch.
with first_events as (
    select * from arrivals where opens and session_id is not null
), totals as (
    select
        source_id, session_id,
        max(time) as ended_at,
        (count(*) filter (where is_counted))::int as events,
        (count(*) filter (where is_page))::int as pageviews
    from part
    group by source_id, session_id
), came_before as (
    select person_id from sessions
    where day < $cut_day and person_id in (select person_id from first_events)
    union
    select person_id from known where person_id in (select person_id from first_events)
)
select
    days.day, source_id, person_id, session_id,
    first_events.time as started_at, ended_at, events, pageviews,
    channel, source, medium, campaign, content, term, paid,
    path as landing_path,
    device,
    came_before.person_id is null
        and row_number() over (partition by person_id order by first_events.time, source_id, session_id) = 1 as is_new
from first_events
join totals using (source_id, session_id)
join origins using (clues)
asof join days on first_events.time >= days.since
left join came_before using (person_id)
order by days.day, person_id, started_at, source_id, session_id
