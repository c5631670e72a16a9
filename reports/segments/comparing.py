"""Segments beside everybody else: one exploration counts all of them, and all goals that are asked for, at once."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from goals.models import Goal
from reports.explore import answer as exploring
from reports.explore.conditions import Condition, read
from reports.explore.question import Asked, Known
from reports.publishing import Published
from workspaces.models import Workspace


def compared(
    workspace: Workspace,
    asked: Asked,
    slugs: Sequence[str],
    goals: Iterable[Goal],
    known: Known,
    *,
    of: Sequence[str],
    now: datetime,
    published: Published,
) -> exploring.Answer:
    """Give the visitors of the range and then, goal by goal, what is asked of each.

    slugs      of the segments that stand side by side: total[0] is everybody, total[1] and [2] the first segment and
               everybody else, and so on
    of         names of figures of a goal, such as "rate"
    published  the state to count in, which has the goals and those of the segments
    """
    columns = ("visitors", *(f"{name}:{goal.slug}" for goal in goals for name in of))
    # The range alone is counted: each day of it would take as long as all the rest, and is not shown.
    asks = replace(asked, by=(), segments=tuple(_sides(slugs)), metrics=columns)
    return exploring.answer(workspace, asks, known, now=now, published=published)


def _sides(slugs: Iterable[str]) -> Iterable[tuple[Condition, ...]]:
    for slug in slugs:
        yield (read(f"segment is {slug}", ()),)
        yield (read(f"segment is not {slug}", ()),)
