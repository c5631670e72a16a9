"""DATA_DRIVEN: models that read all journeys at once, and so cannot weigh the touches of one alone.

MODELS look at one path and say what each of its touches gets. The models here learn from every path, those
without a conversion too, what a key is worth; only then is anything shared. So they take `Aggregated`, and
give sums by key rather than weights by touch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from analysis.arrays import Floats
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.markov import markov


class Shared(Protocol):
    """Say what each model gives: float64[n_keys + 1] each, the last entry being (none)."""

    @property
    def conversions(self) -> Floats: ...

    @property
    def value(self) -> Floats: ...


@dataclass(frozen=True, slots=True)
class DataDriven:
    """Describe one model.

    function     Aggregated and keyword parameters to credits that sum to the paths' conversions and value
    label        what people read, in English
    parameters   name to default
    """

    function: Callable[..., Shared]
    label: str
    parameters: Mapping[str, int | str] = field(default_factory=lambda: MappingProxyType({}))


DATA_DRIVEN: Mapping[str, DataDriven] = MappingProxyType(
    {
        "markov": DataDriven(
            markov, "Markov removal effect", parameters=MappingProxyType({"order": 1, "split": "global"})
        ),
    }
)


def share(paths: Aggregated, model: str, **parameters: int | str) -> Shared:
    """Share the conversions and the value of paths.

    model        a name of DATA_DRIVEN
    parameters   the model's own, by name: order=2
    raises       ValueError for an unknown model, parameter or value
    """
    if model not in DATA_DRIVEN:
        raise ValueError(f"model {model!r} is unknown: give one of {', '.join(DATA_DRIVEN)}")
    unknown = parameters.keys() - DATA_DRIVEN[model].parameters.keys()
    if unknown:
        raise ValueError(f"model {model!r} takes no {', '.join(sorted(unknown))}")
    return DATA_DRIVEN[model].function(paths, **parameters)
