"""What conversion insights come to: page, API and files all take it from here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from goals.models import Goal
from reports import publishing
from reports.annotations.reading import Annotated, annotations_of
from reports.answer import COMPUTING, FAULTY, READY, UNTRACKED, Provenance, provenance_of, state_and_fault
from reports.attribution.blocks import Stored, stored_of
from reports.attribution.of_a_day import of_a_day
from reports.gaps import gaps_of
from reports.insights import ads, gathering
from reports.insights.audience import Activity, activity
from reports.insights.contents import Contents, contents_of
from reports.insights.diagnosing import First, Notice, diagnosed, first_of, seen_for_a_day
from reports.insights.metrics import ADS, CHECKOUT, METRICS
from reports.insights.question import Asked, Known
from reports.insights.sources import Sources
from reports.insights.splits import SPLITS
from reports.insights.totals import Figure, PartRow, figures_of, split_of
from reports.insights.trending import Trend, trend_of
from reports.models import FillState
from reports.periods import Span
from reports.publishing import Published
from workspaces.models import Workspace
from workspaces.zones import day_of

BEFORE_FIRST = "before_first"  # the range ends before the first day that has figures
STATES = (READY, BEFORE_FIRST, UNTRACKED, "no_events", COMPUTING, FAULTY)


@dataclass(frozen=True, slots=True)
class Found:
    """The figures.

    days      that they are of: the question's without those that have no figures
    checkouts all of these days, credited or not
    of_a_day  those of them of persons who are known for one day alone
    accounts  that ad events of these days name
    """

    days: Span
    checkouts: int
    of_a_day: int
    figures: tuple[Figure, ...]
    parts: tuple[PartRow, ...]
    trend: Trend
    activity: Activity
    contents: Contents
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Insights of one range, all of one data version.

    state       ready, or why the checkout goal has no figures
    goals       by role; roles that no goal has are left out
    first       the first day that has figures, and why
    notices     what has to be known before reading
    found       None unless ready
    annotations what people said happened on these days, to these goals or to all, oldest first
    """

    asked: Asked
    state: str
    fault: str
    goals: Mapping[str, Goal]
    currency: str
    provenance: Provenance
    first: First | None
    notices: tuple[Notice, ...]
    found: Found | None = None
    annotations: tuple[Annotated, ...] = ()

    @property
    def checkout(self) -> Goal:
        """Give the goal whose conversions are checkouts."""
        return self.goals[CHECKOUT]


def answer(workspace: Workspace, known: Known, asked: Asked, *, now: datetime) -> Answer:
    """Answer the question about the workspace."""
    goals = {role: known.goals[slug] for role, slug in asked.roles.items()}
    ids = [goal.pk for goal in goals.values()]
    published = publishing.read(workspace.pk, ids, since=asked.until, until=asked.until)  # no day's figures are needed
    checkout = goals[CHECKOUT]
    state, fault = state_and_fault(published, checkout)
    gaps = gaps_of(workspace, ids, since=asked.since, until=asked.until, now=now)
    outages = tuple({gap.words: gap for found in gaps.values() for gap in found}.values())
    first = first_of(published, gaps.get(checkout.pk, ()))
    since = max(asked.since, first.day) if first else asked.since
    if state == READY and since >= asked.until:
        state = BEFORE_FIRST
    made = _provenance(published, goals, asked.span)
    days = Span(since, asked.until)
    found = _found(published, goals, asked, days, today=day_of(now, workspace.zone)) if state == READY else None
    late = diagnosed(made, outages, first, asked_since=asked.since, workspace=workspace, now=now)
    return Answer(
        asked=asked,
        state=state,
        fault=fault,
        goals=goals,
        currency=published.fills.get(checkout.pk, FillState()).currency or workspace.currency,
        provenance=made,
        first=first,
        notices=(*late, *(seen_for_a_day(found.of_a_day, of=found.checkouts) if found else ())),
        found=found,
        annotations=annotations_of(workspace, ids, since=days.since, until=days.until),
    )


def _provenance(published: Published, goals: Mapping[str, Goal], span: Span) -> Provenance:
    """Say what the figures are made of: of all of the goals, each at its version."""
    each = {role: provenance_of(published, goal, span) for role, goal in goals.items()}
    own = each[CHECKOUT]
    others = "".join(f".{made.data_version.rpartition('.')[2]}" for role, made in each.items() if role != CHECKOUT)
    is_complete = all(made.is_complete for made in each.values())
    return replace(own, data_version=own.data_version + others, is_complete=is_complete)


def _found(published: Published, goals: Mapping[str, Goal], asked: Asked, days: Span, *, today: date) -> Found:
    states = {role: state_and_fault(published, goal)[0] for role, goal in goals.items()}
    stored = {role: stored_of(published, goal) for role, goal in goals.items() if states[role] == READY}
    sources = _sources(published, stored, asked, days)
    missing = {role: _missing(goals[role], state) for role, state in states.items() if state != READY}
    tables = {role: each.paths for role, each in stored.items()}
    return Found(
        days=days,
        checkouts=len(sources.goals[CHECKOUT].day),
        of_a_day=of_a_day(stored[CHECKOUT], days),
        figures=figures_of(sources, missing),
        parts=split_of(sources),
        trend=trend_of(sources, days, today=today),
        activity=activity(published, tables, asked, days, sources.ads),
        contents=contents_of(sources),
        accounts=tuple(name for name in sources.ads.accounts if name),
    )


def _sources(published: Published, stored: Mapping[str, Stored], asked: Asked, days: Span) -> Sources:
    column = SPLITS[asked.split].column
    columns = tuple(dict.fromkeys(("content", column or "content")))
    of_ads = column if column and METRICS[asked.metric].of == ADS else "content"
    gathered = {
        role: gathering.gather(each, asked, days, columns, with_persons=role == CHECKOUT)
        for role, each in stored.items()
    }
    return Sources(asked, gathered, ads.ads_of(published.snapshot, days, of_ads))


def _missing(goal: Goal, state: str) -> str:
    """Say why a goal other than the checkout's has no figures."""
    words = {
        UNTRACKED: _("nobody has said yet how %(goal)s is noticed"),
        FAULTY: _("%(goal)s could not be computed"),
    }.get(state, _("%(goal)s is being computed"))
    return words % {"goal": goal.name}
