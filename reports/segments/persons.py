"""Who is in a segment: one function, that lists, explorations, funnels and pages all take the persons from.

Whatever people sent or typed is bound. What stands in the statement is our own.
"""

# ruff: noqa: S608  # see above

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from duckdb import DuckDBPyConnection as Connection

from goals.conditions import Rule, compile_rules, names_asked
from reports.explore import reading
from reports.explore.clock import clock_of
from reports.explore.reading import LONGEST_VISIT, Asking, Binder
from reports.periods import Span
from reports.segments.definition import Condition, Definition, Line
from reports.segments.ground import Ground
from reports.segments.words import ALL, AT_MOST, FIRST_SEEN, WITHIN, Of

_SQL = Path(__file__).parent.parent / "sql"
PERSONS, EVENTS, CONVERSIONS, VISITS, LATER, ABSENT = (
    (_SQL / f"segments.{name}.sql").read_text()
    for name in ("persons", "events", "conversions", "visits", "later", "absent")
)
NOTHING = "select 0::ubigint as person, 0::bigint as at_us where false"
DAY_US = 86_400_000_000


def persons_of(lake: Connection, definition: Definition, ground: Ground, *, name: str) -> None:
    """Make the temporary table `name` of the segment's persons: person, the hash of the lake's person_id.

    raises   reading.TooMany, and duckdb.Error for what is interrupted or does not fit into memory
    """
    writer = _Writer(lake, ground, name)
    holds = [writer.holds(each) for each in definition.conditions]
    text = PERSONS.format(
        name=name,
        parts="".join(f",\n\nfound{n} as (\n{part}\n)" for n, part in enumerate(writer.parts)),
        holds=("\n  and " if definition.match == ALL else "\n  or ").join(holds),
    )
    lake.execute(text, writer.binder.params | {"until": ground.until})
    for table in writer.tables:
        lake.execute(f"drop table {table}")


@dataclass(slots=True)
class _Writer:
    """Writes the conditions of one segment as parts of one statement.

    parts    each the persons of whom something is found: found0, found1 ...
    tables   temporary ones that they read
    """

    lake: Connection
    ground: Ground
    name: str
    binder: Binder = field(default_factory=Binder)
    parts: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    def holds(self, condition: Condition) -> str:
        """Give whether a condition holds of a person of `everybody`."""
        self.parts.append(self._found(condition))
        is_negative = condition.head.is_found_in_few
        return f"person {'not ' if is_negative else ''}in (select person from found{len(self.parts) - 1})"

    def _found(self, condition: Condition) -> str:
        head = condition.head
        span = self._span(head)
        if head.key == FIRST_SEEN:
            since, until = (self.binder.bind(each) for each in self.ground.bounds(span))
            return f"  select person from everybody where first_at >= {since} and first_at < {until}"
        moments = self._moments(head, span)
        if condition.then:
            return f"  select distinct person from ({self._followed(moments, condition.then)})"
        least = head.times.n + 1 if head.times.bound == AT_MOST else head.times.n
        return f"  select person from ({moments}) group by person having count(*) >= {self.binder.bind(least)}"

    def _followed(self, moments: str, then: Sequence[Line]) -> str:
        """Give the moments that the lines lead to, one after the other."""
        for line in then:
            after = self._moments(line, self._span(line))
            template = ABSENT if line.verb.is_negative else LATER
            moments = template.format(before=moments, after=after, within=self._within(line))
        return moments

    def _within(self, line: Line) -> str:
        window = self.binder.bind(line.when.days * DAY_US) if line.when.kind == WITHIN else ""
        near = f"later.at_us - earlier.at_us <= {window}" if window else "true"
        if not line.verb.is_negative:
            return near
        if not window:
            return "later.at_us is null"
        # What is not over yet may still be done.
        over = f"earlier.at_us + {window} < {self.binder.bind(self.ground.known_us)}"
        return f"(later.at_us is null or not {near}) and {over}"

    def _span(self, line: Line) -> Span:
        return line.when.span(first=self.ground.first, as_of=self.ground.as_of)

    def _moments(self, line: Line, span: Span) -> str:
        """Give when each person did it: person, at_us."""
        if span.days <= 0:
            return NOTHING
        if line.subject.goal:
            return self._conversions(line.subject.goal, span)
        if line.verb.of is Of.HAPPENING:
            return self._events(line.subject.rules, span)
        return self._chosen(line, span) if line.subject.visit else VISITS.format(**self._bound(span))

    def _bound(self, span: Span) -> dict[str, str]:
        since, until = self.ground.bounds(span)
        return {"since": self.binder.bind(since), "until": self.binder.bind(until)}

    def _conversions(self, goal: str, span: Span) -> str:
        days = {"since_day": self.binder.bind(span.since), "until_day": self.binder.bind(span.until)}
        return CONVERSIONS.format(paths=f"paths{self.ground.goals[goal].pk}", **days)

    def _events(self, rules: Sequence[Rule], span: Span) -> str:
        since, until = self.ground.bounds(span)
        prefix = f"rule_{len(self.binder.params)}"
        compiled = compile_rules(rules, sources=self.ground.sources, prefix=prefix)
        self.binder.params |= compiled.params
        # Said once more where all rules name their events: the engine reads less for a plain list than for the rules.
        names = [self.binder.bind(each) for each in sorted(names_asked(rules) or ())]
        return EVENTS.format(
            **self._bound(span),
            since_day=self.binder.bind(since.date()),
            until_day=self.binder.bind(until.date()),
            named=f"and name in ({', '.join(names)})" if names else "",
            rules=compiled.sql,
        )

    def _chosen(self, line: Line, span: Span) -> str:
        """Keep the visits under conditions, which are read as explorations read them, as a table of their own."""
        asking = self._asking(line, span)
        table = f"{self.name}_visits{len(self.tables)}"
        reading.prepare(self.lake, asking)
        self.lake.execute(
            f"create or replace temporary table {table} as select person, 0 as at_us from visits where began"
        )
        reading.forget(self.lake, asking)
        self.tables.append(table)
        return f"select person, at_us from {table}"

    def _asking(self, line: Line, span: Span) -> Asking:
        since, until = self.ground.bounds(span)
        return Asking(
            by=(),
            where=line.subject.visit,
            segments=(),
            goals=tuple(self.ground.goals[slug] for slug in dict.fromkeys(line.subject.goals)),
            sites={pk: slug for slug, pk in self.ground.sources.items()},
            since=span.since,
            until=span.until,
            zone=self.ground.zone,
            clock=clock_of(self.ground.zone, since - LONGEST_VISIT, until + LONGEST_VISIT),
        )
