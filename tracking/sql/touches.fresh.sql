-- The touches among the arrivals.
insert into touched by name
select
    days.day, source_id, person_id, session_id, event_id, time, sequence, kind,
    -- Somebody who saw an ad without any tag did not come directly: nobody came.
    case when direct and session_id is null then 'unassigned' else channel end as channel,
    case when direct and session_id is null then '(not set)' else source end as source,
    case when direct and session_id is null then '(not set)' else medium end as medium,
    campaign, content, term, paid,
    direct and session_id is not null as direct,
    path as landing_path,
    device
from arrivals
join origins using (clues)
asof join days on arrivals.time >= days.since
where opens or not direct
