-- What counts of goals on the days given. `once` holds the events that meet their rules (conversions.once.sql);
-- goals.counting puts in what each goal's counting makes of them, from a list there: `persons` for countings by person,
-- so that sessions are looked up for what is left, and `each` for the one by session.
with persons as (
  {persons}
),

{seated},

counted as (
  {each}
)
