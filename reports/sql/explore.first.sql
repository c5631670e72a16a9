-- A session has the id of its first event.
  left join (
    select source_id as opening_source, event_id as opening_id, time as opened_at, browser, os, language, referrer
    from events
    where day >= $since_day and day <= $until_day
  ) as opening
    on opening_source = sessions.source_id and opening_id = sessions.session_id and opened_at = sessions.started_at
