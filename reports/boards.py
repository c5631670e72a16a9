"""The KPI board as pages show it: rows under their objectives, each with its words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from goals.models import Kpi, Objective, Target
from reports import figures, restated
from reports.answer import UNTRACKED
from reports.metrics import ON_GOAL_PAGE
from reports.progress import UNMEASURED, Progress
from reports.sentences import needed
from workspaces.models import Workspace

LEAST_CHANCE = 0.02  # what a forecast from a few weeks can't tell from never


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One KPI against one target, with what stands beside its numbers.

    period   the target's days; basis: what a rate was counted from
    gap      why nothing is measured, "" where something is
    restated closed months of the period that came to say something else, the newest first
    """

    progress: Progress
    url: str
    owner: str
    period: str
    needed: str
    basis: str
    chance: str
    gap: str
    restated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """The KPIs of one objective, and how many of those with a target are on track."""

    name: str
    rows: tuple[BoardRow, ...]

    @property
    def on_track(self) -> int:
        """Count the rows that need nothing done."""
        return sum(row.progress.is_good for row in self.rows)

    @property
    def total(self) -> int:
        """Count the rows whose target can be judged by now."""
        return sum(row.progress.is_judged for row in self.rows)


def sections(workspace: Workspace, rows: Sequence[Progress]) -> list[Section]:
    """Group the rows by objective, in the plan's order; those without one come last."""
    found: dict[int | None, list[Progress]] = {}
    for row in sorted(rows, key=_order):
        objective = _objective(row.kpi)
        found.setdefault(objective.pk if objective else None, []).append(row)
    return [_section(workspace, group) for group in found.values()]


def live_kpis(workspace: Workspace) -> list[Kpi]:
    """Give the KPIs with all that a board reads of them."""
    kpis = workspace.kpis.filter(archived_at=None, goal__archived_at=None)
    targets = Prefetch("targets", Target.objects.select_related("segment"))
    related = ("goal__objective", "goal__owner__user", "goal__workspace", "objective", "metric")
    return list(kpis.select_related(*related).prefetch_related(targets))


def _section(workspace: Workspace, rows: Iterable[Progress]) -> Section:
    known = list(rows)
    objective = _objective(known[0].kpi)
    return Section(
        name=objective.name if objective else _("Without an objective"),
        rows=tuple(_row(workspace, row) for row in known),
    )


def _row(workspace: Workspace, row: Progress) -> BoardRow:
    return BoardRow(
        progress=row,
        url=_url(workspace, row),
        owner=row.kpi.department or row.goal.department,
        period=figures.days(row.span.since, row.span.until) if row.aim else "",
        needed=needed(row),
        basis=_basis(row),
        chance=_chance(row),
        gap=_gap(row),
        restated=tuple(filter(None, (restated.words(row.kpi, each, workspace) for each in row.restated))),
    )


def _url(workspace: Workspace, row: Progress) -> str:
    """Lead to what the figure is read off, over the target's days: the goal's page, or the metric in explorations."""
    dates = {"period": "custom", "from": row.span.since, "to": row.span.last} if row.aim else {}
    if row.kpi.metric:
        asked = {"metrics": row.kpi.metric.key, "by": "channel"}
        return f"{reverse('reports:explore', args=[workspace.slug])}?{urlencode(asked | dates)}"
    asked = {"metric": ON_GOAL_PAGE[row.kpi.measure]} | ({"per": row.kpi.per} if row.kpi.per else {})
    return f"{reverse('reports:goal', args=[workspace.slug, row.goal.slug])}?{urlencode(asked | dates)}"


def _gap(row: Progress) -> str:
    """Say why a KPI is not measured."""
    if row.fault:
        return row.fault
    if row.status != UNMEASURED:
        return ""
    if row.state == UNTRACKED or row.aim is None or row.aim.segment is None:
        return _("Nobody has said yet how this goal is noticed.")
    text = _("This target is for the segment %(segment)s, whose figures are not computed yet.")
    return text % {"segment": row.aim.segment}


def _chance(row: Progress) -> str:
    """Write how likely the target is met, no more exactly than anybody can know it."""
    if row.forecast is None or not row.is_judged:
        return ""
    share = row.forecast[3]
    if share < LEAST_CHANCE:
        return _("hardly to be met at this pace")
    if share > 1 - LEAST_CHANCE:
        return _("all but certain at this pace")
    return _("%(share)s likely to be met") % {"share": figures.percent(round(share, 2)).text}


def _basis(row: Progress) -> str:
    if row.actual is None or not row.is_share:
        return ""
    return f"{figures.basis(row.part, row.whole)} {row.of}".strip()


def _objective(kpi: Kpi) -> Objective | None:
    return kpi.objective or kpi.goal.objective


def _order(row: Progress) -> tuple[int, int, int, int]:
    objective = _objective(row.kpi)
    place = objective.position if objective else 10**6
    return place, objective.pk if objective else 0, row.kpi.position, row.kpi.pk
