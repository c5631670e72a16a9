"""The table of credits."""

import numpy as np
import pytest

from analysis.arrays import Ints
from analysis.attribution.credit import Tally, tally
from analysis.attribution.models import MODELS, attribute, weigh
from analysis.attribution.paths import paths_of
from analysis.journeys import Journeys
from analysis.windows import Windows
from tests.analysis.builders import journeys_from, make_conversion, make_touch

TOUCHES = [make_touch(day=1, person=1), make_touch(day=2, person=1), make_touch(day=1, person=2)]
SALES = [make_conversion(day=3, person=person) for person in (1, 2, 3)]
KEYS = np.array([0, 1, 1])
VALUE = np.array([10, 20, 40])


def _journeys() -> Journeys:
    return journeys_from(TOUCHES, SALES)


def test_value_follows_the_shares_and_a_refund_takes_from_the_same_touches() -> None:
    net = np.array([4, 20, 40])
    table = tally(attribute(_journeys(), model="linear"), keys=KEYS, n_keys=2, value=VALUE, value_net=net)
    assert table.conversions.tolist() == [[0.5, 1.5, 1.0]]
    assert table.value.tolist() == [[5.0, 25.0, 40.0]]
    assert table.value_net.tolist() == [[2.0, 22.0, 40.0]]


def test_groups_split_every_row_also_none_and_add_up_again() -> None:
    weights = attribute(_journeys(), model="last")
    table = tally(weights, keys=KEYS, n_keys=2, value=VALUE, group=np.array([0, 2, 2]), n_groups=3)
    assert table.conversions.tolist() == [[0, 1, 0], [0, 0, 0], [0, 1, 1]]
    assert table.over_groups().value.tolist() == [[0, 30, 40]]


def test_a_journey_can_stand_for_many_conversions() -> None:
    weights = attribute(_journeys(), model="participation")
    table = tally(weights, keys=KEYS, n_keys=2, count=np.array([3, 5, 7]))
    assert table.conversions.tolist() == [[3, 8, 7]]


@pytest.mark.parametrize("n_keys", [2, 100_000], ids=["few keys", "many keys"])
def test_distinct_keys_are_found_alike_among_few_and_many_keys(n_keys: int) -> None:
    table = tally(attribute(_journeys(), model="participation"), keys=np.array([1, 1, 1]), n_keys=n_keys)
    assert table.conversions[0, [0, 1, -1]].tolist() == [0, 2, 1]


def test_refusals_name_what_does_not_fit() -> None:
    weights = attribute(_journeys(), model="linear")
    with pytest.raises(ValueError, match="2 keys for 3 rows"):
        tally(weights, keys=KEYS[:2], n_keys=2)
    with pytest.raises(ValueError, match="codes from 0 to 1"):
        tally(weights, keys=KEYS, n_keys=1)
    with pytest.raises(ValueError, match="a column of 2 for 3 conversions"):
        tally(weights, keys=KEYS, n_keys=2, value=VALUE[:2])


@pytest.mark.parametrize("group", [None, np.array([0, 2, 2])], ids=["one group", "groups"])
def test_models_of_one_cut_get_from_one_tally_what_each_gets_from_its_own(group: Ints | None) -> None:
    paths = paths_of(_journeys(), Windows())
    asked = {"keys": KEYS, "n_keys": 2, "value": VALUE, "value_net": VALUE - 1, "group": group, "n_groups": 3}
    together = Tally(paths, **asked)  # type: ignore[arg-type]
    for model in [name for name, each in MODELS.items() if each.is_complete]:
        found, expected = together.of(weigh(paths, model)), tally(weigh(paths, model), **asked)  # type: ignore[arg-type]
        for figure in ("conversions", "value", "value_net"):
            assert getattr(found, figure).tolist() == getattr(expected, figure).tolist(), (model, figure)
        assert found.additive == expected.additive


def test_weights_of_another_cut_are_refused() -> None:
    other = attribute(_journeys(), model="linear")
    with pytest.raises(ValueError, match="other paths"):
        Tally(paths_of(_journeys(), Windows()), keys=KEYS, n_keys=2).of(other)


def test_tables_of_different_models_do_not_add_up() -> None:
    linear, influenced = (
        tally(attribute(_journeys(), model=model), keys=KEYS, n_keys=2) for model in ("linear", "participation")
    )
    with pytest.raises(ValueError, match="do not add up"):
        linear + influenced
