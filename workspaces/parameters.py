"""Parameters of an API address: unknown ones are refused, never ignored."""

from collections.abc import Collection, Mapping
from datetime import date

from rest_framework.request import Request

from workspaces.problems import BadParameter

PAGING = frozenset({"limit", "cursor"})
LONGEST = 300


def read(request: Request, known: Collection[str], *, paged: bool = True) -> dict[str, str]:
    """Give the parameters that were sent, apart from the paging's; raise BadParameter.

    known   the names that this address understands
    """
    allowed = set(known) | (PAGING if paged else set())
    for name, values in request.query_params.lists():
        if name not in allowed:
            raise BadParameter(name, f"This address knows no such parameter; it knows {_listed(allowed)}.")
        if len(values) > 1:
            raise BadParameter(name, "This parameter stands twice.")
        if len(values[0]) > LONGEST:
            raise BadParameter(name, f"This parameter is longer than {LONGEST} letters.")
    return {name: request.query_params[name] for name in known if name in request.query_params}


def day_in(given: Mapping[str, str], name: str, *, usual: date) -> date:
    """Give the day that a parameter names, `usual` where it was not sent; raise BadParameter."""
    if name not in given:
        return usual
    try:
        return date.fromisoformat(given[name])
    except ValueError:
        raise BadParameter(name, "This is no day; write one such as 2026-11-21.") from None


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names)) or "none"
