"""Data-driven models over gathered journeys: credits, what refunds leave of them, and how sure they are."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import Floats
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.bootstrap import SEED, Intervals, Model, intervals
from analysis.attribution.coalitions import keys_once
from analysis.attribution.credited import Credited
from analysis.attribution.datadriven import DATA_DRIVEN, share
from analysis.attribution.gathering import Gathered, with_paths
from analysis.attribution.shapley import Shapley
from analysis.attribution.transforms import TRANSFORMS

Given = tuple[str, int | None]  # a name of TRANSFORMS, and the key's code or the number of places that it takes


@dataclass(frozen=True, slots=True)
class Learned:
    """Hold what a model found in journeys.

    credited    its own result; the last entry of conversions and value is (none)
    value_net   float64[n_keys + 1], the value after refunds, shared alike
    intervals   of the shares; None where none were asked for
    """

    credited: Credited
    value_net: Floats
    intervals: Intervals | None = None

    @property
    def error(self) -> Floats | None:
        """Give the standard error of each key's conversions: float64[n_keys]; None where nothing was sampled."""
        is_sampled = isinstance(self.credited, Shapley) and self.credited.permutations
        return self.credited.error if is_sampled and isinstance(self.credited, Shapley) else None

    @property
    def permutations(self) -> int:
        """Give how many orders of the keys were sampled; 0 where the result is exact."""
        return self.credited.permutations if isinstance(self.credited, Shapley) else 0

    @property
    def negative(self) -> tuple[int, ...]:
        """Give the keys that earned less than nothing."""
        return self.credited.negative if isinstance(self.credited, Shapley) else ()


def transformed(gathered: Gathered, steps: Iterable[Given]) -> Gathered:
    """Make other paths of the journeys, one step after the other; who walked them stays known."""
    for name, given in steps:
        paths = TRANSFORMS[name].function(gathered.paths, *([] if given is None else [given]))
        gathered = with_paths(gathered, paths)
    return gathered


def learn(
    gathered: Gathered,
    model: str,
    parameters: Mapping[str, int | str],
    *,
    draws: int = 0,
    seed: int = SEED,
    at_each: Callable[[], None] | None = None,
) -> Learned:
    """Share the conversions of the journeys, and draw them again for intervals.

    model        a name of DATA_DRIVEN, with its parameters by name
    draws        replicates of the bootstrap, 0 for no intervals; see `bootstrap.intervals`
    at_each      called before each run of the model: 1 + draws times, and once more with intervals or refunds; what
                 it raises ends the work
    raises       ValueError as the model and `intervals` do
    """
    read = gathered if DATA_DRIVEN[model].reads_order else with_paths(gathered, keys_once(gathered.paths))

    def ask(paths: Aggregated) -> Credited:
        if at_each is not None:
            at_each()
        return share(paths, model, **parameters)

    credited = ask(read.paths)
    found = _intervals(read, ask, draws, seed) if draws else None
    return Learned(credited, _after_refunds(credited, read, ask), found)


def _intervals(read: Gathered, ask: Model, draws: int, seed: int) -> Intervals:
    return intervals(read.paths, ask, walks=read.walks, replicates=draws, seed=seed)


def _after_refunds(credited: Credited, read: Gathered, ask: Model) -> Floats:
    if np.array_equal(read.value_net, read.paths.value):
        return credited.value
    # Shares come from who converted, so what refunds leave is shared by the same.
    return ask(replace(read.paths, value=read.value_net)).value
