-- One row a touch at $cut or later: the arrivals, and those later touches of sessions that started before $cut. No new
-- event is in such a session (tracking.derive chose the cut so), so its touches are taken over as they were published.
with fresh as (
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
), running as (
    select source_id, session_id from sessions where day < $cut_date and ended_at >= $cut
), carried as (
    select touches.* from touches
    semi join running using (source_id, session_id)
    where day >= $cut_date
)
select * from fresh
union all by name
select * from carried
order by day, person_id, time, sequence, source_id, event_id
