"""Which rows are added up for a level: visits, what happened in them, who was there, and conversions of each goal.

Nothing that people sent or typed stands in the statements: names are ours, and values are bound.
"""

# ruff: noqa: S608  # see above

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from reports.explore.dimensions import NO_VISIT, Dimension
from reports.explore.metrics import Counted
from reports.explore.reading import Asking, Binder
from workspaces.zones import start_of

QUARTER_US = 900_000_000  # all offsets of zones are whole quarters of an hour
FIRST_US, LAST_US = "greatest(started_us, epoch_us($since))", "least(ended_us, epoch_us($until) - 1)"
# A goal's conversions have a person of their own: that of the visit they lie in, and of those that lie in none.
VISITS = "(select * exclude (person) from visits)"


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows to be added up.

    source   the rest of a select, from its `from` on
    keys     an expression for each level that tells the rows apart
    sums     name to what is added up: (aggregate, condition or "")
    params   what the expressions bind
    """

    source: str
    keys: Sequence[str]
    sums: Mapping[str, tuple[str, str]]
    params: Mapping[str, object] = field(default_factory=dict)


def facts_of(asking: Asking, depth: int, needed: frozenset[str]) -> Iterator[Facts]:
    """Give what is added up for rows of so many levels, as far as it is needed."""
    by = asking.by[:depth]
    keys = [_key(asking, each, "started") for each in by]
    lying = _lying(asking, by)
    yield _only(Facts(f"from visits {lying} where began", keys, _of_visits(asking, is_several=bool(lying))), needed)
    if lying:
        counted: dict[str, tuple[str, str]] = {name: (f"sum({name})", "") for name in ("events", "pageviews")}
        visits = "(select * exclude (events, pageviews) from visits)"
        yield _only(Facts(f"from {visits} join inside using (visit) where began", keys, counted), needed)
    if "visitors" in needed:
        yield _persons(asking, by, lying)
    for number, goal in enumerate(asking.goals):
        yield _booked(asking, by, number, goal, needed)
        yield _only(_people(asking, by, lying, number), needed)


def _only(facts: Facts, needed: frozenset[str]) -> Facts:
    return replace(facts, sums={name: each for name, each in facts.sums.items() if name in needed})


def _lying(asking: Asking, by: Sequence[Dimension]) -> str:
    """Give the join of visits with the values that were there in them, each once a visit; "" where none is asked."""
    several = [asking.column_of(each) for each in by if each.is_several]
    if not several:
        return ""
    # With all of its columns each row of `inside` is another one, and nothing has to be compared.
    is_whole = len(several) == len(asking.several) and not asking.met
    values = f"select {'' if is_whole else 'distinct'} visit, {', '.join(several)} from inside"
    return f"join ({values}) using (visit)"


def _key(asking: Asking, dimension: Dimension, at: str) -> str:
    return dimension.sql.format(at=at) if dimension.is_time else asking.column_of(dimension)


def _of_visits(asking: Asking, *, is_several: bool) -> dict[str, tuple[str, str]]:
    sums = {"sessions": ("count(*)", ""), "bounces": ("count(*)", "events <= 1"), "lasted": ("sum(lasted)", "")}
    if not is_several:
        sums |= {name: (f"sum({name})", "") for name in ("events", "pageviews")}
    return sums | {f"reached:{goal.slug}": ("count(*)", f"r{number}") for number, goal in enumerate(asking.goals)}


def _persons(asking: Asking, by: Sequence[Dimension], lying: str) -> Facts:
    """Give who was there: on each of the days, or in each of the hours, that a visit lies in."""
    keys = [_key(asking, each, "present") for each in by]
    sums = {"visitors": ("count(distinct person)", "")}
    times = {each.key for each in by if each.is_time}
    if not times:
        return Facts(f"from visits {lying}", keys, sums)
    local = asking.clock.local
    if "hour" in times:
        # Thirty minutes part visits, so somebody did something in each hour that a visit lies in. Quarters, because
        # local hours may begin with any of them.
        quarters = f"range(({FIRST_US} // {QUARTER_US})::bigint, ({LAST_US} // {QUARTER_US} + 1)::bigint)"
        visits = f"(select *, unnest({quarters}) * {QUARTER_US} as present_us from visits)"
        present = f"(select *, {local('present_us')} as present from {visits})"
    else:
        days = f"generate_series(date_trunc('day', {local(FIRST_US)}), {local(LAST_US)}, interval 1 day)"
        present = f"(select *, unnest({days}) as present from visits)"
    since, until = (start_of(day, asking.zone) for day in (asking.since, asking.until))
    return Facts(f"from {present} {lying}", keys, sums, {"since": since, "until": until})


def _booked(asking: Asking, by: Sequence[Dimension], number: int, goal: Counted, needed: frozenset[str]) -> Facts:
    """Give a goal's conversions, each where it happened: on the page, say, that its own event is of."""
    binder = Binder()
    keys = _keys_of_goal(asking, by, binder)
    sums = {f"conversions:{goal.slug}": ("count(*)", "")} if f"conversions:{goal.slug}" in needed else {}
    for currency in goal.currencies:
        kept = [name for name in ("value", "refund") if f"{name}:{goal.slug}" in needed]
        same = f"currency = {binder.bind(currency)}" if kept else ""
        sums |= {f"{name}:{goal.slug}:{currency}": (f"sum({name})", same) for name in kept}
    return Facts(
        f"from goal{number} {_join(asking)} {VISITS} using (session) where is_inside", keys, sums, binder.params
    )


def _people(asking: Asking, by: Sequence[Dimension], lying: str, number: int) -> Facts:
    """Give who converted, and in how many conversions' visits a value was there: each is in all of its rows."""
    binder, slug = Binder(), asking.goals[number].slug
    keys = _keys_of_goal(asking, by, binder)
    sums = {
        f"converters:{slug}": ("count(distinct person)", ""),
        f"participation:{slug}": ("count(distinct conversion)", ""),
    }
    own = ", ".join(asking.column_of(each) for each in asking.several)
    booked = f"(select * {f'exclude ({own})' if own else ''} from goal{number})"
    source = f"from {booked} {_join(asking)} {VISITS} using (session) {lying} where is_inside"
    return Facts(source, keys, sums, binder.params)


def _join(asking: Asking) -> str:
    """Say how conversions find their visit: conditions choose visits, and what lies in none is not chosen."""
    return "join" if asking.where else "left join"


def _keys_of_goal(asking: Asking, by: Sequence[Dimension], binder: Binder) -> list[str]:
    of_visit = any(not each.is_several and not each.is_time for each in by)
    outside = binder.bind(NO_VISIT) if of_visit else ""
    return [
        _key(asking, each, "converted")
        if each.is_several or each.is_time
        else f"coalesce({asking.column_of(each)}, {outside})"
        for each in by
    ]
