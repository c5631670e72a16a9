"""Data-driven models of `measureplan attribute`; a file of its own because scipy is slow to load."""

import argparse
import sys
from typing import Any

import numpy as np

from analysis.attribution.credit import Credits
from analysis.attribution.datadriven import DATA_DRIVEN, share
from analysis.attribution.markov import Markov
from measureplan.attribute_paths import AggregatedPaths


def learn(found: AggregatedPaths, options: argparse.Namespace) -> tuple[dict[str, Credits], dict[str, dict[str, Any]]]:
    """Ask the data-driven models among options.model; give their tables, and by model what it was asked with."""
    walked = found.walked(keep_direct=options.keep_direct)
    tables, asked = {}, {}
    for model in options.model:
        if model not in DATA_DRIVEN:
            continue
        asked[model] = {
            name: getattr(options, name, default) for name, default in DATA_DRIVEN[model].parameters.items()
        }
        shared = share(walked, model, **asked[model])
        if isinstance(shared, Markov) and shared.note:
            print(f"note: {shared.note}", file=sys.stderr)
        value = shared.value[np.newaxis]  # paths know no refunds
        tables[model] = Credits(shared.conversions[np.newaxis], value, value, additive=True)
    return tables, asked


def title(model: str, asked: dict[str, Any]) -> str:
    """Give a model's label with its parameters."""
    return ", ".join([DATA_DRIVEN[model].label, *(f"{name} {given}" for name, given in asked.items())])
