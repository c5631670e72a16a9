"""Aggregated paths for tests, and a Markov chain of them in plain loops and exact fractions."""

from collections import Counter, defaultdict
from fractions import Fraction

from hypothesis import strategies as st

from analysis.attribution.aggregated import Aggregated, of_texts

Table = list[tuple[str, int, int, int]]  # path, conversions, value, nulls
State = tuple[str, ...]


def walked(table: Table) -> tuple[Aggregated, list[str]]:
    """Give the table as the product holds it, and its keys' names."""
    texts, conversions, value, nulls = ([row[i] for row in table] for i in range(4))
    return of_texts(texts, conversions=conversions, value=value, nulls=nulls)


def by_name(names: list[str], figures: object) -> dict[str, float]:
    """Give figures by key's name, and (none) where there is one more of them."""
    return dict(zip([*names, "(none)"], figures, strict=False))


def tables(most: int = 8, *, keys: str = "abcd", longest: int = 6) -> st.SearchStrategy[Table]:
    """Draw tables in which short paths come up twice, and some were walked 0 times."""
    path = st.lists(st.sampled_from(keys), max_size=longest).map(" > ".join)
    return st.lists(st.tuples(path, st.integers(0, 5), st.integers(-3, 50), st.integers(0, 5)), max_size=most)


def effects(table: Table, order: int) -> dict[str, Fraction]:
    """Give the removal effects of the keys: by elimination in fractions, one whole chain for each key."""
    keys = {key for path, *_ in table for key in path.split(" > ") if path}
    whole = _rate(table, order, removed=None)
    return {key: 1 - _rate(table, order, removed=key) / whole if whole else Fraction(0) for key in keys}


def _rate(table: Table, order: int, removed: str | None) -> Fraction:
    moves: dict[State | str, Counter[State | str]] = defaultdict(Counter)
    for path, conversions, _, nulls in table:
        if not path or not conversions + nulls:
            continue
        here: State | str = "start"
        keys = path.split(" > ")
        for i in range(len(keys)):
            there = tuple(keys[max(0, i + 1 - order) : i + 1])
            moves[here][there] += conversions + nulls
            here = there
        moves[here]["converted"] += conversions
        moves[here]["lost"] += nulls
    return _chance(moves, removed)


def _chance(moves: dict[State | str, Counter[State | str]], removed: str | None) -> Fraction:
    """Take out state after state: who went to it now goes on as it does."""
    if "start" not in moves:
        return Fraction(0)
    chances = {
        here: {there: Fraction(n, sum(onward.values())) for there, n in onward.items()}
        for here, onward in moves.items()
    }
    for gone in [state for state in chances if state != "start"]:
        onward = chances.pop(gone)
        if removed in gone:
            onward = {"lost": Fraction(1)}
        again = onward.pop(gone, Fraction(0))
        for other in chances.values():
            through = other.pop(gone, Fraction(0))
            for there, chance in onward.items():
                other[there] = other.get(there, Fraction(0)) + through * chance / (1 - again)
    return chances["start"].get("converted", Fraction(0))
