"""The rows of a file that holds no events: counted, the wrong ones shown and written down, the others given on."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from tracking.imports.findings import MOST_ERRORS, Findings
from tracking.imports.rejects import Rejects
from tracking.tabular_rows import RowError
from workspaces.telling import Progress

_Fact = TypeVar("_Fact")


def facts(
    outcomes: Iterable[_Fact | RowError], found: Findings, rejects: Rejects | None, progress: Progress
) -> Iterator[_Fact]:
    """Give what is right, and leave in the findings how many rows there were and what was wrong."""
    for outcome in outcomes:
        found.rows += 1
        if isinstance(outcome, RowError):
            _refuse(found, outcome, rejects)
        else:
            yield outcome
        progress.tell(found.rows, None)


def _refuse(found: Findings, error: RowError, rejects: Rejects | None) -> None:
    found.rejected += 1
    found.rejected_as[error.code] = found.rejected_as.get(error.code, 0) + 1
    if len(found.errors) < MOST_ERRORS:
        found.errors.append(error)
    if rejects is not None:
        rejects.add(error)
