"""MODELS: name to function, label and parameters; the one list that pages, API and commands read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from analysis.attribution import shared, single
from analysis.attribution.paths import Paths, Scope, Weights, paths_of
from analysis.attribution.positions import Positions
from analysis.journeys import Journeys
from analysis.windows import Windows

Need = Literal["time", "type", "session"]
Weighed = Weights | Positions


@dataclass(frozen=True, slots=True)
class Model:
    """Describe one model.

    function     Paths and keyword parameters to weights
    label        what people read, in English
    additive     credits and (none) sum to the conversions; False must be said beside the numbers
    parameters   name to default; None where the caller must give one
    needs        what a path must know beyond its order; aggregated paths know none of it
    """

    function: Callable[..., Weighed]
    label: str
    additive: bool = True
    parameters: Mapping[str, float | None] = field(default_factory=lambda: MappingProxyType({}))
    needs: frozenset[Need] = frozenset()

    @property
    def is_complete(self) -> bool:
        """Say whether the model can be asked by its name alone."""
        return None not in self.parameters.values()


MODELS: Mapping[str, Model] = MappingProxyType(
    {
        # Under the direct rule, the default, this is "last non-direct"; keep_direct makes it plain last.
        "last": Model(single.last, "Last touch"),
        "first": Model(single.first, "First touch"),
        "last_priority": Model(single.last_priority, "Last by priority", needs=frozenset({"type"})),
        "same_touch": Model(single.same_touch, "Same touch", needs=frozenset({"session"})),
        "linear": Model(shared.linear, "Linear"),
        "position": Model(shared.position, "Position based 40/20/40"),
        "j_curve": Model(shared.j_curve, "J curve 20/20/60"),
        "inverse_j": Model(shared.inverse_j, "Inverse J 60/20/20"),
        "time_decay": Model(
            shared.time_decay,
            "Time decay",
            parameters=MappingProxyType({"half_life_days": 7.0}),
            needs=frozenset({"time"}),
        ),
        "participation": Model(shared.participation, "Participation (influenced)", additive=False),
        "custom": Model(
            shared.custom,
            "Custom positions",
            parameters=MappingProxyType({"first": None, "middle": None, "last": None}),
        ),
    }
)


def attribute(
    journeys: Journeys,
    *,
    model: str = "last",
    windows: Windows | None = None,
    keep_direct: bool = False,
    scope: Scope = "all",
    **parameters: float,
) -> Weighed:
    """Weigh the touches of every conversion: window, scope, direct rule, model.

    model        a name of MODELS
    windows      Windows() where None
    parameters   the model's own, by name: half_life_days=14
    returns      what `tally` takes
    raises       ValueError for an unknown model, parameter, scope or value
    source       SEMANTICS 4
    """
    return weigh(paths_of(journeys, windows or Windows(), keep_direct=keep_direct, scope=scope), model, **parameters)


def weigh(paths: Paths, model: str, **parameters: float) -> Weighed:
    """Weigh paths that are cut already: several models then share one cut.

    raises   ValueError for an unknown model, or parameters that it does not take or misses
    """
    if model not in MODELS:
        raise ValueError(f"model {model!r} is unknown: give one of {', '.join(MODELS)}")
    chosen = MODELS[model]
    unknown = parameters.keys() - chosen.parameters.keys()
    if unknown:
        raise ValueError(f"model {model!r} takes no {', '.join(sorted(unknown))}")
    missing = [name for name, default in chosen.parameters.items() if default is None and name not in parameters]
    if missing:
        raise ValueError(f"model {model!r} needs {', '.join(missing)}")
    return chosen.function(paths, **parameters)
