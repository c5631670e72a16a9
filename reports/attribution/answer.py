"""What an Asked comes to: page, API and CSV all take it from here."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.assists import Split
from analysis.attribution.credit import NONE
from goals.models import Goal
from reports import paths, publishing
from reports.answer import READY, Provenance, provenance_of, reaches, rows_since_of, state_and_fault
from reports.attribution.blocks import Stored
from reports.attribution.crediting import INFLUENCED, Credited, apportioned, credit_all
from reports.attribution.parts import names_and_parts
from reports.attribution.question import Asked
from reports.attribution.sequences import overlaps, ways
from reports.credit import Part
from reports.daily import Figures, figures
from reports.dimensions import DIMENSIONS, label_of
from reports.gaps import Gap, gaps_of
from reports.models import FillState
from workspaces.models import Workspace

MOST_PATHS = 20  # that the page lists
COMPARED_KEYS = 3  # whose overlap is shown


@dataclass(frozen=True, slots=True)
class Cell:
    """What one value of the dimension earned under one model.

    conversions        credited, a sum of shares
    value, value_net   micros; of all rows together exactly the total
    share              of all conversions, or of the attributed ones; None for (none) of these
    change             conversions above what the base gives; None for the base itself
    """

    model: str
    conversions: float
    value: int
    value_net: int
    share: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the dimension; `places` counts its touches by crediting.PLACES, None for (none)."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    influenced: int | None
    places: tuple[int, ...] | None

    @property
    def is_none(self) -> bool:
        """Say whether this is the row of conversions without a credited touch."""
        return self.key == NONE


@dataclass(frozen=True, slots=True)
class Path:
    """A path by its keys' labels, oldest first; empty where nothing touched."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    conversions: int
    value: int
    median_lag: timedelta | None


@dataclass(frozen=True, slots=True)
class Shared:
    """Conversions whose path has exactly these of the compared values."""

    keys: tuple[str, ...]
    labels: tuple[str, ...]
    conversions: int


@dataclass(frozen=True, slots=True)
class Attributed:
    """The rows, every model's of which add up to the totals; the paid split, paths and overlap.

    conversions, value, value_net   of all, micros
    unattributed                    conversions that the base credits to nothing
    """

    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    paths: tuple[Path, ...]
    overlap: tuple[Shared, ...]
    conversions: int
    unattributed: int
    value: int
    value_net: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Several models' credits of one goal over one range, all of one data version.

    state, fault, rows_since, outages   as in reports.answer.Answer
    before                              the totals of the comparison's range
    stored                              where the paths are; None unless ready
    """

    asked: Asked
    state: str
    fault: str
    totals: Figures
    before: Figures | None
    found: Attributed | None
    currency: str
    provenance: Provenance
    outages: tuple[Gap, ...] = ()
    rows_since: date | None = None
    stored: Stored | None = None


def answer(workspace: Workspace, goal: Goal, asked: Asked, *, now: datetime) -> Answer:
    """Answer the question about the workspace's goal."""
    span, earlier = asked.span, asked.compared_span
    since = min(span.since, earlier.since) if earlier else span.since
    published = publishing.read(workspace.pk, [goal.pk], since=since, until=span.until)
    state, fault = state_and_fault(published, goal)
    is_ready = state == READY
    days, visits = (published.days[goal.pk], published.visits) if is_ready else ({}, {})
    fill = published.fills.get(goal.pk, FillState())
    currency = fill.currency or workspace.currency
    rows_since = rows_since_of(published, span.since)
    stored = Stored(published.snapshot, paths.published(fill), fill.currency) if is_ready else None
    is_compared = earlier is not None and is_ready and reaches(published, earlier.since)
    return Answer(
        asked=asked,
        state=state,
        fault=fault,
        totals=figures(days, visits, since=span.since, until=span.until),
        before=figures(days, visits, since=earlier.since, until=earlier.until) if earlier and is_compared else None,
        found=attributed(stored, asked) if stored and rows_since is None else None,
        currency=currency,
        provenance=provenance_of(published, goal, span),
        outages=gaps_of(workspace, [goal.pk], since=span.since, until=span.until, now=now).get(goal.pk, ()),
        rows_since=rows_since,
        stored=stored,
    )


def attributed(stored: Stored, asked: Asked) -> Attributed:
    """Credit the stored conversions of the question's days."""
    names, parts = names_and_parts(stored, asked.span, DIMENSIONS[asked.breakdown].column)
    credited = credit_all(parts, asked.models, n_keys=len(names), windows=asked.windows, direct=asked.direct)
    labels = [label_of(asked.breakdown, name) for name in names]
    rows = _rows(asked, credited, names)
    top = [names.index(row.key) for row in rows if not row.is_none][:COMPARED_KEYS]
    shared = overlaps(credited.walked, top, n_keys=len(names)) if len(top) > 1 else ()
    return Attributed(
        rows=rows,
        parts=_parts(credited),
        paths=tuple(
            Path(
                tuple(names[key] for key in way.keys), tuple(labels[key] for key in way.keys),
                way.conversions, way.value, way.median_lag,
            )
            for way in ways(credited.walked, credited.worth, n_keys=len(names), most=MOST_PATHS)
        ),
        overlap=tuple(
            Shared(tuple(names[key] for key in each.keys), tuple(labels[key] for key in each.keys), each.conversions)
            for each in shared
        ),
        conversions=credited.conversions,
        unattributed=round(credited.by_model[asked.base].conversions[0, -1]),
        value=credited.value,
        value_net=credited.value_net,
    )  # fmt: skip


def _rows(asked: Asked, credited: Credited, names: tuple[str, ...]) -> tuple[Row, ...]:
    """Give the values that are in any path, by the base's conversions, most first and (none) last."""
    influenced = credited.by_model[INFLUENCED].conversions[0]
    columns = {model: _column(credited, model) for model in asked.models}
    base = columns[asked.base]
    found = []
    for place, key in enumerate((*names, NONE)):
        is_none = place == len(names)
        if not is_none and not influenced[place]:
            continue
        cells = tuple(
            Cell(
                model=model,
                conversions=column.conversions[place],
                value=column.value[place],
                value_net=column.value_net[place],
                share=_share(asked, column, place),
                change=None if model == asked.base else column.conversions[place] - base.conversions[place],
            )
            for model, column in columns.items()
        )
        first_to_last = None if is_none else tuple(credited.places[:, place].tolist())
        count = None if is_none else round(influenced[place])
        found.append(Row(key, label_of(asked.breakdown, key), cells, count, first_to_last))
    position = asked.models.index(asked.base)
    found.sort(key=lambda row: (row.is_none, -row.cells[position].conversions, -(row.influenced or 0), row.key))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Column:
    """One model's credits by key, (none) last."""

    conversions: list[float]
    value: list[int]
    value_net: list[int]


def _column(credited: Credited, model: str) -> _Column:
    table = credited.by_model[model]
    return _Column(
        table.conversions[0].tolist(),
        apportioned(table.value[0], credited.value),
        apportioned(table.value_net[0], credited.value_net),
    )


def _share(asked: Asked, column: _Column, place: int) -> float | None:
    """Give the part of all conversions, or of those that the model credits to anything."""
    none = len(column.conversions) - 1
    if asked.shares == "attributed" and place == none:
        return None
    whole = sum(column.conversions) - (column.conversions[none] if asked.shares == "attributed" else 0)
    return column.conversions[place] / whole if whole else None


def _parts(credited: Credited) -> tuple[Part, ...]:
    return tuple(
        Part(
            NONE if each is Split.NONE else each.name.lower(),
            int(credited.split[each]), int(credited.split_value[each]), int(credited.split_net[each]),
        )
        for each in Split
    )  # fmt: skip
