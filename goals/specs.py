"""Tracking specifications as developers read them: one sheet a goal, those to build first; written whole."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from goals import specifying
from goals.document import Document
from goals.models import Goal, SpecState, TrackingSpec
from goals.revising import By
from goals.rows import GoalRow, ParameterRow, SpecRow
from goals.specifying import ParameterDraft, SpecDraft

MISSING: Final = "missing"  # the state of a goal that nobody has specified
_ORDER: Final = (SpecState.READY, SpecState.PROPOSED, MISSING, SpecState.IMPLEMENTED, SpecState.DEPRECATED)


@dataclass(frozen=True, slots=True)
class SpecSheet:
    """One goal's tracking; spec is None while nobody has written one."""

    goal: GoalRow
    spec: SpecRow | None
    parameters: tuple[ParameterRow, ...] = ()

    @property
    def state(self) -> str:
        """Give the state of the work."""
        return self.spec.state if self.spec else MISSING

    @property
    def is_open(self) -> bool:
        """Say whether somebody has work to do."""
        return self.state not in {SpecState.IMPLEMENTED, SpecState.DEPRECATED}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which sheets somebody wants to see; "" for all. `open` is a state of its own: whatever is to be built."""

    state: str = ""
    owner: str = ""
    platform: str = ""

    def fits(self, sheet: SpecSheet) -> bool:
        """Say whether the sheet is one of them."""
        is_state = self.state in {"", sheet.state} or (self.state == "open" and sheet.is_open)
        owner, platform = (sheet.spec.owner, sheet.spec.platform) if sheet.spec else ("", "")
        return is_state and self.owner in {"", owner} and self.platform in {"", platform}


def sheets_of(document: Document, asked: Asked | None = None) -> list[SpecSheet]:
    """Give the goals' sheets, those to build first, within that in the plan's order."""
    specs = {spec.goal: spec for spec in document.specs}
    parameters: dict[str, list[ParameterRow]] = {}
    for parameter in document.parameters:
        parameters.setdefault(parameter.goal, []).append(parameter)
    found = [SpecSheet(goal, specs.get(goal.slug), tuple(parameters.get(goal.slug, ()))) for goal in document.goals]
    kept: Iterable[SpecSheet] = found if asked is None else filter(asked.fits, found)
    return sorted(kept, key=lambda sheet: _ORDER.index(sheet.state))


@transaction.atomic
def write(
    goal: Goal,
    draft: SpecDraft,
    parameters: Sequence[ParameterDraft],
    *,
    by: By,
    now: datetime,
    seen: int | None = None,
) -> TrackingSpec:
    """Write a goal's specification with its parameters; those that are not named any more are taken out.

    seen     the revision that the writer knows
    raises   revising.Stale, specifying.Specified for two parameters of one name
    """
    saved = TrackingSpec.objects.filter(goal=goal).select_related("workspace").first()
    if saved is None:
        spec = specifying.specify(goal, draft, by=by, now=now)
    else:
        spec = specifying.change_spec(saved, draft, by=by, now=now, seen=seen)
    known = {parameter.name: parameter for parameter in spec.parameters.select_related("spec__workspace")}
    named = {parameter.name for parameter in parameters}
    for parameter in known.values():
        if parameter.name not in named:
            specifying.delete_parameter(parameter, by=by, now=now)
    for wanted in parameters:
        old = known.pop(wanted.name, None)
        if old is None:  # also the second of one name, which the verb refuses
            specifying.add_parameter(spec, wanted, by=by, now=now)
        else:
            specifying.change_parameter(old, wanted, by=by, now=now)
    return TrackingSpec.objects.select_related("workspace", "goal").get(pk=spec.pk)
