-- The places that are given out anew, or no longer; row level security shows the workspace's own alone.
delete from tracking_personof
using unnest(%(visitors)s::text[], %(users)s::text[]) as gone(visitor_id, user_id)
where tracking_personof.visitor_id = gone.visitor_id and tracking_personof.user_id = gone.user_id
