-- How many touches of some days, and of the range's own among them, carry what of an ad and of one dimension.
select
  coalesce(source, '') as source,
  coalesce(campaign, '') as campaign,
  coalesce(paid, false) as paid,
  coalesce({column}, $not_set) as key,
  count(*) as touches,
  count(*) filter (where day >= $since) as inside
from touches
where day >= $first and day < $until and (source is not null or campaign is not null)
group by all
order by all
