"""KPIs against their targets: actual, expected to date, status, forecast, needed per day. One read for all of them."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from analysis.arrays import Floats
from analysis.pacing import Pace, Record
from analysis.targets import AMBER, GREEN, Status
from analysis.targets import Target as Aim
from goals.models import Direction, Format, Goal, Kpi, Target
from reports import publishing
from reports.answer import READY, UNTRACKED
from reports.gaps import Gap, days_out, gaps_of
from reports.meters.found import meters_of
from reports.meters.meter import Meter, Metered
from reports.models import Restatement
from reports.periods import DAY, Span
from reports.publishing import Published
from reports.readings import HISTORY_DAYS, read_days
from reports.restated import restatements_of
from workspaces.models import Workspace
from workspaces.zones import day_of, start_of

WEEKS = 12
GOOD = frozenset({"ahead", "on_track", "met"})
UNJUDGED = frozenset({"too_early", "observed", "no_target", "no_data", "unmeasured"})
OBSERVED, NO_TARGET, NO_DATA, UNMEASURED = "observed", "no_target", "no_data", "unmeasured"


@dataclass(frozen=True, slots=True)
class Progress:
    """Where one KPI stands against one target. Money in micros, rates as fractions, counts as they are.

    span        of the target, or the days shown where there is none
    state       of the figures of its goal, or of all that its metric's formula names, as in reports.answer
    goals       whose figures it takes: its own, or those that its metric's formula names
    fault       why its metric can't be computed any more; "" where it can
    told        its metric's formula in words; "" where it is read off its goal
    status      a key of STATUSES
    actual      None where nothing was measured, or a rate has no denominator
    part, whole what a rate, average or metric is made of; is_share: counts, the one of which lies in the other;
                of: what that one is called
    expected, target, upper, forecast (mean, low, high, chance), needed_per_day   None without a target
    weeks       the last twelve, oldest first; None where not measured
    outages     of its goals, on the span's days so far: what did not come then was not counted
    restated    of its goals: closed months that touch the span and came to say something else, the newest first
    """

    kpi: Kpi
    goal: Goal
    aim: Target | None
    span: Span
    state: str
    status: str
    actual: float | None
    part: float
    whole: int
    expected: float | None
    target: float | None
    upper: float | None
    forecast: tuple[float, float, float, float] | None
    needed_per_day: float | None
    elapsed_share: float
    weeks: tuple[float | None, ...]
    currency: str
    goals: tuple[Goal, ...] = ()
    is_share: bool = False
    of: str = ""
    fault: str = ""
    told: str = ""
    outages: tuple[Gap, ...] = ()
    restated: tuple[Restatement, ...] = ()

    @property
    def kind(self) -> str:
        """Give how its numbers are written: count, number, money or percent."""
        return Format(self.kpi.format).value

    @property
    def low(self) -> float | None:
        """Give the lower end of the forecast."""
        return self.forecast[1] if self.forecast else None

    @property
    def high(self) -> float | None:
        """Give the upper end of the forecast."""
        return self.forecast[2] if self.forecast else None

    @property
    def is_good(self) -> bool:
        """Say whether its status is one of those that need nothing done."""
        return self.status in GOOD

    @property
    def is_met(self) -> bool:
        """Say whether nothing more has to come."""
        return self.status in {"met", "missed"}

    @property
    def is_judged(self) -> bool:
        """Say whether it has a target, and enough has passed to say where it stands."""
        return self.has_target and self.status not in UNJUDGED

    @property
    def has_target(self) -> bool:
        """Say whether it is measured against anything."""
        return self.target is not None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the goals beside their figures, by goal id."""

    gaps: Mapping[int, Sequence[Gap]]
    restated: Mapping[int, Sequence[Restatement]]


@dataclass(frozen=True, slots=True)
class Board:
    """The progress of several KPIs, all of one publication."""

    rows: tuple[Progress, ...]
    published: Published


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A KPI, how it is read, and the target that it is held against, with its days."""

    kpi: Kpi
    meter: Meter
    aim: Target | None
    span: Span

    @property
    def goals(self) -> set[int]:
        """Give the ids of the goals whose figures it takes."""
        return {goal.pk for goal in self.meter.goals}


@dataclass(frozen=True, slots=True)
class Moment:
    """Up to when figures are known: the day that runs, and how much of it has passed."""

    today: date
    share: float
    first: date


def board(workspace: Workspace, kpis: Iterable[Kpi], *, fallback: Span, now: datetime) -> Board:
    """Give the progress of KPIs against their current targets; without one, their figures over the fallback."""
    shown, today = list(kpis), day_of(now, workspace.zone)
    meters = meters_of(workspace, shown)
    chosen = [_Chosen(kpi, meters[kpi.pk], aim, _span(aim, fallback)) for kpi in shown for aim in _current(kpi, today)]
    since = min(span.since for span in [*(each.span for each in chosen), fallback]) - timedelta(days=HISTORY_DAYS)
    until = max([*(each.span.until for each in chosen), fallback.until, today + DAY])
    goals = {pk for each in chosen for pk in each.goals}
    published = publishing.read(workspace.pk, goals, since=since, until=until)
    moment = _moment(workspace, published, now=now)
    known = Known(
        gaps_of(workspace, goals, since=since, until=until, now=now),
        restatements_of(workspace, goals, since=since, until=until),
    )
    return Board(tuple(_progress(each, published, moment, known) for each in chosen), published)


def boards_on(workspace: Workspace, kpi: Kpi, days: Span, *, now: datetime) -> Callable[[date], tuple[Progress, ...]]:
    """Give what the board says of a KPI's targets at the end of each of the days, all from one reading.

    days   full ones; a day's rows know nothing of later days
    """
    aims = list(kpi.targets.all())
    since = min([days.since, *(aim.starts_on for aim in aims)]) - timedelta(days=HISTORY_DAYS)
    meter = meters_of(workspace, [kpi])[kpi.pk]
    goals = sorted({goal.pk for goal in meter.goals})
    published = publishing.read(workspace.pk, goals, since=since, until=days.until)
    known = Known(gaps_of(workspace, goals, since=since, until=days.until, now=now), {})
    first = _moment(workspace, published, now=now).first

    def rows_on(day: date) -> tuple[Progress, ...]:
        chosen = [_Chosen(kpi, meter, aim, _span(aim, days)) for aim in _current(kpi, day) if aim is not None]
        return tuple(_progress(each, published, Moment(day, 1.0, first), known) for each in chosen)

    return rows_on


def _current(kpi: Kpi, today: date) -> Sequence[Target | None]:
    """Give the targets that run today; else the one that ended last; else the one that starts next; else None."""
    targets = list(kpi.targets.all())
    running = [each for each in targets if each.starts_on <= today <= each.ends_on]
    if running:
        return sorted(running, key=lambda each: each.ends_on)
    ended = [each for each in targets if each.ends_on < today]
    if ended:
        return [max(ended, key=lambda each: each.ends_on)]
    return [min(targets, key=lambda each: each.starts_on, default=None)]


def _span(aim: Target | None, fallback: Span) -> Span:
    return fallback if aim is None else Span(aim.starts_on, aim.ends_on + DAY)


def _moment(workspace: Workspace, published: Published, *, now: datetime) -> Moment:
    """Take the clock where nothing waits to be computed: a quiet night is known to be quiet."""
    publication = published.publication
    computed = publication.computed_through if publication else None
    through = computed if computed and published.has_waiting else now
    today = day_of(through, workspace.zone)
    share = _share_of_day(today, through, workspace.zone)
    first = publication.first_day if publication and publication.first_day else today
    return Moment(today, share, first + DAY)  # the first day's boundary may lie before the first event's


def _share_of_day(today: date, through: datetime, zone: ZoneInfo) -> float:
    begin, end = start_of(today, zone), start_of(today + DAY, zone)
    return min(max((through - begin) / (end - begin), 1e-6), 1.0)


def _progress(chosen: _Chosen, published: Published, moment: Moment, known: Known) -> Progress:
    kpi, aim, span = chosen.kpi, chosen.aim, chosen.span
    mine = tuple(gap for pk in sorted(chosen.goals) for gap in known.gaps.get(pk, ()))
    metered = chosen.meter.read(published)
    is_known = metered.state == READY and not _is_of_segment(aim)
    to_date = Span(span.since, max(min(span.until, moment.today + DAY), span.since))
    total = metered.figure(to_date.since, to_date.until)
    pace = _pace(chosen, metered, moment, days_out(mine)) if is_known and aim else None
    return Progress(
        kpi=kpi, goal=kpi.goal, aim=aim, span=span, state=metered.state,
        goals=chosen.meter.goals, fault=metered.fault, told=metered.told,
        status=_status(kpi, aim, pace, metered.state),
        actual=total.actual if is_known else None,
        part=total.part, whole=total.whole, is_share=metered.is_share, of=metered.of,
        expected=pace.expected if pace else None,
        target=float(aim.value) if aim else None,
        upper=float(aim.value_high) if aim and aim.value_high is not None else None,
        forecast=_forecast(pace),
        needed_per_day=pace.needed_per_day if pace else None,
        elapsed_share=pace.elapsed_share if pace else 0.0,
        weeks=_weeks(metered, moment) if is_known else (),
        currency=metered.currency,
        outages=tuple(gap for gap in mine if gap.since < to_date.until and gap.until > to_date.since),
        restated=tuple(
            row
            for pk in sorted(chosen.goals)
            for row in known.restated.get(pk, ())
            if row.since < span.until and row.until > span.since
        ),
    )  # fmt: skip


def _pace(chosen: _Chosen, metered: Metered, moment: Moment, out: Collection[date]) -> Pace | None:
    aim, span = chosen.aim, chosen.span
    if aim is None or moment.today < span.since:
        return None
    reading = read_days(metered, first=moment.first, span=span, today=moment.today, out=out)
    green, amber = _thresholds(aim)
    target = Aim(
        value=float(aim.value),
        direction="band" if aim.value_high is not None else "down" if chosen.kpi.direction == Direction.DOWN else "up",
        upper=float(aim.value_high) if aim.value_high is not None else None,
        green=green,
        amber=amber,
    )
    share = moment.share if moment.today < span.until else 1.0

    def record(values: Floats, besides: float) -> Record:
        begun = min(len(values) - reading.history, span.days)
        return Record(
            history=values[: reading.history],
            so_far=values[reading.history : reading.history + begun],
            days=span.days,
            weekday=span.since.weekday(),
            last_day_share=share,
            besides=besides,
        )

    above, below = record(reading.above, reading.besides[0]), record(reading.below, reading.besides[1])
    return metered.pace(target, above, below)


def _thresholds(aim: Target) -> tuple[float, float]:
    """Give from which part of what was expected to date all is well, and below which it is not.

    Where one alone is set, the usual other one gives way to it.
    """
    green = GREEN if aim.green_share is None else float(aim.green_share)
    amber = AMBER if aim.amber_share is None else float(aim.amber_share)
    if aim.green_share is None:
        green = max(green, amber)
    return green, min(green, amber)


def _is_of_segment(aim: Target | None) -> bool:
    # Everybody's figures are not the segment's; held against its target they would judge the wrong people.
    return aim is not None and aim.segment_id is not None


def _status(kpi: Kpi, aim: Target | None, pace: Pace | None, state: str) -> str:
    if state == UNTRACKED or (state == READY and _is_of_segment(aim)):
        return UNMEASURED
    if state != READY:
        return NO_DATA
    if kpi.direction == Direction.OBSERVE:
        return OBSERVED
    if aim is None:
        return NO_TARGET
    if pace is None:
        return Status.TOO_EARLY.value
    return pace.status.value if pace.status else NO_DATA


def _forecast(pace: Pace | None) -> tuple[float, float, float, float] | None:
    if pace is None or pace.forecast is None:
        return None
    return pace.forecast.mean, pace.forecast.low, pace.forecast.high, pace.forecast.chance


def _weeks(metered: Metered, moment: Moment) -> tuple[float | None, ...]:
    """Give the KPI of the last whole weeks, ending yesterday."""
    starts = [moment.today - timedelta(days=7 * back) for back in range(WEEKS, 0, -1)]
    return tuple(
        metered.figure(since, since + timedelta(days=7)).actual if since >= moment.first else None for since in starts
    )
