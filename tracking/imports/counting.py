"""The rows of a file that holds no events: counted, the wrong ones shown and written down, the others given on."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from tracking.imports.findings import MOST_ERRORS, Findings
from tracking.imports.rejects import Rejects
from tracking.tabular_rows import RowError

_Fact = TypeVar("_Fact")


def facts(
    outcomes: Iterable[_Fact | RowError],
    found: Findings,
    rejects: Rejects | None,
    tell: Callable[[int], None],
) -> Iterator[_Fact]:
    """Give what is right, and leave in the findings how many rows there were and what was wrong.

    tell  is told how many rows were read
    """
    for outcome in outcomes:
        found.rows += 1
        if isinstance(outcome, RowError):
            _refuse(found, outcome, rejects)
        else:
            yield outcome
        tell(found.rows)


def _refuse(found: Findings, error: RowError, rejects: Rejects | None) -> None:
    found.rejected += 1
    found.rejected_as[error.code] = found.rejected_as.get(error.code, 0) + 1
    if len(found.errors) < MOST_ERRORS:
        found.errors.append(error)
    if rejects is not None:
        rejects.add(error)
