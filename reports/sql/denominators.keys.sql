-- Every value that a touch of the range, or of the longest window before it, has in the column.
create temporary table keys as
select distinct coalesce({column}, $not_set) as key
from touches
where day >= $earliest and day < $until
