"""What pasted rows become: new rows and changed ones, each with its reasons where it can't be read.

The preview writes them all and takes it back, so that it says what the paste itself will do.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar, cast

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from goals import defining, editing, grid, kinds, planning, targeting
from goals.columns import TABLES
from goals.definition import Definition
from goals.grid import column
from goals.kinds import Row
from goals.models import Goal, Kpi, Level, Measure, Objective, Plan, PlanEdit, Target
from goals.pasting import Block
from goals.planning import ObjectiveDraft
from goals.targeting import KpiDraft, TargetDraft
from goals.undoing import Step, made, remember, watched
from goals.wording import usual_counting
from workspaces.models import Membership
from workspaces.refusal import Refusal

Known = TypeVar("Known", Objective, Goal, Kpi, Target)
NEW, CHANGED, SAME, REJECTED = "new", "changed", "same", "rejected"
OF_GOAL: Final = ("counts", "why", "stage", "kind")
OF_EITHER: Final = ("owner", "department")
OF_TARGET: Final = ("until", "baseline")


@dataclass(slots=True)
class Outcome:
    """What one pasted row becomes.

    reasons   by column, why it can't be taken; "" for the row as a whole
    """

    number: int
    cells: tuple[str, ...]
    verdict: str = SAME
    word: str = ""
    reasons: dict[str, str] = field(default_factory=dict)


class Unfit(Refusal):
    """A pasted cell that can't be taken."""

    def __init__(self, key: str, reason: str) -> None:
        super().__init__(reason)
        self.field = key


def preview(plan: Plan, block: Block, *, at: Row | None, member: Membership, now: datetime) -> list[Outcome]:
    """Say what each row would become; nothing is kept."""
    with transaction.atomic():
        outcomes, _steps = _write(plan, block, at, member, now)
        transaction.set_rollback(True)
    return outcomes


@transaction.atomic
def paste(
    plan: Plan, block: Block, *, at: Row | None, member: Membership, now: datetime
) -> tuple[list[Outcome], PlanEdit | None]:
    """Write all rows that can be read, as one act to undo; those that can't are left out."""
    outcomes, steps = _write(plan, block, at, member, now)
    taken = sum(outcome.verdict in {NEW, CHANGED} for outcome in outcomes)
    label = ngettext("pasted %(count)s row", "pasted %(count)s rows", taken) % {"count": taken}
    return outcomes, remember(plan, member, label, steps, now=now)


def _write(
    plan: Plan, block: Block, at: Row | None, member: Membership, now: datetime
) -> tuple[list[Outcome], list[Step]]:
    writer = _Writer(plan, member, now, at)
    outcomes = [Outcome(number, row) for number, row in enumerate(block.body, start=1)]
    for outcome in outcomes:
        try:
            with transaction.atomic():
                writer.begin()
                outcome.word = writer.write(block.texts(outcome.cells))
        except Refusal as refusal:
            outcome.verdict = REJECTED
            outcome.reasons[writer.at_key or refusal.field or ""] = str(refusal)
        else:
            outcome.verdict = writer.keep()
    return outcomes, writer.steps


class _Writer:
    """Writes row after row; an empty cell of a level's own column means the one above, as merged cells do."""

    def __init__(self, plan: Plan, by: Membership, now: datetime, at: Row | None) -> None:
        self.plan, self.by, self.now, self.at = plan, by, now, at
        self.steps: list[Step] = []
        self.rows: dict[tuple[str, int, str], Any] = {}  # by kind, goal of a KPI or 0, and name: a row
        for kind in ("objective", "goal", "kpi"):
            for row in kinds.KINDS[kind].rows(plan):
                self.rows.setdefault(self._key(kind, row.name, getattr(row, "goal_id", 0)), row)
        self.above: dict[str, Any] = {}  # the last objective, macro and micro goal: rows

    def begin(self) -> None:
        """Start a row: what it makes counts only once all of it could be written."""
        self.at_key = ""
        self.added: dict[tuple[str, int, str], Any] = {}
        self.new: list[Step] = []
        self.context = dict(self.above)

    def keep(self) -> str:
        """Take over what the row made; say what became of it."""
        self.rows |= self.added
        self.steps += self.new
        self.above = self.context
        if not self.new:
            return SAME
        return NEW if any(step.before is None for step in self.new) else CHANGED

    def write(self, texts: Mapping[str, str]) -> str:
        """Write one row of texts; give what it is, in a word."""
        if "objective" in texts:
            self.context = {"objective": self._objective(texts["objective"])}
        level = self._level(texts)
        if level == "objective":
            self.context = {"objective": self._objective(texts.get("name", ""), texts)}
            return _("Objective")
        goal = self._goal_of(texts, level)
        kpi_name = texts.get("kpi") or (texts.get("name") if level == "kpi" else None)
        target = {key: texts[key] for key in ("target", *OF_TARGET) if key in texts}
        kpi = self._kpi(goal, kpi_name, texts) if kpi_name else None
        if target:
            self._target(goal, kpi, target)
        return _("KPI") if kpi else str(goal.get_level_display())

    def _level(self, texts: Mapping[str, str]) -> str:
        self.at_key = "level"
        written = texts.get("level", "").casefold()
        if not written:
            return ""
        words = {_("Objective").casefold(): "objective", "objective": "objective", "kpi": "kpi"}
        if written in words:
            return words[written]
        return str(TABLES["goals"].column("level").read(written))

    def _goal_of(self, texts: Mapping[str, str], level: str) -> Goal:
        """Give the goal that the row speaks of, made or changed where it must be."""
        goal: Goal | None = None
        for key in ("macro", "micro"):
            if key in texts:
                goal = self._goal(texts[key], Level(key), texts if key == "micro" or "micro" not in texts else {})
                self.context = {name: row for name, row in self.context.items() if name in {"objective", "macro"}}
                self.context[key] = goal
        if "name" in texts and level != "kpi":
            goal = self._goal(texts["name"], Level(level) if level else self._usual_level(texts), texts)
            self.context[goal.level] = goal
        goal = goal or self.context.get("micro") or self.context.get("macro") or editing.goal_at(self.at)
        if goal is None:
            raise Unfit("name", _("No goal is named here; fill in a name."))
        return goal

    def _usual_level(self, texts: Mapping[str, str]) -> Level:
        known = self.rows.get(self._key("goal", texts["name"]))
        if known is not None:
            return Level(known.level)
        if "kind" in texts or self.context.get("macro"):
            return Level.MICRO
        return Level(self.at.level) if isinstance(self.at, Goal) else Level.MACRO

    def _objective(self, name: str, texts: Mapping[str, str] | None = None) -> Objective:
        self.at_key = "objective" if texts is None else "name"
        name = str(_column("objective", "name").read(name))
        values = self._values(Objective(workspace=self.plan.workspace), texts or {}, ("why", *OF_EITHER))
        known = self._known("objective", name)
        if known is not None:
            return self._changed(cast(Objective, known), values)
        draft = ObjectiveDraft(name, **values)
        return self._made("objective", name, planning.create_objective(self.plan, draft, by=self.by, now=self.now))

    def _goal(self, name: str, level: Level, texts: Mapping[str, str]) -> Goal:
        self.at_key = level if level in texts else "name"
        name = str(_column("goal", "name").read(name))
        stand_in = Goal(workspace=self.plan.workspace, level=level)
        own = OF_GOAL if texts.get("kpi") else (*OF_GOAL, *OF_EITHER)
        values = self._values(stand_in, texts, own)
        if level == Level.MACRO and values.get("micro_kind"):
            raise Unfit("kind", _("Only a micro goal is a milestone or a secondary action."))
        known = self._known("goal", name)
        if known is not None:
            self.at_key = "level"
            return self._changed(cast(Goal, known), values)
        macro = self.context.get("macro") or editing.macro_at(self.at)
        objective = self.context.get("objective") or (macro.objective if macro else editing.objective_at(self.at))
        definition = Definition(values.pop("rules", ()), counting=usual_counting(level))
        supports = (macro,) if macro and level == Level.MICRO else ()
        draft = defining.GoalDraft(name, level, definition, objective=objective, supports=supports, **values)
        return self._made("goal", name, defining.create_goal(self.plan, draft, by=self.by, now=self.now))

    def _kpi(self, goal: Goal, name: str, texts: Mapping[str, str]) -> Kpi:
        self.at_key = "kpi" if "kpi" in texts else "name"
        name = str(_column("kpi", "name").read(name))
        values = self._values(Kpi(workspace=self.plan.workspace, goal=goal), texts, OF_EITHER)
        known = self._known("kpi", name, goal.pk)
        if known is not None:
            return self._changed(cast(Kpi, known), values)
        measure = grid.measure_of(texts.get("target", ""))
        draft = KpiDraft(name, measure, per="visitors" if measure == Measure.RATE else "", **values)
        return self._made("kpi", name, targeting.create_kpi(goal, draft, by=self.by, now=self.now), goal.pk)

    def _target(self, goal: Goal, kpi: Kpi | None, texts: Mapping[str, str]) -> None:
        self.at_key = "target"
        if kpi is None:
            own = list(goal.kpis.filter(archived_at=None))
            if len(own) > 1:
                raise Unfit("target", _("The goal has several KPIs; name the one in a column KPI."))
            kpi = own[0] if own else self._kpi(goal, goal.name, {"target": texts.get("target", "")})
        held = grid.holder(kpi, "target")
        values = self._values(kpi, texts, ("target", *OF_TARGET))
        if held is not None:
            self._changed(cast(Target, held), values)
        elif "value" in values:
            days = {"starts_on": self.plan.starts_on, "ends_on": self.plan.ends_on}
            if "ends_on" in values:  # a day before the plan begins is a target of its own year
                days["starts_on"] = min(self.plan.starts_on, date(values["ends_on"].year, 1, 1))
            draft = TargetDraft(**days | values)
            self.new.append(made(targeting.create_target(kpi, draft, by=self.by, now=self.now)))

    def _values(self, row: Row, texts: Mapping[str, str], keys: tuple[str, ...]) -> dict[str, Any]:  # of a draft
        """Read the texts of some columns as the row's draft takes them; the column at fault is remembered."""
        found = {}
        for key in keys:
            of = column(kinds.kind_of(row).key, key)
            if key in texts and of is not None:
                self.at_key = key
                found[of.key] = grid.read(row, key, texts[key])
        return found

    def _changed(self, row: Known, values: Mapping[str, Any]) -> Known:
        steps: list[Step] = []
        with watched([row], steps):
            saved = kinds.write(row, values, by=self.by, now=self.now)
        self.new += steps
        return cast(Known, saved)

    def _made(self, kind: str, name: str, row: Known, goal: int = 0) -> Known:
        self.new.append(made(row))
        self.added[self._key(kind, name, goal)] = row
        return row

    def _known(self, kind: str, name: str, goal: int = 0) -> Any:  # a row or None
        key = self._key(kind, name, goal)
        return self.added.get(key) or self.rows.get(key)

    @staticmethod
    def _key(kind: str, name: str, goal: int = 0) -> tuple[str, int, str]:
        return kind, goal, name.strip().casefold()


def _column(kind: str, key: str) -> Any:  # a Column
    return column(kind, key)
