"""What every data-driven model gives, and what it says where there is nothing to share by."""

from typing import Protocol

from analysis.arrays import Floats

NO_TOUCH = "No path has a touch, so there is nobody to credit: all goes to (none)."
NO_CONVERSION = "No journey with a touch converted, so there are no conversions to share."


class Credited(Protocol):
    """Say what a model found; the last entry of conversions and value is (none).

    conversions   float64[n_keys + 1]; they sum to the conversions of the paths
    value         float64[n_keys + 1], in the unit of the paths' value; they sum to it
    note          what is odd about the paths, in English; None where nothing is
    """

    @property
    def conversions(self) -> Floats: ...

    @property
    def value(self) -> Floats: ...

    @property
    def note(self) -> str | None: ...
