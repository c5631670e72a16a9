-- The events of these visitors.
create temp table few_events as
select {columns} from events semi join theirs using (visitor_id)
where day >= $since
