select day, count(*) as conversions
from mine
group by day
