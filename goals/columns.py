"""The plan's tables and their columns as data: spreadsheets, cells edited in place, differences and copies read these.

A column turns one value of a document's row into people's text and back: `column.read(column.text(value)) == value`.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from analysis.attribution.models import MODELS
from goals import cells, rows
from goals import models as m
from goals.cells import Cell, LookUps, Words
from goals.definition import MAX_COUNTING_DAYS
from goals.document import Document
from goals.references import Person, Reference, Rules, Several
from goals.rows import Row
from goals.tables import Column, Misread, Table, Value

_SLUG: Final = (r"[a-zA-Z0-9_-]+", _("Write letters, digits and hyphens only, such as web-orders."))


def _choice(field: "models.Field[Any, Any]") -> cells.Choice:
    return cells.Choice(tuple((str(key), label) for key, label in field.choices or () if key))  # type: ignore[misc]  # ours are flat


def _of(model: type[models.Model], key: str, label: Words = "", **more: Any) -> Column:  # as Column
    """Make the column of a model's field: its label, its length, its choices and the usual one."""
    field = model._meta.get_field(key)
    cell: Cell
    if getattr(field, "choices", None):
        cell = _choice(field)  # type: ignore[arg-type]  # a field with choices
        more.setdefault("empty", field.default if field.has_default() else None)  # type: ignore[union-attr]
        more["empty"] = str(getattr(more["empty"], "value", more["empty"])) if more["empty"] is not None else None
    elif isinstance(field, models.DateField):
        cell = cells.Day()
    elif isinstance(field, models.BooleanField):
        cell = cells.YesNo()
    else:
        cell = cells.Text(field.max_length or 0)  # type: ignore[union-attr]
    return Column(key, label or capfirst(field.verbose_name), cell, **more)  # type: ignore[union-attr]


def _slug(*, most: int = 120) -> Column:
    return Column(
        "slug",
        _("Short name"),
        cells.Text(most, *_SLUG),
        help=_("Names the row for good, also when its name changes. Leave it empty for a new row."),
    )


def _under(key: str, label: Words, among: str) -> Column:
    return Column(key, label, Reference(among), needed=True)


def _owner(label: Words = "") -> Column:
    return Column("owner", label or _("Owner"), Person(), help=_("The member's e-mail address."))


PLAN = Table(
    "plan", _("Plan"), _("Plan"), rows.PlanRow, (),
    (
        _of(m.Plan, "name", needed=True),
        _of(m.Plan, "kind"),
        _of(m.Plan, "about"),
        _of(m.Plan, "starts_on", needed=True),
        _of(m.Plan, "ends_on", needed=True, help=_("The last day, itself inside.")),
        _owner(),
        _of(m.Plan, "last_reviewed_on"),
        _of(m.Plan, "next_review_on"),
        _of(m.Plan, "naming_rule"),
        _of(m.Plan, "approval_rule"),
    ),
)  # fmt: skip
OBJECTIVES = Table(
    "objectives", _("Objective"), _("Objectives"), rows.ObjectiveRow, ("slug",),
    (
        _slug(),
        _of(m.Objective, "name", needed=True),
        _of(m.Objective, "why"),
        _of(m.Objective, "department"),
        _owner(),
        _of(m.Objective, "horizon"),
    ),
)  # fmt: skip
QUESTIONS = Table(
    "questions", _("Question"), _("Questions"), rows.QuestionRow, ("objective", "slug"),
    (
        _under("objective", _("Objective"), "objectives"),
        _slug(),
        _of(m.Question, "text", needed=True),
        _of(m.Question, "asker"),
        _of(m.Question, "decision"),
    ),
    beside=("objective",),
)  # fmt: skip
GOALS = Table(
    "goals", _("Goal"), _("Goals"), rows.GoalRow, ("slug",),
    (
        _slug(),
        _of(m.Goal, "name", needed=True),
        _of(m.Goal, "level", needed=True, empty=None),
        Column("objective", _("Objective"), Reference("objectives")),
        _of(m.Goal, "micro_kind"),
        Column(
            "supports", _("Supports"), Several(Reference("macros"), in_order=False),
            help=_("Macro goals, parted by semicolons; for micro goals only."),
        ),
        _of(m.Goal, "stage"),
        _of(m.Goal, "rationale"),
        _of(m.Goal, "moment"),
        _of(m.Goal, "department"),
        _owner(),
        Column(
            "rules", _("What counts"), Rules(), help=_("Such as: page /thanks*, or: event newsletter_signup."),
        ),
        _of(m.Goal, "counting"),
        Column("counting_days", _("Counting window in days"), cells.Whole(1, MAX_COUNTING_DAYS), empty=30),
        _of(m.Goal, "value_rule"),
        Column("value_micros", _("Fixed value"), cells.Money()),
        Column("currency", _("Currency"), cells.Text(3, "[A-Z]{3}", _("Write a currency's three letters: NOK."))),
        Column(
            "model", _("Attribution model"),
            cells.Choice(tuple((name, _(model.label)) for name, model in MODELS.items())), empty="last",
        ),
        Column("view_days", _("View window in days"), cells.Whole(0, 90), help=_("Empty: the workspace's own.")),
        Column("engagement_days", _("Engagement window in days"), cells.Whole(0, 90)),
        Column("click_days", _("Click window in days"), cells.Whole(0, 90)),
    ),
    beside=("level", "objective"),
)  # fmt: skip
KPIS = Table(
    "kpis", _("KPI"), _("KPIs"), rows.KpiRow, ("slug",),
    (
        _slug(),
        _under("goal", _("Goal"), "goals"),
        _of(m.Kpi, "name", needed=True),
        _of(m.Kpi, "measure", needed=True, empty=None),
        _of(m.Kpi, "per"),
        Column(
            "metric", _("Metric of your own"), cells.Text(120, *_SLUG),
            help=_("Its short name, where that is what is measured."),
        ),
        _of(m.Kpi, "direction"),
        _of(m.Kpi, "weight"),
        _of(m.Kpi, "timing"),
        _of(m.Kpi, "department"),
        _owner(),
        _of(m.Kpi, "data_source"),
    ),
    beside=("goal",),
)  # fmt: skip
TARGETS = Table(
    "targets", _("Target"), _("Targets"), rows.TargetRow, ("kpi", "slug"),
    (
        _under("kpi", _("KPI"), "kpis"),
        _slug(most=140),
        Column("value", _("Target"), cells.Figure(), needed=True, help=_("412, an amount, or for a rate 3.4 %.")),
        Column("value_high", _("Upper end"), cells.Figure(), help=_("Of a band to keep within.")),
        _of(m.Target, "starts_on", needed=True),
        _of(m.Target, "ends_on", needed=True, help=_("The last day, itself inside.")),
        Column("baseline", _("Baseline"), cells.Figure(), help=_("What it was before.")),
        _of(m.Target, "baseline_since", _("Baseline from")),
        _of(m.Target, "baseline_until", _("Baseline until")),
        Column("green_share", _("Green from"), cells.Share(), help=_("Of what is expected to date: 95 %.")),
        Column("amber_share", _("Red below"), cells.Share()),
        Column("segment", _("Segment"), Reference("segments"), help=_("Empty: everybody.")),
    ),
)  # fmt: skip
SEGMENTS = Table(
    "segments", _("Segment"), _("Segments"), rows.SegmentRow, ("slug",),
    (_slug(), _of(m.Segment, "name", needed=True), _of(m.Segment, "about"), _of(m.Segment, "decision")),
)  # fmt: skip
SPECS = Table(
    "specs", _("Tracking"), _("Tracking"), rows.SpecRow, ("goal",),
    (
        _under("goal", _("Goal"), "goals"),
        _of(m.TrackingSpec, "event_name"),
        _of(m.TrackingSpec, "about"),
        _of(m.TrackingSpec, "platform"),
        _of(m.TrackingSpec, "method"),
        _of(m.TrackingSpec, "place"),
        _of(m.TrackingSpec, "purpose"),
        _owner(_("Who builds it")),
        _of(m.TrackingSpec, "state"),
        Column(
            "ticket", _("Ticket"),
            cells.Text(300, r"https?://\S+", _("Write the whole address, beginning with https://.")),
        ),
        _of(m.TrackingSpec, "evidence"),
        _of(m.TrackingSpec, "checked_on"),
    ),
)  # fmt: skip
PARAMETERS = Table(
    "parameters", _("Parameter"), _("Parameters"), rows.ParameterRow, ("goal", "name"),
    (
        _under("goal", _("Goal"), "goals"),
        _of(m.Parameter, "name", needed=True),
        _of(m.Parameter, "type"),
        _of(m.Parameter, "is_required"),
        Column("allowed", _("Allowed values"), Several(cells.Text(120)), help=_("Parted by semicolons.")),
        _of(m.Parameter, "is_personal"),
        _of(m.Parameter, "about"),
    ),
    beside=("goal",),
)  # fmt: skip
REPORTINGS = Table(
    "reportings", _("Report"), _("Reports"), rows.ReportingRow, ("slug",),
    (
        _slug(),
        _of(m.Reporting, "audience", needed=True),
        _of(m.Reporting, "report"),
        _of(m.Reporting, "cadence"),
        _of(m.Reporting, "channel"),
        _of(m.Reporting, "recipients"),
    ),
)  # fmt: skip

# In the order in which people read a plan; `goals.document.LISTS` has the order in which rows build on each other.
TABLES: Final[dict[str, Table]] = {
    table.key: table
    for table in (
        PLAN, OBJECTIVES, QUESTIONS, GOALS, KPIS, TARGETS, SEGMENTS, SPECS, PARAMETERS, REPORTINGS,
    )
}  # fmt: skip


def look_ups(document: Document, members: Mapping[str, str], *, written_as: str = "") -> LookUps:
    """Give what texts of this plan may refer to; `members` are names by e-mail address."""
    goals = {row.slug: row.name for row in document.goals}
    return LookUps(
        objectives={row.slug: row.name for row in document.objectives},
        goals=goals,
        macros={row.slug: row.name for row in document.goals if row.level == m.Level.MACRO},
        kpis={row.slug: row.name for row in document.kpis},
        segments={row.slug: row.name for row in document.segments},
        members=members,
        format=written_as,
    )


# The look-up that has the names of the rows that a column refers to.
_AMONG: Final = {"objective": "objectives", "goal": "goals", "supports": "goals", "kpi": "kpis", "segment": "segments"}


def told(column: Column, value: Value, document: Document) -> str:
    """Write the value for reading alone: rows that it refers to stand there by their names."""
    among = _AMONG.get(column.key)
    if among is None or not isinstance(value, str | tuple):
        return column.text(value)
    names: Mapping[str, str] = {row.slug: row.name for row in getattr(document, among)}
    slugs: Iterable[str] = value if isinstance(value, tuple) else (value,)
    return "; ".join(names.get(slug, slug) for slug in slugs)


def texts_of(table: Table, row: Row) -> dict[str, str]:
    """Write a row's values by their columns."""
    return {column.key: column.text(column.of(row)) for column in table.columns}


def read_row(table: Table, texts: Mapping[str, str], looks: LookUps | None = None) -> tuple[Row | None, list[Misread]]:
    """Read a row of texts by their columns; None with every Misread where one of them can't be read.

    Columns that are left out keep their usual values, but for those that are needed.
    """
    values: dict[str, Value] = {}
    misread: list[Misread] = []
    for column in table.columns:
        if column.key not in texts and not column.needed and column.key not in table.address:
            continue
        try:
            values[column.key] = column.read(texts.get(column.key, ""), looks)
        except Misread as one:
            misread.append(one)
    return (None if misread else table.make(values)), misread


def labels(columns: Iterable[Column]) -> dict[str, str]:
    """Give the reader's words for the columns, by key."""
    return {column.key: str(column.label) for column in columns}
