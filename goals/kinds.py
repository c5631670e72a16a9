"""The rows of the plan's page by kind: how each is addressed, what it says, how it is written, taken out, brought back.

A row's address is its kind and number, "goal-12". Its state is what a person wrote of it, as JSON: the values of its
draft, rows by their number. Every change runs through the verbs of planning, listing, defining and targeting.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, cast

from django.db import models
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import defining, listing, planning, targeting
from goals.conditions import parse, to_json
from goals.listing import QuestionDraft
from goals.models import Counting, Goal, Kpi, Level, Objective, Plan, Question, Target
from goals.planning import ObjectiveDraft
from goals.refilling import hint_refill
from goals.revising import By, locked
from goals.targeting import KpiDraft, TargetDraft
from workspaces.models import AuditEntry
from workspaces.refusal import Refusal

Row = Objective | Question | Goal | Kpi | Target
State = dict[str, Any]  # JSON values of a row by the names of its draft
Values = Mapping[str, Any]  # the same as Python has them: rows, days, decimals, rules


class RowGone(Refusal):
    """The row is no longer in the plan."""

    code = "row_gone"
    status = 404

    def __init__(self) -> None:
        super().__init__(_("This row is no longer in the plan; somebody took it out. Open the page again."))


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of row.

    rows     those in the plan
    draft    what a person wrote of a row
    change   writes a row anew, by the verb of its kind
    remove   takes a row out
    above    the column of the row that it stands below, "" for objectives and goals
    """

    key: str
    label: str | Promise
    model: type[models.Model]
    rows: Callable[[Plan], "QuerySet[Any]"]
    draft: Callable[[Any], Any]
    change: Callable[..., Any]
    remove: Callable[..., None]
    above: str = ""

    @property
    def is_archived(self) -> bool:
        """Say whether a row that is taken out is kept, or deleted and made anew when it is brought back."""
        return self.model in {Goal, Kpi}


def _goal_changed(goal: Goal, draft: defining.GoalDraft, *, by: By, now: datetime) -> Goal:
    return defining.change_goal(goal, draft, by=by, now=now)


KINDS: Final[dict[str, Kind]] = {
    kind.key: kind
    for kind in (
        Kind(
            "objective", gettext_lazy("Objective"), Objective, lambda plan: plan.objectives.all(), ObjectiveDraft.of,
            planning.change_objective, planning.delete_objective,
        ),
        Kind(
            "question", gettext_lazy("Question"), Question, lambda plan: Question.objects.filter(objective__plan=plan),
            QuestionDraft.of, listing.change, listing.remove, above="objective",
        ),
        Kind(
            "goal", gettext_lazy("Goal"), Goal, lambda plan: plan.goals.live(), defining.draft_of, _goal_changed,
            defining.archive_goal,
        ),
        Kind(
            "kpi", gettext_lazy("KPI"), Kpi, lambda plan: Kpi.objects.live().filter(goal__plan=plan), KpiDraft.of,
            targeting.change_kpi, targeting.archive_kpi, above="goal",
        ),
        Kind(
            "target", gettext_lazy("Target"), Target,
            lambda plan: Target.objects.filter(kpi__in=Kpi.objects.live().filter(goal__plan=plan)),
            TargetDraft.of, targeting.change_target, targeting.delete_target, above="kpi",
        ),
    )
}  # fmt: skip
_BY_MODEL: Final = {kind.model: kind for kind in KINDS.values()}


def kind_of(row: Row) -> Kind:
    """Give the kind of a row."""
    return _BY_MODEL[type(row)]


def address(row: Row) -> str:
    """Give the row's address on the page: goal-12."""
    return f"{kind_of(row).key}-{row.pk}"


def split(written: str) -> tuple[Kind, int]:
    """Read an address; raise RowGone for what is none."""
    key, _dash, number = written.partition("-")
    if key not in KINDS or not (number.isascii() and number.isdecimal()) or len(number) > 18:
        raise RowGone
    return KINDS[key], int(number)


def find(plan: Plan, written: str) -> Row:
    """Give the row of that address; raise RowGone where the plan has none."""
    kind, number = split(written)
    row = kind.rows(plan).filter(pk=number).first()
    if row is None:
        raise RowGone
    return cast(Row, row)


def state_of(row: Row) -> State:
    """Give all that a person wrote of the row."""
    if isinstance(row, Goal):
        draft = defining.draft_of(row)
        supports = sorted(macro.pk for macro in draft.supports)
        definition = {"rules": to_json(draft.definition.rules), "counting": str(draft.definition.counting)}
        return {name: _plain(value) for name, value in draft.facts().items()} | {"supports": supports} | definition
    return {name: _plain(value) for name, value in kind_of(row).draft(row).columns().items()}


def write(row: Row, values: Values, *, by: By, now: datetime) -> Row:
    """Write some of the row's values, and leave the others as they are saved now."""
    saved = locked(row)
    draft = kind_of(row).draft(saved)
    given = dict(values)
    if isinstance(draft, defining.GoalDraft):
        defined = {name: given.pop(name) for name in ("rules", "counting") if name in given}
        given["definition"] = replace(draft.definition, **defined)
    return cast(Row, kind_of(row).change(saved, replace(draft, **given), by=by, now=now))


def take_out(row: Row, *, by: By, now: datetime) -> None:
    """Archive a goal or KPI, delete another row; raise the verb's refusal while something stands on it."""
    kind_of(row).remove(row, by=by, now=now)


def whole_of(row: Row) -> State:
    """Give what brings the row back when it is gone: its state, its place, its name in addresses."""
    kind = kind_of(row)
    kept = state_of(row)
    if not kind.is_archived:
        kept |= {name: getattr(row, name) for name in ("slug", "position") if hasattr(row, name)}
        kept |= {kind.above: getattr(row, f"{kind.above}_id")} if kind.above else {}
    return kept


def bring_back(plan: Plan, written: str, kept: State, *, by: By, now: datetime) -> Row:
    """Put a row back that was taken out, under its old number; raise RowGone where what it stood below is gone."""
    kind, number = split(written)
    row = _unarchived(plan, kind, number) if kind.is_archived else _made_anew(plan, kind, number, kept)
    AuditEntry.record(by, "restored", row, workspace=plan.workspace, now=now)
    if isinstance(row, Goal):
        hint_refill(row)
    # What it stood under may have gone and come back meanwhile, which emptied its column.
    return write(row, load(plan, kept), by=by, now=now) if kind.is_archived else row


def _unarchived(plan: Plan, kind: Kind, number: int) -> Row:
    below = {"plan": plan} if kind.model is Goal else {"goal__plan": plan, "goal__archived_at": None}
    row = kind.model._default_manager.select_for_update(of=("self",)).filter(pk=number, **below).first()  # noqa: SLF001
    if row is None:
        raise RowGone
    kept = cast(Goal | Kpi, row)
    kept.archived_at = None
    kept.revision += 1
    kept.save(update_fields=["archived_at", "revision"])
    return kept


def _made_anew(plan: Plan, kind: Kind, number: int, kept: State) -> Row:
    values = load(plan, {name: value for name, value in kept.items() if name != kind.above})
    if kind.above:
        parent = KINDS[kind.above].rows(plan).filter(pk=kept[kind.above]).first()
        if parent is None:
            raise RowGone
        values |= {kind.above: parent}
    else:
        values |= {"plan": plan}
    made = kind.model._default_manager.create(pk=number, workspace=plan.workspace, **values)  # noqa: SLF001
    return cast(Row, made)


def load(plan: Plan, kept: State) -> dict[str, Any]:  # values as drafts take them
    """Give a state's values as drafts take them; people who left and rows that are gone are nobody and nothing."""
    return {name: _LOADS[name](plan, value) if name in _LOADS else value for name, value in kept.items()}


def _plain(value: Any) -> Any:  # a value of a draft, and as JSON
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def _decimal(_plan: Plan, kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)


def _day(_plan: Plan, kept: str | None) -> date | None:
    return None if kept is None else date.fromisoformat(kept)


_LOADS: Final[dict[str, Callable[[Plan, Any], Any]]] = {
    "owner": lambda plan, kept: plan.workspace.memberships.filter(pk=kept).first(),
    "objective": lambda plan, kept: plan.objectives.filter(pk=kept).first(),
    "segment": lambda plan, kept: plan.segments.filter(pk=kept).first(),
    "metric": lambda plan, kept: plan.workspace.calculated_metrics.filter(pk=kept).first(),
    "supports": lambda plan, kept: tuple(plan.goals.live().filter(pk__in=kept)),
    "rules": lambda _plan, kept: parse(kept) if kept else (),
    "counting": lambda _plan, kept: Counting(kept),
    "level": lambda _plan, kept: Level(kept),
    **dict.fromkeys(("value", "value_high", "baseline", "green_share", "amber_share"), _decimal),
    **dict.fromkeys(("starts_on", "ends_on", "baseline_since", "baseline_until"), _day),
}
