-- The later touches of sessions that started before $cut. No new event is in such a session (tracking.derive chose the
-- cut so), so its touches are taken over as they were published.
create or replace temp table touched as
with running as (
    select source_id, session_id from sessions where day < $cut_day and ended_at >= $cut
)
select touches.* from touches
semi join running using (source_id, session_id)
where day >= $cut_day
