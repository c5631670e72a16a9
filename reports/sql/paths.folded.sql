-- All paths as they are written to one table: conversions numbered anew in their days.
select * replace (dense_rank() over (partition by day order by time, source_id, event_id) - 1 as number)
from paths
order by day, number, place
