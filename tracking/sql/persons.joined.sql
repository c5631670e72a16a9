-- The given users, and those whom aliases join with them, over any number of steps. An alias' visitor id was a user's.
-- Row level security shows the workspace's own links alone.
with recursive joined(name) as (
    select unnest(%(users)s::text[])
    union
    select case when link.user_id = joined.name then link.visitor_id else link.user_id end
    from joined
    join tracking_identitylink as link
        on link.is_alias and (link.user_id = joined.name or link.visitor_id = joined.name)
)
select name from joined
