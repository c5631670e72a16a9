-- Each event from $since on with the session that it belongs to. A stretch is a person's events on one source with gaps
-- under $gap_us microseconds; a session is a stretch from its first counted event on. So what is not counted prolongs a
-- session and opens none. Events of ads belong to no stretch, because nobody was on the site.
-- Narrow on purpose: the wide columns are only read for the few events that bring somebody.
create or replace temp table marked as
with on_site as (
    select
        event.source_id,
        event.person_id,
        event.event_id,
        event.time,
        coalesce(event.sequence, 0) as sequence,
        event.name = 'page_view' as is_page,
        not list_contains($not_counted, event.name) as is_counted
    from person_events as event
    where event.day >= $since_day
      and event.time >= $since
      and event.name not in ('ad_impression', 'ad_engagement', 'ad_click')
), gaps as (
    select
        *,
        epoch_us(time) - epoch_us(lag(time) over line) as gap_us,
        lag(case when is_counted then time end ignore nulls) over line as counted_at
    from on_site
    window line as (partition by source_id, person_id order by time, sequence, event_id)
), stretches as (
    select
        *,
        max(case when gap_us is null or gap_us >= $gap_us then time end) over (
            partition by source_id, person_id order by time, sequence, event_id
            rows between unbounded preceding and current row
        ) as begun_at
    from gaps
), running as (
    -- Sessions of before the cut, which stay as they are. Where one reached into a stretch, the stretch is its rest,
    -- although nothing of the stretch that is read here may be counted.
    select source_id, person_id, session_id, started_at, ended_at
    from sessions
    where day < $cut_day and ended_at >= $since
), openings as (
    select
        stretches.*,
        running.session_id as running_id,
        running.started_at as running_since,
        running_id is null and is_counted and (counted_at is null or counted_at < begun_at) as opens
    from stretches
    left join running
      on stretches.source_id = running.source_id
     and stretches.person_id = running.person_id
     and begun_at < $cut
     and begun_at between running.started_at and running.ended_at
), opened as (
    select
        *,
        last_value(case when opens then event_id end ignore nulls) over line as opened_by,
        last_value(case when opens then time end ignore nulls) over line as opened_at
    from openings
    window line as (
        partition by source_id, person_id order by time, sequence, event_id
        rows between unbounded preceding and current row
    )
)
select
    source_id, person_id, event_id, time, sequence, is_page, is_counted, opens,
    coalesce(running_id, case when opened_at >= begun_at then opened_by end) as session_id,
    coalesce(running_since, case when opened_at >= begun_at then opened_at end) as started_at
from opened
