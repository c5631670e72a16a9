"""Shareable: what a report says of itself so that links can open it, snapshots keep it, and mails bring it.

Each report reads its question and gives an Inquiry; told, that is the answer as everything says it that stands outside
of the members' page. Links, snapshots and mails are made of nothing else.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.utils.functional import Promise

from reports.abouts import Stamped
from reports.exports import Cell
from reports.goal_page import Fact
from reports.periods import Span
from reports.question import Fault
from workspaces.models import Workspace

Asked = TypeVar("Asked")  # a report's question
Params = Mapping[str, str]
Rows = Sequence[Sequence[Cell]]  # the head first


class NotThere(Exception):
    """What the parameters name is not there (any more): a goal, a segment, or the report itself."""


@dataclass(frozen=True, slots=True)
class Told:
    """An answer. What is asked for by a call is needed by some alone: a link shows the context, a record the tables.

    is_ready   there are figures that can be kept; without them no sentences and no tables are asked for
    name       what its files call the report
    made       of which data, and through when
    method     how it was computed
    context    of the template: what the members' own page shows of it, from the same answer
    sentences  what somebody reads who reads nothing else
    tables     the rows of its files, by the tables' titles
    has_lede   the sentences stand above the figures; False where the template says them among these
    """

    is_ready: bool
    name: str
    made: Stamped
    method: Sequence[Fact]
    context: Callable[[], dict[str, Any]]  # whatever the template shows
    sentences: Callable[[], Sequence[str]]
    tables: Callable[[], Mapping[str, Rows]]
    has_lede: bool = True


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question, read and fixed: nothing that is saved or planned later changes it.

    title      what its answer is called, in the language at work
    path       of the members' page that answers it
    params     the question as that page's parameters, printed whole; read again they give the same inquiry
    tell       answers it, in a transaction that can only read; raises NotThere
    named      what the path itself names, such as the goal
    span       its days, where it has some: "the last 28 days" are others tomorrow
    prepare    has computed what a look at the members' page would; runs before `tell`, and may write
    is_waiting says whether something that it needs is being computed
    """

    title: str
    path: str
    params: Params
    tell: Callable[[], Told]
    named: Params = field(default_factory=dict)
    span: Span | None = None
    prepare: Callable[[], None] = lambda: None
    is_waiting: Callable[[], bool] = lambda: False

    @property
    def kept(self) -> dict[str, str]:
        """Give the parameters that a link keeps."""
        return {**self.named, **self.params}


@dataclass(frozen=True, slots=True)
class Shareable:
    """One report; `ask` reads the parameters of the members' page, or those that an inquiry keeps; raises NotThere."""

    label: Promise
    template: str
    ask: Callable[[Workspace, Params, datetime], Inquiry]


def of_what_is_there(read: tuple[Asked, Collection[Fault]], naming: Collection[str]) -> Asked:
    """Give a question as a page reads it, where all that it is about is there; raise NotThere.

    read     by `read_leniently`: what can't be read is usual, as on the page
    naming   the parameters that name goals and what is saved: without these it would be another question
    """
    asked, faults = read
    if any(fault.field in naming for fault in faults):
        raise NotThere
    return asked
