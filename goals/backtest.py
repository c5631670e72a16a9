"""What a proposed goal would have counted in the last 90 days: figures, overlap with macro goals, and its likes.

The conversions are those of `goals.conversions`, as the fill asks for them, so that an approved goal's history is what
its proposal showed. Everything is exact and asked anew: nothing is sampled or taken from an earlier answer.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from analysis.rates import Rate, rate
from goals.conditions import compile_rules, names_asked
from goals.conversions import Lake, opened
from goals.definition import Definition
from goals.models import Goal
from goals.statements import Statement
from tracking.lake.table import open_snapshot
from workspaces.models import Workspace
from workspaces.zones import day_of

DAYS: Final = 90  # a season, and no event that the door takes is older
WEEK: Final = 7
# What the widest proposal over five million events takes without writing to disk; the process stays below 512 MB then.
_MEMORY: Final = "190MB"
_COUNTS = """,
  count(*) filter (where goal_{n}) as theirs_{n},
  count(*) filter (where mine and goal_{n}) as both_{n}"""
_SQL = Path(__file__).parent / "sql"
_MINE = (_SQL / "backtest.mine.sql").read_text()
_FIRSTS = (_SQL / "backtest.firsts.sql").read_text()
_DAILY = (_SQL / "backtest.daily.sql").read_text()
_OVERLAP = (_SQL / "backtest.overlap.sql").read_text()
_SHARED = (_SQL / "backtest.shared.sql").read_text()


@dataclass(frozen=True, slots=True)
class Overlap:
    """The persons that a proposed goal shares with a macro goal, in the order that matters: it first, macro after.

    mine         persons who did the proposed in the range
    converters   persons who reached the macro goal in the range
    both         those who did both, and the proposed strictly before some macro conversion
    """

    goal_id: int
    name: str
    mine: int
    converters: int
    both: int

    @property
    def of_mine(self) -> float | None:
        """Give the share of those who did the proposed that reached the macro goal afterwards."""
        return self.both / self.mine if self.mine else None

    @property
    def of_theirs(self) -> float | None:
        """Give the share of those who reached the macro goal that had done the proposed before."""
        return self.both / self.converters if self.converters else None


@dataclass(frozen=True, slots=True)
class Shared:
    """The events of the range that meet a live goal's rules, the proposed ones, or both."""

    goal_id: int
    theirs: int
    both: int

    def likeness(self, mine: int) -> float:
        """Give the share of both among either: Jaccard's index; 0 where neither has any."""
        either = mine + self.theirs - self.both
        return self.both / either if either else 0.0


@dataclass(frozen=True, slots=True)
class Backtest:
    """The figures of the whole local days [since, until).

    converters   persons with a conversion; `visitors` persons with any event: the rate is the first of the second
    daily        conversions of each day, oldest first
    events       that meet the rules, before any counting
    shared       one for each live goal that may count the same events
    asked_at     when it was asked; `through`: every event received before was in it
    """

    since: date
    until: date
    conversions: int
    converters: int
    visitors: int
    sessions: int
    daily: tuple[int, ...]
    events: int
    overlaps: tuple[Overlap, ...]
    shared: tuple[Shared, ...]
    asked_at: datetime
    through: datetime | None

    @property
    def days(self) -> int:
        """Give the length of the range."""
        return len(self.daily)

    @property
    def rate(self) -> Rate | None:
        """Give the share of visitors who converted; None without visitors, or where some made no visit."""
        return rate(self.converters, self.visitors) if self.converters <= self.visitors else None

    @property
    def weekly(self) -> tuple[int, ...]:
        """Give the conversions of the last whole weeks, oldest first."""
        first = self.days % WEEK
        return tuple(sum(self.daily[n : n + WEEK]) for n in range(first, self.days, WEEK))

    def as_json(self) -> dict[str, Any]:  # a JSON value
        """Give it as a proposal keeps it."""
        moments = {"since": self.since, "until": self.until, "asked_at": self.asked_at, "through": self.through}
        return asdict(self) | {name: each and each.isoformat() for name, each in moments.items()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Backtest":  # as `as_json` gives it
        """Read what a proposal keeps."""
        through = kept["through"]
        return cls(
            **kept
            | {
                "since": date.fromisoformat(kept["since"]),
                "until": date.fromisoformat(kept["until"]),
                "daily": tuple(kept["daily"]),
                "overlaps": tuple(Overlap(**each) for each in kept["overlaps"]),
                "shared": tuple(Shared(**each) for each in kept["shared"]),
                "asked_at": datetime.fromisoformat(kept["asked_at"]),
                "through": through and datetime.fromisoformat(through),
            }
        )


def backtest(
    workspace: Workspace, definition: Definition, *, macros: Sequence[Goal], others: Sequence[Goal], now: datetime
) -> Backtest:
    """Count the definition over the last whole days, up to yesterday; call it inside the workspace.

    macros   goals whose overlap is shown
    others   live goals that may count the same; both with their rules prefetched
    raises   duckdb.Error for a regular expression or the like that the engine refuses
    """
    until = day_of(now, workspace.zone)
    since = until - timedelta(days=DAYS)
    snapshot = open_snapshot(workspace.pk)
    with opened(workspace, since, until, snapshot, memory=_MEMORY) as lake:
        visits = lake.visits()
        lake.gather([definition, *map(Definition.of, macros)], reach=visits.reach)
        converters, daily = _mine(lake, definition, visits.reach)
        overlaps = _overlaps(lake, converters, macros, visits.reach)
        events, shared = _shared(lake, definition, others)
    return Backtest(
        since=since,
        until=until,
        conversions=sum(daily),
        converters=converters,
        visitors=visits.visitors,
        sessions=visits.sessions,
        daily=daily,
        events=events,
        overlaps=overlaps,
        shared=shared,
        asked_at=now,
        through=snapshot.derived_through,
    )


def _mine(lake: Lake, definition: Definition, reach: datetime) -> tuple[int, tuple[int, ...]]:
    """Keep the conversions with the lake's connection; give their persons, and how many there are a day."""
    asked = lake.dated(definition, reach=reach)
    lake.run(replace(asked, sql=_MINE.format(dated=asked.sql)))
    lake.run(Statement(_FIRSTS))
    [row] = lake.ask(Statement("select count(*) as converters from firsts")).to_pylist()
    counts = {each["day"]: each["conversions"] for each in lake.ask(Statement(_DAILY)).to_pylist()}
    return row["converters"], tuple(counts.get(lake.since + timedelta(days=n), 0) for n in range(DAYS))


def _overlaps(lake: Lake, mine: int, macros: Sequence[Goal], reach: datetime) -> tuple[Overlap, ...]:
    return tuple(Overlap(macro.pk, macro.name, mine, **_overlap(lake, macro, reach)) for macro in macros)


def _overlap(lake: Lake, macro: Goal, reach: datetime) -> dict[str, int]:
    asked = lake.moments(Definition.of(macro), reach=reach)
    row: dict[str, int]
    [row] = lake.ask(replace(asked, sql=_OVERLAP.format(moments=asked.sql))).to_pylist()
    return row


def _shared(lake: Lake, definition: Definition, others: Sequence[Goal]) -> tuple[int, tuple[Shared, ...]]:
    """Count events in common with goals that can have any; others share none, whatever arrived."""
    mine = names_asked(definition.rules)
    rivals = [(goal, Definition.of(goal).rules) for goal in others]
    near = [(goal, each) for goal, each in rivals if each and _may_meet(mine, names_asked(each))]
    rules = compile_rules(definition.rules, sources=lake.sources, prefix="mine")
    compiled = [compile_rules(each, sources=lake.sources, prefix=f"goal_{n}") for n, (_goal, each) in enumerate(near)]
    asked = _SHARED.format(
        mine=rules.sql,
        others="".join(f",\n    coalesce({each.sql}, false) as goal_{n}" for n, each in enumerate(compiled)),
        counts="".join(_COUNTS.format(n=n) for n in range(len(near))),
    )
    params = lake.bounds_of_files() | rules.params
    for each in compiled:
        params |= each.params
    [row] = lake.ask(Statement(asked, params)).to_pylist()
    shared = (Shared(goal.pk, row[f"theirs_{n}"], row[f"both_{n}"]) for n, (goal, _rules) in enumerate(near))
    return row["mine"], tuple(shared)


def _may_meet(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is None or other is None or bool(one & other)
