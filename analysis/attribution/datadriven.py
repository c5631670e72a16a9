"""DATA_DRIVEN: models that read all journeys at once, and so cannot weigh the touches of one alone.

MODELS look at one path and say what each of its touches gets. The models here learn from every path, those
without a conversion too, what a key is worth; only then is anything shared. So they take `Aggregated`, and
give sums by key rather than weights by touch.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from analysis.attribution import shapley
from analysis.attribution.aggregated import Aggregated
from analysis.attribution.credited import Credited
from analysis.attribution.markov import markov


@dataclass(frozen=True, slots=True)
class DataDriven:
    """Describe one model.

    function       Aggregated and keyword parameters to credits that sum to the paths' conversions and value
    label          what people read, in English
    parameters     name to default
    reads_order    False where only the set of a path's keys matters: paths of one set may then be one row
    """

    function: Callable[..., Credited]
    label: str
    parameters: Mapping[str, int | str] = field(default_factory=lambda: MappingProxyType({}))
    reads_order: bool = False


DATA_DRIVEN: Mapping[str, DataDriven] = MappingProxyType(
    {
        "markov": DataDriven(
            markov,
            "Markov removal effect",
            parameters=MappingProxyType({"order": 1, "split": "global"}),
            reads_order=True,
        ),
        # Of the three games this one is plainly "Shapley": it knows rates and volume, the others one of them.
        "shapley": DataDriven(shapley.per_set, "Shapley"),
        "shapley_simplified": DataDriven(shapley.simplified, "Shapley, simplified"),
        "shapley_of_all": DataDriven(
            shapley.of_all,
            "Shapley of all journeys",
            parameters=MappingProxyType({"permutations": shapley.PERMUTATIONS, "seed": shapley.SEED}),
        ),
    }
)


def share(paths: Aggregated, model: str, **parameters: int | str) -> Credited:
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
