-- What counts of goals on the days given, of one share of the persons: visits and texts of all of them at once would be
-- more than the engine may hold. `once` has the events that meet the goals' rules (conversions.once.sql); goals.counting
-- puts in what each goal's counting makes of them, from a list there: `persons` for countings by person, so that
-- sessions are looked up for what is left, and `each` for the one by session.
insert into counted by name
with own as (
  from once where {share}
),

persons as (
  {persons}
),

{seated}

{each}
