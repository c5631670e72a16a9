"""Data-driven models of `measureplan attribute`; a file of its own because scipy is slow to load."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.attribution.aggregated import of_paths
from analysis.attribution.bootstrap import SEED
from analysis.attribution.credit import Credits
from analysis.attribution.datadriven import DATA_DRIVEN
from analysis.attribution.gathering import Gathered, Gathering
from analysis.attribution.learning import Learned, learn, transformed
from analysis.attribution.paths import paths_of
from analysis.attribution.steps import Step, written
from analysis.attribution.transforms import TRANSFORMS
from analysis.attribution.unconverted import unconverted
from analysis.journeys import journeys_in_parts
from analysis.windows import Windows
from measureplan.attribute_events import Events
from measureplan.attribute_show import Result, Sureness
from measureplan.bad_input import BadInput


def add_unconverted(gathering: Gathering, events: Events, windows: Windows, *, keep_direct: bool) -> int:
    """Gather the journeys of those who did not convert, part by part, and count them."""
    ends = unconverted(events.touches, events.conversions, windows)
    for part, journeys in journeys_in_parts(events.touches, ends, windows):
        paths = paths_of(journeys, windows, keep_direct=keep_direct)
        keys = events.keys[journeys.touch]
        gathering.add(of_paths(paths, keys=keys, n_keys=len(events.names), converted=False), person=ends.person[part])
    return len(ends.person)


def learned(result: Result, gathered: Gathered, options: argparse.Namespace) -> Result:
    """Add what the data-driven models among options.model find; say on standard error what is odd."""
    steps: list[Step] = getattr(options, "transform", [])
    for step in steps:
        gathered = _transformed(gathered, result.names, step)
    settings: dict[str, Any] = {"transforms": written(steps), "parameters": {}}
    if hasattr(options, "intervals"):
        drawn = "journeys" if gathered.walks is None else "persons"
        settings["intervals"] = {"level": 0.95, "draws": options.intervals, "of": drawn, "seed": _seed(options)}
    tables, sureness = dict(result.tables), {}
    for model in filter(DATA_DRIVEN.__contains__, options.model):
        parameters = DATA_DRIVEN[model].parameters
        asked = {name: getattr(options, name, default) for name, default in parameters.items()}
        settings["parameters"][model] = asked
        found = _learned(gathered, model, asked, options)
        for note in _notes(model, found, result.names):
            print(f"note: {note}", file=sys.stderr)
        tables[model] = _table(found)
        sureness[model] = _sureness(found)
    ordered = {model: tables[model] for model in options.model}
    return replace(result, settings=result.settings | settings, tables=ordered, sureness=sureness)


def title(model: str, asked: dict[str, Any]) -> str:
    """Give a model's label with its parameters."""
    return ", ".join([DATA_DRIVEN[model].label, *(f"{name} {given}" for name, given in asked.items())])


def _transformed(gathered: Gathered, names: list[str], step: Step) -> Gathered:
    name, given = step
    if TRANSFORMS[name].takes != "key":
        return transformed(gathered, [(name, None if given is None else int(given))])
    if given not in names:
        print(f'note: no path has "{given}", so {name}={given} changes nothing', file=sys.stderr)
        return gathered
    return transformed(gathered, [(name, names.index(given))])


def _learned(gathered: Gathered, model: str, asked: dict[str, int | str], options: argparse.Namespace) -> Learned:
    try:
        return learn(gathered, model, asked, draws=getattr(options, "intervals", 0), seed=_seed(options))
    except ValueError as refusal:
        raise BadInput(f"{model}: {refusal}") from None


def _table(found: Learned) -> Credits:
    columns = (found.credited.conversions, found.credited.value, found.value_net)
    conversions, value, net = (column[np.newaxis] for column in columns)
    return Credits(conversions, value, net, additive=True)


def _sureness(found: Learned) -> Sureness:
    if found.intervals is None:
        return Sureness(found.error)
    return Sureness(found.error, found.intervals.conversions, found.intervals.value, drawn=True)


def _seed(options: argparse.Namespace) -> int:
    return int(getattr(options, "seed", SEED))


def _notes(model: str, found: Learned, names: list[str]) -> Iterator[str]:
    if found.credited.note:
        yield found.credited.note if model == "markov" else f"{model}: {found.credited.note}"
    below = ", ".join(names[key] for key in found.negative)
    if below:
        yield f"{model}: journeys with {below} convert worse than those without; the credit below 0 says so"
    if found.permutations:
        yield f"{model}: {found.permutations:,} orders of the keys were sampled; see the standard errors"
