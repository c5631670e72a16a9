-- Visitors who are known for one day alone: nobody can see what they did before or after it, so they are compared with nobody.
select count(distinct person_id) as visitors
from sessions
where started_at >= $since and started_at < $until and starts_with(person_id, $of_a_day)
