"""The chain that journeys make."""

import numpy as np
import pytest
from hypothesis import given

from analysis.attribution import chain as chains
from analysis.attribution.chain import START, chain_of
from tests.analysis.attribution.walks import Table, tables, walked

TABLE: Table = [("a > b", 1, 0, 0), ("a", 0, 0, 1), ("b", 1, 0, 1), ("", 5, 0, 5)]


def test_a_chain_of_order_two_knows_what_came_before() -> None:
    chain = chain_of(walked(TABLE)[0], 2)
    assert chain.context.tolist() == [[0, START], [1, START], [1, 0]]
    assert chain.onward.toarray().tolist() == [[0, 0, 0.5], [0, 0, 0], [0, 0, 0]]
    assert chain.converts.tolist() == [0, 0.5, 1]
    assert chain.starts.tolist() == [0.5, 0.5, 0]
    assert chain.visits.tolist() == [0.5, 0.5, 0.25]
    assert chain.rate == 0.5, "paths without a place are not in the chain"


@pytest.mark.parametrize("order", [1, 2, 3])
@given(table=tables())
def test_visits_and_rate_that_were_counted_solve_the_chain(order: int, table: Table) -> None:
    chain = chain_of(walked(table)[0], order)
    assert chain.starts + chain.onward.T @ chain.visits == pytest.approx(chain.visits, abs=1e-12)
    if len(chain.visits) and chain.visits.any():
        assert chain.visits @ chain.converts == pytest.approx(chain.rate, abs=1e-12)


@pytest.mark.parametrize("order", [2, 3])
@given(table=tables())
def test_states_are_the_same_whether_ticked_off_or_sorted(order: int, table: Table) -> None:
    paths, _ = walked(table)
    base = paths.n_keys + 1
    code = np.arange(len(paths.key)) % base**order
    ticked, sorted_ = chains._numbered(code, base**order), chains._numbered(code, 10**9)
    assert [part.tolist() for part in ticked] == [part.tolist() for part in sorted_]


def test_more_contexts_than_there_are_numbers_are_refused() -> None:
    paths, _ = walked(TABLE)
    with pytest.raises(ValueError, match="order 60 with 2 keys"):
        chain_of(paths, 60)
