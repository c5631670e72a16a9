"""What a source's imported sums say of a range of days: how it went, and what was seen most."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from tracking.models import ImportedDay, Source, SumKind
from tracking.sums.tables import TABLES

MOST_DAYS = 5_000
DAYS_BY_DAY = 100  # from more days on months are shown
_TREND = TABLES[SumKind.VISITORS].adds_up
# Texts and counts are read out of the days' objects; names of columns are bound like any other value.
_RANKED = """
select coalesce(entry->>%s, '') as what, {sums}
from tracking_importedday, lateral jsonb_array_elements(entries) as entry
where source_id = %s and kind = %s and day >= %s and day <= %s
group by what
order by 2 desc, what
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A day or a month; visitors only of a day, since who comes on two days is one visitor."""

    first: date
    visitors: int | None
    visits: int
    pageviews: int
    bounces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What was seen most of one breakdown: each with its counts, and the counts of all of them."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[str, tuple[int, ...]]]
    total: tuple[int, ...]
    others: int  # that are not among the rows


def span(source: Source) -> tuple[date, date] | None:
    """Give the first and the last day that there are sums of; call it inside the workspace, as all of these."""
    found = ImportedDay.objects.filter(source=source).aggregate(first=Min("day"), last=Max("day"))
    return None if found["first"] is None else (found["first"], found["last"])


def kinds(source: Source) -> list[SumKind]:
    """Give the breakdowns that there are, apart from the visits as a whole."""
    there = set(ImportedDay.objects.filter(source=source).order_by().values_list("kind", flat=True).distinct())
    return [kind for kind in SumKind if kind in there and kind is not SumKind.VISITORS]


def is_by_day(since: date, last: date) -> bool:
    """Say whether the days [since, last] are shown each by itself, and not by month."""
    return (last - since).days < DAYS_BY_DAY


def beginnings(since: date, last: date) -> list[date]:
    """Give how each day or month of the range begins, also those that nothing is known of."""
    days = [since + timedelta(days=n) for n in range((last - since).days + 1)]
    return days if is_by_day(since, last) else list(dict.fromkeys(day.replace(day=1) for day in days))


def trend(source: Source, since: date, last: date) -> list[Stretch]:
    """Give the visits of the days [since, last], by day or, where they are many, by month; oldest first."""
    days = ImportedDay.objects.filter(source=source, kind=SumKind.VISITORS, day__gte=since, day__lte=last)
    by_day = is_by_day(since, last)
    sums: defaultdict[date, Counter[str]] = defaultdict(Counter)
    visitors: dict[date, int] = {}
    for day, entries in days.order_by("day").values_list("day", "entries"):
        first = day if by_day else day.replace(day=1)
        for name in _TREND:
            sums[first][name] += sum(entry.get(name, 0) for entry in entries)
        visitors[day] = sum(entry.get("visitors", 0) for entry in entries)
    return [
        Stretch(first=first, visitors=visitors[first] if by_day else None, **{name: counts[name] for name in _TREND})
        for first, counts in sums.items()
    ]


def ranked(source: Source, kind: SumKind, since: date, last: date, *, most: int) -> Ranked:
    """Give what was seen most on the days [since, last]."""
    table = TABLES[kind]
    sums = ", ".join(["coalesce(sum((entry->>%s)::bigint), 0)"] * len(table.adds_up))
    given: list[Any] = [table.by[0], *table.adds_up, source.pk, str(kind), since, last]  # texts, a number and days
    with connection.cursor() as cursor:
        cursor.execute(_RANKED.format(sums=sums), given)
        rows = [(what, tuple(int(count) for count in counts)) for what, *counts in cursor.fetchall()]
    total = tuple(sum(counts) for counts in zip(*(counts for _, counts in rows), strict=True))
    return Ranked(columns=table.adds_up, rows=rows[:most], total=total, others=max(0, len(rows) - most))
