-- A person's events by name.
select name, count(*) as events, min(time) as first, max(time) as last
from events
where {theirs}
group by name
order by name
