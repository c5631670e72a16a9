"""Answer: what a Question comes to. Page, API, CSV and comparison all take it from here."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from goals.models import Goal
from reports import publishing
from reports.annotations.reading import Annotated, annotations_of
from reports.breakdown import Breakdown, break_down
from reports.daily import Figures, figures
from reports.gaps import Gap, days_out, gaps_of
from reports.models import FillState
from reports.periods import Span, bucket_end
from reports.publishing import Published
from reports.question import Question
from tracking.models import Counter
from workspaces.models import Workspace
from workspaces.zones import day_of

READY = "ready"
NO_EVENTS = "no_events"  # nothing has arrived in the workspace yet
COMPUTING = "computing"  # events are there, the figures are not, or answer to an older definition
FAULTY = "faulty"  # the newest fill failed
UNTRACKED = "untracked"  # nobody has said yet how the goal is noticed
STATES = (READY, UNTRACKED, NO_EVENTS, COMPUTING, FAULTY)


@dataclass(frozen=True, slots=True)
class Bucket:
    """One point of the trend: the figures of its days [since, until); `is_partial` where they are not over yet."""

    since: date
    until: date
    is_partial: bool
    figures: Figures


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the figures are made of.

    data_version       names the state of lake and goal; equal versions are equal figures
    computed_through   every event received before is in them; None before the first fill
    is_complete        False where newer events or a newer definition wait to be computed
    other_currencies   conversions whose value is in another currency and left out of the sums, by currency
    excluded           events that did not count on these days, by reason
    """

    definition_version: int
    data_version: str
    computed_through: datetime | None
    is_complete: bool
    other_currencies: Mapping[str, int]
    excluded: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Answer:
    """The figures of one goal over one range, all of one data version.

    state       ready, or why there are no figures: untracked, no_events, computing, faulty
    before      of the comparison's range; None without one, or where no figures reach back so far
    currency    of all money in it
    breakdown   None unless ready, and where rows_since is set
    rows_since  the first day that can be broken down, where the range begins before it: older events were removed
    outages     times in which events should have come and did not, oldest first
    annotations what people said happened on these days, to the goal or to all, oldest first
    """

    question: Question
    state: str
    fault: str
    totals: Figures
    before: Figures | None
    buckets: tuple[Bucket, ...]
    buckets_before: tuple[Bucket, ...]
    breakdown: Breakdown | None
    currency: str
    provenance: Provenance
    outages: tuple[Gap, ...] = ()
    rows_since: date | None = None
    annotations: tuple[Annotated, ...] = ()

    def days_without(self, bucket: Bucket) -> int:
        """Count the days of a bucket on which tracking was broken."""
        return sum(bucket.since <= day < bucket.until for day in days_out(self.outages))


def answer(workspace: Workspace, goal: Goal, question: Question, *, now: datetime) -> Answer:
    """Answer the question about the workspace's goal."""
    earlier = question.comparison
    # Persons of the first days look back for their previous day, which is in the row itself: no earlier days needed.
    since = min(question.since, earlier.since) if earlier else question.since
    published = publishing.read(workspace.pk, [goal.pk], since=since, until=question.until)
    state, fault = state_and_fault(published, goal)
    today = day_of(now, workspace.zone)
    is_ready = state == READY
    days = published.days[goal.pk] if is_ready else {}
    visits = published.visits if is_ready else {}
    reaches_back = earlier is not None and is_ready and reaches(published, earlier.since)
    fill = published.fills.get(goal.pk, FillState())
    rows_since = rows_since_of(published, question.since)
    return Answer(
        question=question,
        state=state,
        fault=fault,
        totals=figures(days, visits, since=question.since, until=question.until),
        before=figures(days, visits, since=earlier.since, until=earlier.until) if earlier and reaches_back else None,
        buckets=_buckets(question, published, goal, today) if is_ready else (),
        buckets_before=_buckets(earlier, published, goal, today) if earlier and reaches_back else (),
        breakdown=break_down(question, published, goal.pk) if is_ready and rows_since is None else None,
        rows_since=rows_since,
        currency=fill.currency or workspace.currency,
        provenance=provenance_of(published, goal, question.span),
        outages=gaps_of(workspace, [goal.pk], since=question.since, until=question.until, now=now).get(goal.pk, ()),
        annotations=annotations_of(workspace, [goal.pk], since=question.since, until=question.until),
    )


def state_of(published: Published, goal: Goal) -> str:
    """Say whether the goal's figures are there, and why not."""
    return state_and_fault(published, goal)[0]


def state_and_fault(published: Published, goal: Goal) -> tuple[str, str]:
    """Say whether the goal's figures are there, and why not; with what went wrong where something did."""
    fill = published.fills.get(goal.pk)
    if goal.pk in published.untracked:
        return UNTRACKED, ""
    if published.publication is None and not published.has_events:
        return NO_EVENTS, ""
    if fill is not None and fill.failed_definition_at == goal.changed_at and fill.fault:
        return FAULTY, fill.fault
    if (
        published.publication is None
        or fill is None
        or not fill.is_readable
        or not fill.is_of(goal.version, goal.changed_at)
    ):
        return COMPUTING, ""
    return (READY, "") if fill.revision == published.publication.revision else (COMPUTING, "")


def reaches(published: Published, since: date) -> bool:
    """Say whether there are figures from before the day on."""
    first = published.publication.first_day if published.publication else None
    return first is not None and first < since


def rows_since_of(published: Published, since: date) -> date | None:
    """Give the first day that can be broken down, where the range begins before it."""
    kept = published.lake.kept_since if published.lake else None
    return kept if kept is not None and since < kept else None


def _buckets(question: Question, published: Published, goal: Goal, today: date) -> tuple[Bucket, ...]:
    days, visits = published.days[goal.pk], published.visits
    found = []
    since = question.since
    while since < question.until:
        until = min(bucket_end(since, question.interval), question.until)
        row = figures(days, visits, since=since, until=until)
        found.append(Bucket(since, until, until > today, row))
        since = until
    return tuple(found)


def provenance_of(published: Published, goal: Goal, span: Span) -> Provenance:
    """Say what the goal's figures of the range are made of."""
    fill = published.fills.get(goal.pk, FillState())
    publication = published.publication
    revision = publication.revision if publication else 0
    return Provenance(
        definition_version=fill.goal_version,
        data_version=f"{revision}.{fill.paths_version}",
        computed_through=publication.computed_through if publication else None,
        is_complete=fill.is_of(goal.version, goal.changed_at) and published.is_fresh,
        other_currencies={code: n for code, n in fill.currencies.items() if code != fill.currency},
        excluded=_excluded(goal.workspace_id, span),
    )


def _excluded(workspace_id: int, span: Span) -> dict[str, int]:
    rows = Counter.objects.filter(
        workspace_id=workspace_id, outcome="filtered", day__gte=span.since, day__lt=span.until
    ).values_list("reason", "events")
    sums: dict[str, int] = {}
    for reason, events in rows:
        sums[reason] = sums.get(reason, 0) + events
    return dict(sorted(sums.items()))
