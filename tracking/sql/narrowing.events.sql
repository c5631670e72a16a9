-- The events of these visitors.
create temp table few_events as
select {columns} from {source} semi join theirs using (visitor_id)
