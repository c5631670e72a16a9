"""Writes the demo's tracking specification by the same verbs as everybody's."""

from collections.abc import Mapping
from datetime import datetime

from goals.models import Goal
from goals.specifying import ParameterDraft, SpecDraft, add_parameter, specify
from measureplan.demo.specs import SPECS, Specified
from workspaces.models import Membership


def specify_goals(goals: Mapping[str, Goal], *, by: Membership, now: datetime) -> None:
    """Specify the goals, by their keys; those that are told of nowhere stay without, as in most plans."""
    for each in SPECS:
        _specify(goals[each.goal], each, by=by, now=now)


def _specify(goal: Goal, data: Specified, *, by: Membership, now: datetime) -> None:
    draft = SpecDraft(
        event_name=data.event,
        about=data.about,
        platform=data.platform,
        method=data.method,
        place=data.place,
        owner=goal.owner,
        state=data.state,
        ticket=data.ticket,
    )
    spec = specify(goal, draft, by=by, now=now)
    for each in data.parameters:
        parameter = ParameterDraft(
            each.name, type=each.type, is_required=each.is_required, allowed=each.allowed, about=each.about
        )
        add_parameter(spec, parameter, by=by, now=now)
