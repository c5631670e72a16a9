-- Each event from $since on with the session that it belongs to. A session is a person's events on one source with
-- gaps under $gap_us microseconds; events of ads belong to none, because nobody was on the site.
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
    select *, epoch_us(time) - epoch_us(lag(time) over line) as gap_us
    from on_site
    window line as (partition by source_id, person_id order by time, sequence, event_id)
), openings as (
    select *, gap_us is null or gap_us >= $gap_us as opens
    from gaps
)
select
    source_id, person_id, event_id, time, sequence, is_page, is_counted, opens,
    last_value(case when opens then event_id end ignore nulls) over line as session_id,
    last_value(case when opens then time end ignore nulls) over line as started_at
from openings
window line as (
    partition by source_id, person_id order by time, sequence, event_id
    rows between unbounded preceding and current row
)
