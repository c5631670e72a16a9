"""Shareable: what a report says of itself so that links can open it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise

from workspaces.models import Workspace

Params = Mapping[str, str]


class NotThere(Exception):
    """What the parameters name is not there (any more): a goal, or all of them."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """A question as a link keeps it: the parameters that print it whole, and what it is called."""

    params: Params
    title: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A report as a link shows it.

    sentences   what somebody reads who reads nothing else
    context     of the template: what the members' own page shows of it, from the same answer
    """

    title: str
    sentences: tuple[str, ...]
    context: dict[str, Any]  # whatever the template shows


@dataclass(frozen=True, slots=True)
class Shareable:
    """One report.

    freeze    reads the parameters of the members' page; raises NotThere
    prepare   has computed what a look at the members' page would; runs before `show`, and may write
    show      answers what was frozen, in a transaction that can only read; raises NotThere
    """

    label: Promise
    template: str
    freeze: Callable[[Workspace, Params, datetime], Frozen]
    show: Callable[[Workspace, Params, datetime], Shown]
    prepare: Callable[[Workspace, Params, datetime], None] | None = None
