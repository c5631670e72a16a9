"""The rows of an answer, level by level: the most of each, and all others as one."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from duckdb import DuckDBPyConnection as Connection

from reports.explore.dimensions import Dimension
from reports.explore.metrics import Metric, Value
from reports.explore.question import DOWN, NAME, UP, Asked, Path
from reports.explore.reading import Asking
from reports.explore.tallying import Level, Sums, Tallies, tally

VALUE, REST = "value", "rest"
KINDS = (VALUE, REST)
MOST_ROWS = 2_000  # of one answer: opened rows multiply
Values = tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One value of a level, or all that are not shown.

    kind      value, or rest
    path      the values from the outermost level on; of the rest that of its parent
    count     how many values it stands for
    values    for each segment (all visits first) and column
    rows      the next level's, where it is opened
    """

    kind: str
    path: Path
    level: int
    count: int
    values: Values
    is_open: bool = False
    rows: tuple["Row", ...] = ()

    @property
    def key(self) -> str:
        """Give its own value; "" for the rest."""
        return self.path[-1] if self.kind == VALUE else ""


@dataclass(frozen=True, slots=True)
class _Ordered:
    """The paths of one level under their parents: those that are shown, and how many are not."""

    shown: Mapping[Path, list[Path]]
    left: Mapping[Path, int]


def values_of(columns: Sequence[Metric], sums: Sequence[Sums], keys: Collection[str] | None = None) -> Values:
    """Compute the cells of a row; `keys` are the values that it stands for, None for the total."""
    return tuple(tuple(metric.value(each, keys) for metric in columns) for each in sums)


def rows_of(lake: Connection, asking: Asking, asked: Asked, columns: Sequence[Metric]) -> list[Row]:
    """Give the rows of the outermost level, with those below them that are opened."""
    return _under(lake, asking, asked, columns, [()]).get((), [])


def _under(
    lake: Connection, asking: Asking, asked: Asked, columns: Sequence[Metric], parents: Sequence[Path]
) -> dict[Path, list[Row]]:
    depth = len(parents[0]) + 1 if parents else 0
    if not parents or depth > len(asked.by):
        return {}
    needed = frozenset(name for metric in columns for name in metric.needs)
    found = _with_credited(tally(lake, asking, Level(depth, depth, parents), needed), columns, asking)
    ordered = _ordered(found, asked, columns, asked.by[depth - 1], parents)
    rest: Tallies = {}
    if ordered.left:
        without = [path for paths in ordered.shown.values() for path in paths]
        rest = tally(lake, asking, Level(depth, depth - 1, tuple(ordered.left), without), needed)
    opened = [path for paths in ordered.shown.values() for path in paths if _is_open(path, asked)]
    below = _under(lake, asking, asked, columns, opened)
    rows: dict[Path, list[Row]] = {}
    for parent in parents:
        rows[parent] = [
            Row(VALUE, path, depth, 1, _cells(columns, found, path), path in below, tuple(below.get(path, ())))
            for path in ordered.shown.get(parent, [])
        ]
        if left := ordered.left.get(parent):
            others = {path[-1] for path in found if path[:-1] == parent} - {path[-1] for path in ordered.shown[parent]}
            sums = rest.get(parent, _nothing(asking))
            rows[parent].append(Row(REST, parent, depth, left, values_of(columns, sums, others)))
    return rows


def _cells(columns: Sequence[Metric], found: Tallies, path: Path) -> Values:
    return values_of(columns, found[path], path[-1:])


def _with_credited(found: Tallies, columns: Sequence[Metric], asking: Asking) -> Tallies:
    """Put in the values that something is credited to and that no session of these days has, such as "(none)"."""
    credited = {(key,) for metric in columns for key in metric.credits or ()}
    return found | {path: _nothing(asking) for path in credited - found.keys()}


def _nothing(asking: Asking) -> tuple[Sums, ...]:
    """Give the sums of no session, for all and for each segment."""
    return tuple({} for _ in range(len(asking.segments) + 1))


def _is_open(path: Path, asked: Asked) -> bool:
    return asked.is_all or path in asked.opened


def _ordered(
    found: Tallies, asked: Asked, columns: Sequence[Metric], dimension: Dimension, parents: Sequence[Path]
) -> _Ordered:
    """Put each parent's rows in order, and keep the first of them; days and hours are never left out."""
    under: dict[Path, list[Path]] = {parent: [] for parent in parents}
    for path in found:
        under[path[:-1]].append(path)
    for paths in under.values():
        paths.sort()  # of equals the first by name
        _sort(paths, found, asked, columns, dimension)
    most = MOST_ROWS if dimension.is_time else asked.top
    shown = {parent: paths[:most] for parent, paths in under.items()}
    left = {parent: len(paths) - most for parent, paths in under.items() if len(paths) > most}
    return _Ordered(shown, left)


def _sort(paths: list[Path], found: Tallies, asked: Asked, columns: Sequence[Metric], dimension: Dimension) -> None:
    sort = asked.sort
    if sort == NAME or (not sort and dimension.is_time):
        # Without a word of anybody's, time goes forwards.
        if sort and asked.order == DOWN:
            paths.reverse()
        return
    key, _at, segment = (sort or columns[0].key).partition("@")
    metric = next(each for each in columns if each.key == key)
    number = {path: metric.value(found[path][int(segment or 0)], path[-1:]).number for path in paths}
    sign = 1 if asked.order == UP else -1
    # What has no figure stands last, whichever way it is sorted.
    paths.sort(key=lambda path: (number[path] is None, sign * (number[path] or 0)))


def flat(rows: Sequence[Row]) -> Iterator[Row]:
    """Give all rows as they are read from above."""
    for row in rows:
        yield row
        yield from flat(row.rows)
