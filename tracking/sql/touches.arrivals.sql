-- The events that bring somebody, of the part's sessions and of the ads that its persons met in [$since, $until), with
-- what tells where from: a session's first event, a later one with another campaign or click id than the last before it
-- in the session, and the events of ads.
-- `clues` is all that the channel depends on, as one text, so that each combination is judged once.
create or replace temp table arrivals as
with tagged as (
    select
        mark.person_id, mark.session_id, mark.sequence, mark.opens, 2 as kind, event.*,
        case when coalesce(utm_source, utm_medium, utm_campaign, utm_content, utm_term, utm_id) is not null
            then to_json([utm_source, utm_medium, utm_campaign, utm_content, utm_term, utm_id])::varchar end as tags,
        case when click_id_type is not null then to_json([click_id_type, click_id])::varchar end as click
    from part as mark
    join events as event on event.source_id = mark.source_id and event.event_id = mark.event_id
    where event.day between $since_day and $last_day
      and (mark.opens or coalesce(
          utm_source, utm_medium, utm_campaign, utm_content, utm_term, utm_id, click_id_type
      ) is not null)
), compared as (
    select
        *,
        last_value(tags ignore nulls) over earlier as earlier_tags,
        last_value(click ignore nulls) over earlier as earlier_click
    from tagged
    window earlier as (
        partition by source_id, session_id order by time, sequence, event_id
        rows between unbounded preceding and 1 preceding
    )
), ads as (
    select
        null as session_id,
        coalesce(event.sequence, 0) as sequence,
        true as opens,
        case event.name when 'ad_impression' then 0 when 'ad_engagement' then 1 else 2 end as kind,
        event.*  -- person_id among them
    from person_events as event
    where event.day between $since_day and $last_day
      and event.time >= $since and event.time < $until
      and ($shares = 1 or hash(event.person_id) % $shares::ubigint = $share::ubigint)
      and event.name in ('ad_impression', 'ad_engagement', 'ad_click')
), arriving as (
    select * exclude (tags, click, earlier_tags, earlier_click) from compared
    where opens
       or (tags is not null and tags is distinct from earlier_tags)
       or (click is not null and click is distinct from earlier_click)
    union all by name
    select * from ads
), referred as (
    select
        *,
        -- Without query: the page that linked, not what was asked there.
        regexp_extract(referrer, '^[^?#]*') as referring_page,
        lower(regexp_extract(referrer, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]+)', 1)) as referring_host
    from arriving
)
select
    source_id, person_id, session_id, event_id, time, sequence, opens, kind::tinyint as kind, path, device,
    to_json([
        source_id::varchar, host, utm_source, utm_medium, utm_campaign, utm_term, utm_content, click_id_type,
        case when referring_host is distinct from host then referring_page end
    ])::varchar as clues
from referred
