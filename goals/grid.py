"""The columns of the plan's page: what each shows of which kind of row, as people type it, and how it is written.

A field's `of` names the column of goals.columns that it is for a kind of row; without one the cell is empty or read
only. A KPI's target stands in the KPI's row: its fields are those of the target that the KPI is held against now.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final, cast

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals import cells, triggers
from goals.columns import TABLES
from goals.conditions import Misstated
from goals.definition import Definition
from goals.figures import figure_of, kept_of
from goals.kinds import Row, kind_of
from goals.models import FORMATS, Format, Goal, Kpi, Level, Measure, Target
from goals.outline import current_target
from goals.references import Person, Rules
from goals.tables import Column, Misread
from workspaces.models import Workspace

TABLE_OF: Final = {
    "objective": "objectives", "question": "questions", "goal": "goals", "kpi": "kpis", "target": "targets",
}  # fmt: skip
OF_TARGET: Final = ("value", "ends_on", "baseline")  # columns of a target that a KPI's row shows


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the page.

    of         by kind of row, the key of the column in its table
    is_fixed   whether it always stands there; others are chosen
    is_usual   whether it stands there until somebody chooses
    """

    key: str
    label: str | Promise
    of: Mapping[str, str] = field(default_factory=dict)
    is_fixed: bool = False
    is_usual: bool = False


_EVERY: Final = {"objective": "department", "goal": "department", "kpi": "department"}
FIELDS: Final[dict[str, Field]] = {
    each.key: each
    for each in (
        Field(
            "name", gettext_lazy("Goal"), {"objective": "name", "question": "text", "goal": "name", "kpi": "name"},
            is_fixed=True,
        ),
        Field("now", gettext_lazy("Now"), is_fixed=True),
        Field(
            "target", gettext_lazy("Target"), {"goal": "value", "kpi": "value", "target": "value"}, is_fixed=True
        ),
        Field("until", gettext_lazy("By"), {"objective": "horizon", "kpi": "ends_on", "target": "ends_on"}),
        Field("baseline", gettext_lazy("Baseline"), {"kpi": "baseline", "target": "baseline"}),
        Field("counts", gettext_lazy("What counts"), {"goal": "rules"}, is_fixed=True),
        Field("tracking", gettext_lazy("Tracking"), is_fixed=True),
        Field(
            "owner", gettext_lazy("Owner"),
            {"objective": "owner", "question": "asker", "goal": "owner", "kpi": "owner"}, is_usual=True,
        ),
        Field("department", gettext_lazy("Department"), _EVERY, is_usual=True),
        Field("why", gettext_lazy("Why"), {"objective": "why", "question": "decision", "goal": "rationale"}),
        Field("stage", gettext_lazy("Stage"), {"goal": "stage", "kpi": "timing"}),
        Field("kind", gettext_lazy("Kind"), {"goal": "micro_kind", "kpi": "weight"}),
    )
}  # fmt: skip
CHOOSABLE: Final = tuple(each for each in FIELDS.values() if not each.is_fixed)


@dataclass(frozen=True, slots=True)
class Editor:
    """How a cell is typed into.

    control   text, select, date
    options   of a select: value and words
    choices   the id of the list that a text offers, "" for none
    """

    control: str
    label: str
    options: tuple[tuple[str, str], ...] = ()
    choices: str = ""
    most: int = 0
    hint: str = ""


def chosen(asked: str | None) -> tuple[Field, ...]:
    """Give the columns that `?columns=` asks for, beside the fixed ones; None: the usual ones."""
    keys = {each.key for each in CHOOSABLE if each.is_usual} if asked is None else set(asked.split(","))
    shown = (each for each in FIELDS.values() if each.is_fixed or each.key in keys)
    # In the reader's words from here on: a lazy label would be translated for each of some thousand cells.
    return tuple(replace(each, label=str(each.label)) for each in shown)


def column(kind: str, key: str) -> Column | None:
    """Give the column that a field is for a kind of row; None where the cell can't be written."""
    name = FIELDS[key].of.get(kind)
    if name is None:
        return None
    table = "target" if kind in {"goal", "kpi"} and name in OF_TARGET else kind
    return TABLES[TABLE_OF[table]].column(name)


def is_open(row: Row, key: str) -> bool:
    """Say whether the row's cell can be written."""
    if isinstance(row, Goal) and key == "kind":
        return row.level == Level.MICRO
    if isinstance(row, Goal) and key == "target":
        return not row.kpis.all()  # its KPIs have the targets
    if isinstance(row, Kpi) and key in {"until", "baseline"}:
        return bool(row.targets.all())  # a target begins with its number
    return column(kind_of(row).key, key) is not None


def text_of(row: Row, key: str, *, today: date | None = None) -> str:
    """Give what stands in the cell as people type it, "" for an empty one."""
    kind = kind_of(row).key
    shown = column(kind, key)
    held = holder(row, key, today=today)
    if shown is None or held is None:
        return ""
    if shown.key == "rules":
        return _rules_text(held, shown)
    return shown.text(_value(held, shown.key))


def holder(row: Row, key: str, *, today: date | None = None) -> Row | None:
    """Give the row that keeps the cell's value: of a KPI's target cells the current target, None without one."""
    name = FIELDS[key].of.get(kind_of(row).key)
    if name not in OF_TARGET:
        return row
    if isinstance(row, Kpi):
        return current_target(list(row.targets.all()), today)
    return None if isinstance(row, Goal) else row


def read(row: Row, key: str, text: str) -> Any:  # a value of the draft of the cell's holder
    """Read what was typed into a cell, as the draft of its row takes it; raise tables.Misread."""
    of, workspace = cast(Column, column(kind_of(row).key, key)), row.workspace  # `is_open` was asked before
    if of.key == "rules":
        return of.read(written_rules(text))
    if isinstance(of.cell, Person):
        email = of.read(text, cells.LookUps(members=dict(members(workspace))))
        return workspace.memberships.filter(user__email=email).first() if email else None
    if isinstance(of.cell, cells.Figure):
        written_as = format_of(row, text)
        return kept_of(of.read(text, cells.LookUps(format=written_as)), written_as)
    value = of.read(text, cells.LookUps())
    return date.fromisoformat(value) if isinstance(of.cell, cells.Day) and value else value


def format_of(row: Row, text: str) -> Format:
    """Say how a target typed here is written: as its KPI is, or as the one that it will make on a goal."""
    match row:
        case Kpi():
            return row.format
        case Target():
            return row.kpi.format
    return FORMATS[measure_of(text)]


def measure_of(text: str) -> Measure:
    """Say what a target typed on a goal measures: a number with % is a rate and another one a count."""
    return Measure.RATE if text.strip().endswith("%") else Measure.COUNT


def written_rules(text: str) -> str:
    """Give typed rules in their small language: a lone path is a page, another lone word an event."""
    words = text.split()
    if len(words) != 1 or '"' in text:
        return text
    return f"page {words[0]}" if words[0].startswith("/") else f"event {words[0]}"


def editor(workspace: Workspace, kind: str, key: str) -> Editor | None:
    """Say how the cell of such a row is typed into; None for cells that are read only."""
    of = column(kind, key)
    if of is None:
        return None
    label, hint = str(FIELDS[key].label), str(of.help)
    match of.cell:
        case cells.Choice():
            # Their own words, not their keys: they are what stands in the cell and what is read back.
            options = tuple((str(words), str(words)) for _value, words in of.cell.choices)
            made = Editor("select", label, options if of.empty else (("", "–"), *options))
        case Person():
            made = Editor("select", label, (("", _("Nobody")), *members(workspace)))
        case cells.Day():
            made = Editor("date", label, hint=hint)
        case cells.Text():
            made = Editor("text", label, most=of.cell.most, choices="departments" if key == "department" else "")
        case Rules():
            made = Editor("text", label, choices="seen-events", hint=_("An event's name, or a page: /thanks*"))
        case _:
            made = Editor("text", label, hint=hint)
    return made


def members(workspace: Workspace) -> tuple[tuple[str, str], ...]:
    """Give the members' addresses and names, by name."""
    rows = workspace.memberships.select_related("user").order_by("user__name", "user__email")
    return tuple((each.user.email, str(each.user)) for each in rows)


def _rules_text(goal: Any, of: Column) -> str:  # a Goal
    try:
        definition = Definition.of(goal)
    except Misstated:  # written by an older version of the language
        return ""
    told = triggers.told(definition) if definition.rules else {}
    short = next((text for name, text in told.items() if name != "trigger"), "")
    return short if short and _reads(of, short) == definition.rules else of.text(definition.rules)


def _reads(of: Column, short: str) -> Any:
    """Read a rule's short form; None where it would not be read back, such as a name with a quotation mark."""
    try:
        return of.read(written_rules(short))
    except Misread:
        return None


def _value(row: Any, key: str) -> Any:  # a row, and a value as its column writes it
    value = getattr(row, key)
    if isinstance(row, Target) and key in {"value", "baseline"}:
        return figure_of(value, row.kpi.format)
    if isinstance(value, models.Model):
        return value.user.email  # type: ignore[attr-defined]  # owners are the only rows among the cells
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value
