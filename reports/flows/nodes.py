"""What the steps of paths are: pages, events or goals; and how pages are taken together into folders."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from goals.conditions import as_like, compile_rules
from goals.definition import Definition
from goals.models import Goal
from tracking.uncounted import NOT_DONE

PAGE, EVENT, GOAL = "page", "event", "goal"
KINDS = (PAGE, EVENT, GOAL)
BOTH = " + "  # between the short names of goals that one event meets at once
MOST_DEPTH = 3


@dataclass(frozen=True, slots=True)
class Things:
    """What counts as a step, as expressions over `events` with their bound values.

    is_step    whether an event is one
    kind       page, event or goal
    name       the page's path, the event's name, the goals' short names
    """

    is_step: str
    kind: str
    name: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Folders:
    """How pages are taken together: by patterns, the first that a page meets, and the others by their first folders.

    patterns   in which * stands for anything
    depth      how many folders are kept, 0 for the whole path
    """

    patterns: tuple[str, ...] = ()
    depth: int = 0

    @property
    def name(self) -> tuple[str, dict[str, object]]:
        """Give the expression of a page's name after it, over `kind` and `name`, with the bound values."""
        params: dict[str, object] = {}
        cases = []
        for number, pattern in enumerate(self.patterns):
            params |= {f"like_{number}": as_like(pattern), f"as_{number}": pattern}
            cases.append(f"when kind = 'page' and name like $like_{number} escape '\\' then $as_{number}")
        if self.depth:
            inside = f"^((?:/[^/]+){{{self.depth}}})/.+"
            folder = f"regexp_extract(name, '{inside}', 1) || '/*'"
            cases.append(f"when kind = 'page' and regexp_matches(name, '{inside}') then {folder}")
        return (f"case {' '.join(cases)} else name end" if cases else "name"), params


_DONE = "coalesce(not list_contains($not_done, name), true)"
_NOT_DONE: Mapping[str, object] = MappingProxyType({"not_done": list(NOT_DONE)})
_IS_PAGE = "name = 'page_view'"
PLAIN: Mapping[str, Things] = MappingProxyType(
    {
        "pages": Things(_IS_PAGE, "'page'", "coalesce(path, '')", {}),
        "events": Things(_DONE, "'event'", "name", _NOT_DONE),
        "both": Things(
            _DONE,
            f"case when {_IS_PAGE} then 'page' else 'event' end",
            f"case when {_IS_PAGE} then coalesce(path, '') else name end",
            _NOT_DONE,
        ),
    }
)
GOALS = "goals"
SHOWN: Mapping[str, Promise] = MappingProxyType(
    {"pages": _("Pages"), "events": _("Events"), "both": _("Pages and events"), GOALS: _("Goals")}
)


def things_of(show: str, goals: Iterable[Goal], sources: Mapping[str, int]) -> Things:
    """Give what counts as a step.

    show      a key of SHOWN
    goals     with their rules; an event that meets several is a thing of its own, named after all of them
    sources   short name to id, as rules name sources
    """
    if show != GOALS:
        return PLAIN[show]
    params: dict[str, object] = {}
    cases, met = [], []
    for number, goal in enumerate(goals):
        rules = compile_rules(Definition.of(goal).rules, sources=sources, prefix=f"g{number}")
        params |= rules.params | {f"goal_{number}": goal.slug}
        cases.append(f"case when {rules.sql} then $goal_{number} end")
        met.append(f"coalesce({rules.sql}, false)")
    return Things(f"({' or '.join(met)})", "'goal'", f"concat_ws('{BOTH}', {', '.join(cases)})", params)
