-- All users of the visitors, and of every visitor that one of the users was.
select distinct visitor_id, user_id
from events
where user_id is not null
    and (
        visitor_id in (select unnest($visitors::varchar[]))
        or visitor_id in (select visitor_id from events where user_id in (select unnest($users::varchar[])))
    )
