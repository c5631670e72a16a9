"""Which events goals ask for, told to tracking: the names in their rules, the properties in their specifications."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from goals.conditions import Misstated, Rule
from goals.definition import Definition
from goals.models import Goal, SpecState, TrackingSpec
from tracking.agreeing import Wanted, agree, merged
from tracking.planned import OWN_EVENTS, Property
from workspaces import scope

_NAMED_BY = frozenset({"is", "one_of"})


def bring(workspace_id: int, *, now: datetime) -> int:
    """Bring the planned events to what live goals ask for; say how many changed. Safe to run at any time."""
    with scope.in_workspace(workspace_id):
        return agree(workspace_id, wanted(workspace_id), now=now)


def wanted(workspace_id: int) -> list[Wanted]:
    """Give the events that live goals ask for, by name; call it inside the workspace."""
    live = Goal.objects.filter(workspace_id=workspace_id).live().select_related("spec")
    goals: dict[str, dict[str, str]] = defaultdict(dict)
    carried: dict[str, list[Property]] = defaultdict(list)
    for goal in live.prefetch_related("rules", "spec__parameters"):
        spec, ruled = _spec(goal), _ruled(goal)
        for name in _names(spec, ruled):
            goals[name][goal.slug] = goal.name
        if spec is not None and (name := _specified(spec, ruled)):
            carried[name] += _properties(spec)
    return [
        Wanted(name, properties=merged(carried[name]), goals=tuple(sorted(asking.items())))
        for name, asking in sorted(goals.items())
    ]


def carried_by(goal: Goal, rules: Iterable[Rule]) -> Sequence[Property]:
    """Give what the goal's own specification says of the event that its rules name; call it inside the workspace.

    What other goals want of the same event is not in it: it reads one goal's rows.
    """
    spec, ruled = _spec(goal), names_in(rules)
    return _properties(spec) if spec is not None and _specified(spec, ruled) in ruled else ()


def names_in(rules: Iterable[Rule]) -> set[str]:
    """Give the event names that rules ask for by name; patterns plan no name."""
    return {
        value
        for rule in rules
        for condition in rule
        if condition.field.name == "name" and condition.operator.name in _NAMED_BY
        for value in condition.values
    }


def _spec(goal: Goal) -> TrackingSpec | None:
    spec = getattr(goal, "spec", None)
    return spec if spec is not None and spec.state != SpecState.DEPRECATED else None


def _names(spec: TrackingSpec | None, ruled: set[str]) -> set[str]:
    named = {spec.event_name} if spec and spec.event_name else set()
    return (named | ruled) - OWN_EVENTS


def _ruled(goal: Goal) -> set[str]:
    try:
        return names_in(Definition.of(goal).rules)
    except Misstated:  # written by an older version of the language
        return set()


def _specified(spec: TrackingSpec, ruled: set[str]) -> str:
    """Give the event that the specification is of: the one it names, else the only one that the rules name."""
    name: str = spec.event_name or (min(ruled) if len(ruled) == 1 else "")
    # A goal's page is a page view like all others: what this goal wants of it holds for no other.
    return "" if name in OWN_EVENTS else name


def _properties(spec: TrackingSpec) -> Sequence[Property]:
    return [
        Property(each.name, frozenset({each.type}), each.is_required, frozenset(each.allowed))
        for each in spec.parameters.all()
    ]
