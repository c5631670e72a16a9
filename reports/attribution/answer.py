"""What an Asked comes to: page, API and CSV all take it from here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from analysis.assists import Split
from analysis.attribution.credit import NONE
from goals.models import Goal
from reports import publishing
from reports.answer import READY, Provenance, provenance_of, reaches, rows_since_of, state_and_fault
from reports.attribution.blocks import Stored, stored_of
from reports.attribution.crediting import Credited, credit_all
from reports.attribution.learned import Found, Standing, standings
from reports.attribution.of_a_day import of_a_day
from reports.attribution.parts import names_and_parts
from reports.attribution.question import Asked
from reports.attribution.rows import Row, rows_of
from reports.attribution.sequences import overlaps, ways
from reports.attribution.still_open import StillOpen, still_open
from reports.credit import Part
from reports.daily import Figures, figures
from reports.dimensions import DIMENSIONS, label_of
from reports.gaps import Gap, gaps_of
from reports.models import FillState
from workspaces.models import Workspace

MOST_PATHS = 20  # that the page lists
COMPARED_KEYS = 3  # whose overlap is shown


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

    models                          those with figures, in the question's order: data-driven ones may be on their way
    learned                         what the data-driven ones among them found; of which data, its run says
    conversions, value, value_net   of all, micros
    unattributed                    conversions that the base credits to nothing
    of_a_day                        conversions of persons who are known for one day alone
    """

    rows: tuple[Row, ...]
    parts: tuple[Part, ...]
    paths: tuple[Path, ...]
    overlap: tuple[Shared, ...]
    conversions: int
    unattributed: int
    of_a_day: int
    value: int
    value_net: int
    models: tuple[str, ...]
    learned: Mapping[str, Found]


@dataclass(frozen=True, slots=True)
class Answer:
    """Several models' credits of one goal over one range, all of one data version.

    state, fault, rows_since, outages   as in reports.answer.Answer
    before                              the totals of the comparison's range
    stored                              where the paths are; None unless ready
    learning                            how each data-driven model of the question stands
    still_open                          what of the range's touches can still change; None unless ready
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
    learning: tuple[Standing, ...] = ()
    still_open: StillOpen | None = None


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
    stored = stored_of(published, goal) if is_ready else None
    learning = standings(goal, asked) if is_ready else ()
    is_compared = earlier is not None and is_ready and reaches(published, earlier.since)
    return Answer(
        asked=asked,
        state=state,
        fault=fault,
        totals=figures(days, visits, since=span.since, until=span.until),
        before=figures(days, visits, since=earlier.since, until=earlier.until) if earlier and is_compared else None,
        found=attributed(stored, asked, learning) if stored and rows_since is None else None,
        currency=currency,
        provenance=provenance_of(published, goal, span),
        outages=gaps_of(workspace, [goal.pk], since=span.since, until=span.until, now=now).get(goal.pk, ()),
        rows_since=rows_since,
        stored=stored,
        learning=learning,
        still_open=still_open(stored, asked) if stored and rows_since is None else None,
    )


def attributed(stored: Stored, asked: Asked, learning: Iterable[Standing] = ()) -> Attributed:
    """Credit the stored conversions of the question's days; what models learned of them stands beside."""
    learned = {each.model: each.found for each in learning if each.found is not None}
    names, parts = names_and_parts(stored, asked.span, DIMENSIONS[asked.breakdown].column)
    credited = credit_all(parts, asked.weighed, n_keys=len(names), windows=asked.windows, direct=asked.direct)
    labels = [label_of(asked.breakdown, name) for name in names]
    rows = rows_of(asked, credited, names, learned)
    top = [names.index(row.key) for row in rows if row.influenced][:COMPARED_KEYS]
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
        of_a_day=of_a_day(stored, asked.span),
        value=credited.value,
        value_net=credited.value_net,
        models=tuple(model for model in asked.models if model in asked.weighed or model in learned),
        learned=learned,
    )  # fmt: skip


def _parts(credited: Credited) -> tuple[Part, ...]:
    return tuple(
        Part(
            NONE if each is Split.NONE else each.name.lower(),
            int(credited.split[each]), int(credited.split_value[each]), int(credited.split_net[each]),
        )
        for each in Split
    )  # fmt: skip
