"""Hypothesis strategies of plans: every document that they make is one that the verbs accept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from goals.conditions import FIELDS, OPERATORS, Condition, FieldKind, Rule, parse, to_json
from goals.definition import Definition
from goals.document import Document
from goals.figures import digits
from goals.models import (
    Cadence,
    Channel,
    Counting,
    Direction,
    Level,
    Measure,
    Method,
    MicroKind,
    ParameterType,
    Per,
    PlanKind,
    Platform,
    Purpose,
    SpecState,
    Stage,
    Timing,
    ValueRule,
    Weight,
)
from goals.rows import (
    GoalRow,
    KpiRow,
    ObjectiveRow,
    ParameterRow,
    PlanRow,
    QuestionRow,
    ReportingRow,
    SegmentRow,
    SpecRow,
    TargetRow,
)


@contextmanager
def taken_back() -> Iterator[None]:
    """Run the block on one made-up plan, and leave nothing of it for the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# A plan is a large thing to make up: fewer of them, without a clock.
plans_made_up = settings(
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
_LETTERS = st.characters(exclude_categories=("Cs", "Cc"))
_DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
_TRICKY = st.sampled_from(["=1+1", "a; b", '"quoted"', "kjøp på nett", "where and or", "1,234", "50 %", "-", "x\\y"])


def words(most: int, *, least: int = 0) -> st.SearchStrategy[str]:
    """Texts as people write them, and some that are out to break a file."""
    made = st.one_of(_TRICKY, st.text(_LETTERS, max_size=min(most, 12))).map(lambda text: text.strip()[:most].strip())
    return made.map(lambda text: text or "-") if least else made


def days_or_none() -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), _DAYS.map(date.isoformat))


def key_of(choices: Any, *, blank: bool = False) -> st.SearchStrategy[str]:
    return st.sampled_from([*([""] if blank else []), *(str(each) for each in choices.values)])


def slugs(most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.text("abcxyz-", min_size=1, max_size=8), max_size=most, unique=True)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    field = draw(st.sampled_from(list(FIELDS.values())))
    operator = draw(st.sampled_from([each for each in OPERATORS.values() if field.kind in each.kinds]))
    is_number = operator.takes == "number" or field.kind is FieldKind.MONEY
    number = st.decimals(-1000, 1000, places=2).map(digits)
    value = number if is_number else words(40, least=1)
    if operator.name == "regex":
        value = st.sampled_from(["^/a.*$", "[a-z]+ or b", 'x"y\\d'])
    counts = {"nothing": (0, 0), "list": (1, 3)}
    least, most = counts.get(operator.takes, (1, 1))
    values = draw(st.lists(value, min_size=least, max_size=most, unique_by=field.stored_as))
    key = draw(words(20, least=1)) if field.kind is FieldKind.PROPERTY else ""
    written = tuple(value if operator.name == "regex" else field.stored_as(value) for value in values)
    return Condition(field, operator, written, key)


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    made = draw(st.lists(st.lists(conditions(), min_size=1, max_size=3).map(tuple), max_size=2))
    return parse(to_json(made)) if made else ()


@st.composite
def definitions(draw: st.DrawFn) -> Definition:
    value_rule = ValueRule(draw(key_of(ValueRule)))
    is_fixed = value_rule is ValueRule.FIXED
    window = st.one_of(st.none(), st.integers(0, 90))
    return Definition(
        rules=draw(rules()),
        counting=Counting(draw(key_of(Counting))),
        counting_days=draw(st.integers(1, 365)),
        value_rule=value_rule,
        value_micros=draw(st.integers(0, 10**15)) if is_fixed else None,
        currency=draw(st.sampled_from(["NOK", "EUR"])) if is_fixed else "",
        model=draw(st.sampled_from(["last", "first", "linear"])),
        view_days=draw(window),
        engagement_days=draw(window),
        click_days=draw(window),
    )


@st.composite
def documents(draw: st.DrawFn, *, members: Sequence[str] = (), metrics: Sequence[str] = ()) -> Document:
    """Make a plan; `members` are e-mail addresses of possible owners, `metrics` short names of the workspace's."""
    owner = st.sampled_from(["", *members])
    objectives = [_objective(draw, slug, owner) for slug in draw(slugs(3))]
    segments = [
        SegmentRow(slug, draw(words(120, least=1)), draw(words(99)), draw(words(99))) for slug in draw(slugs(2))
    ]
    goals = _goals(draw, [row.slug for row in objectives], owner)
    kpis = [_kpi(draw, slug, draw(st.sampled_from(goals)), owner, metrics) for slug in draw(slugs(3)) if goals]
    targets = [_target(draw, kpi, slug, segments) for kpi in kpis for slug in draw(slugs(2))]
    specs = [_spec(draw, goal.slug, owner) for goal in goals if draw(st.booleans())]
    parameters = [
        _parameter(draw, spec.goal, name)
        for spec in specs
        for name in draw(st.lists(words(30, least=1), max_size=2, unique=True))
    ]
    return Document(
        plan=_plan(draw, owner),
        objectives=tuple(objectives),
        questions=tuple(_question(draw, row.slug, slug) for row in objectives for slug in draw(slugs(2))),
        goals=tuple(goals),
        kpis=tuple(kpis),
        targets=tuple(targets),
        segments=tuple(segments),
        specs=tuple(specs),
        parameters=tuple(parameters),
        reportings=tuple(_reporting(draw, slug) for slug in draw(slugs(2))),
    )


def _span(draw: st.DrawFn) -> tuple[str, str]:
    first = draw(_DAYS)
    return first.isoformat(), (first + timedelta(draw(st.integers(0, 400)))).isoformat()


def _plan(draw: st.DrawFn, owner: st.SearchStrategy[str]) -> PlanRow:
    first, last = _span(draw)
    return PlanRow(
        draw(words(120, least=1)), first, last, draw(key_of(PlanKind)), draw(words(500)), draw(owner),
        draw(days_or_none()), draw(days_or_none()), draw(words(300)), draw(words(300)),
    )  # fmt: skip


def _objective(draw: st.DrawFn, slug: str, owner: st.SearchStrategy[str]) -> ObjectiveRow:
    return ObjectiveRow(slug, draw(words(200, least=1)), draw(words(99)), draw(words(80)), draw(owner), draw(words(80)))


def _question(draw: st.DrawFn, objective: str, slug: str) -> QuestionRow:
    return QuestionRow(objective, slug, draw(words(300, least=1)), draw(words(120)), draw(words(300)))


def _goals(draw: st.DrawFn, objectives: list[str], owner: st.SearchStrategy[str]) -> list[GoalRow]:
    made: list[GoalRow] = []
    for slug in draw(slugs(4)):
        macros = [row.slug for row in made if row.level == Level.MACRO]
        level = draw(key_of(Level))
        is_micro = level == Level.MICRO
        made.append(
            GoalRow(
                slug, draw(words(120, least=1)), level,
                objective=draw(st.sampled_from(["", *objectives])),
                micro_kind=draw(key_of(MicroKind, blank=True)) if is_micro else "",
                supports=tuple(draw(st.lists(st.sampled_from(macros), unique=True))) if is_micro and macros else (),
                stage=draw(key_of(Stage, blank=True)),
                rationale=draw(words(500)), moment=draw(words(300)), department=draw(words(80)), owner=draw(owner),
                definition=draw(definitions()),
            )
        )  # fmt: skip
    return made


def _kpi(draw: st.DrawFn, slug: str, goal: GoalRow, owner: st.SearchStrategy[str], metrics: Sequence[str]) -> KpiRow:
    has_value = goal.definition.value_rule is not ValueRule.NONE
    measures = ["count", "rate", *(["value", "average"] if has_value else []), *(["metric"] if metrics else [])]
    measure = draw(st.sampled_from(measures))
    return KpiRow(
        slug, goal.slug, draw(words(120, least=1)), measure,
        per=draw(key_of(Per)) if measure == Measure.RATE else "",
        direction=draw(key_of(Direction)), weight=draw(key_of(Weight)), timing=draw(key_of(Timing, blank=True)),
        department=draw(words(80)), owner=draw(owner), data_source=draw(words(120)),
        metric=draw(st.sampled_from(metrics)) if measure == Measure.METRIC else "",
    )  # fmt: skip


def figures(measure: str) -> st.SearchStrategy[Decimal]:
    most, places = (100, 4) if measure == Measure.RATE else (10**9, 2)
    return st.decimals(0, most, places=places)


def _target(draw: st.DrawFn, kpi: KpiRow, slug: str, segments: list[SegmentRow]) -> TargetRow:
    sign = "%" if kpi.measure == Measure.RATE else ""
    low, high = sorted((draw(figures(kpi.measure)), draw(figures(kpi.measure))))
    first, last = _span(draw)
    amber, green = sorted(draw(st.decimals(Decimal("0.0001"), 1, places=4)) for _ in range(2))
    return TargetRow(
        kpi.slug, slug, f"{digits(low)}{sign}", first, last,
        value_high=f"{digits(high)}{sign}" if kpi.direction == Direction.BAND else "",
        baseline=draw(st.one_of(st.just(""), figures(kpi.measure).map(lambda each: f"{digits(each)}{sign}"))),
        baseline_since=draw(days_or_none()), baseline_until=draw(days_or_none()),
        green_share=draw(st.sampled_from(["", digits(green)])), amber_share=draw(st.sampled_from(["", digits(amber)])),
        segment=draw(st.sampled_from(["", *(row.slug for row in segments)])),
    )  # fmt: skip


def _spec(draw: st.DrawFn, goal: str, owner: st.SearchStrategy[str]) -> SpecRow:
    return SpecRow(
        goal, draw(words(99)), draw(words(300)), draw(key_of(Platform)), draw(key_of(Method)), draw(words(300)),
        draw(key_of(Purpose)), draw(owner), draw(key_of(SpecState)),
        draw(st.sampled_from(["", "https://tickets.example.com/T-1"])), draw(words(300)), draw(days_or_none()),
    )  # fmt: skip


def _parameter(draw: st.DrawFn, goal: str, name: str) -> ParameterRow:
    allowed = draw(st.lists(words(120, least=1), max_size=3, unique=True))
    return ParameterRow(
        goal, name, draw(key_of(ParameterType)), draw(st.booleans()), tuple(allowed), draw(st.booleans()),
        draw(words(300)),
    )  # fmt: skip


def _reporting(draw: st.DrawFn, slug: str) -> ReportingRow:
    return ReportingRow(
        slug, draw(words(120, least=1)), draw(words(200)), draw(key_of(Cadence)), draw(key_of(Channel)),
        draw(words(300)),
    )  # fmt: skip
