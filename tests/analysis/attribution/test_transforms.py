"""What is left of paths before data-driven models read them."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given

from analysis.attribution import transforms
from analysis.attribution.aggregated import Aggregated
from tests.analysis.attribution.walks import Table, tables, walked

A = 0  # the code of "a", which every table below has


def _plain(function: str, path: list[str]) -> list[str]:
    if function == "collapse_repeats":
        return [key for i, key in enumerate(path) if not i or path[i - 1] != key]
    if function == "first_occurrences":
        return list(dict.fromkeys(path))
    if function == "drop":
        return [key for key in path if key != "a"] or path
    if function == "last_places":
        return path[-2:]
    stripped = list(path)
    while stripped and stripped[-1] == "a":
        stripped.pop()
    return stripped or path


TRANSFORMS: dict[str, Callable[[Aggregated], Aggregated]] = {
    "collapse_repeats": transforms.collapse_repeats,
    "first_occurrences": transforms.first_occurrences,
    "drop": lambda paths: transforms.drop(paths, A),
    "strip_trailing": lambda paths: transforms.strip_trailing(paths, A),
    "last_places": lambda paths: transforms.last_places(paths, 2),
}


def _texts(paths: Aggregated, names: list[str]) -> list[str]:
    return [
        " > ".join(names[key] for key in paths.key[begin:end])
        for begin, end in zip(paths.offsets[:-1], paths.offsets[1:], strict=True)
    ]


@pytest.mark.parametrize(
    ("function", "left"),
    [
        ("collapse_repeats", ["a > b > a", "a", "b > a", "c > b", ""]),
        ("first_occurrences", ["a > b", "a", "b > a", "c > b", ""]),
        ("drop", ["b", "a > a", "b", "c > b", ""]),
        ("strip_trailing", ["a > a > b", "a > a", "b", "c > b", ""]),
        ("last_places", ["b > a", "a > a", "a > a", "c > b", ""]),
    ],
)
def test_a_transform_leaves_what_its_name_says(function: str, left: list[str]) -> None:
    table = [("a > a > b > a", 1, 5, 2), ("a > a", 2, 0, 0), ("b > a > a", 0, 0, 3), ("c > b", 1, 0, 0), ("", 1, 1, 1)]
    paths, names = walked(table)
    assert _texts(TRANSFORMS[function](paths), names) == left


@pytest.mark.parametrize("function", TRANSFORMS)
@given(table=tables(keys="abc"))
def test_a_transform_equals_plain_lists_and_keeps_every_journey(function: str, table: Table) -> None:
    paths, names = walked([*table, ("a", 0, 0, 0)])
    found = TRANSFORMS[function](paths)
    expected = [_plain(function, path.split(" > ")) if path else [] for path, *_ in [*table, ("a", 0, 0, 0)]]
    assert _texts(found, names) == [" > ".join(path) for path in expected]
    for column in ("conversions", "value", "nulls"):
        assert np.array_equal(getattr(found, column), getattr(paths, column)), column


def test_a_transform_refuses_what_it_cannot_do() -> None:
    paths, _ = walked([("a > b", 1, 0, 0)])
    for refused in (transforms.drop, transforms.strip_trailing):
        with pytest.raises(ValueError, match="key 2: must lie in 0 to 1"):
            refused(paths, 2)
    with pytest.raises(ValueError, match="the last 0 places"):
        transforms.last_places(paths, 0)
