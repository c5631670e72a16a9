"""Data-driven models of `measureplan attribute`; a file of its own because scipy is slow to load."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.attribution.aggregated import Aggregated, of_paths
from analysis.attribution.bootstrap import SEED, Model, intervals
from analysis.attribution.coalitions import keys_once
from analysis.attribution.credit import Credits
from analysis.attribution.credited import Credited
from analysis.attribution.datadriven import DATA_DRIVEN, share
from analysis.attribution.gathering import Gathered, Gathering, with_paths
from analysis.attribution.paths import paths_of
from analysis.attribution.shapley import Shapley
from analysis.attribution.transforms import TRANSFORMS
from analysis.attribution.unconverted import unconverted
from analysis.journeys import journeys_in_parts
from analysis.windows import Windows
from measureplan.attribute_events import Events
from measureplan.attribute_learning_options import Step, shown
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
    settings: dict[str, Any] = {"transforms": shown(steps), "parameters": {}}
    if hasattr(options, "intervals"):
        drawn = "journeys" if gathered.walks is None else "persons"
        settings["intervals"] = {"level": 0.95, "draws": options.intervals, "of": drawn, "seed": _seed(options)}
    tables, sureness = dict(result.tables), {}
    for model in filter(DATA_DRIVEN.__contains__, options.model):
        parameters = DATA_DRIVEN[model].parameters
        asked = {name: getattr(options, name, default) for name, default in parameters.items()}
        settings["parameters"][model] = asked
        asks = _asking(model, asked)
        read = gathered if DATA_DRIVEN[model].reads_order else with_paths(gathered, keys_once(gathered.paths))
        credited = asks(read.paths)
        for note in _notes(model, credited, result.names):
            print(f"note: {note}", file=sys.stderr)
        tables[model] = _table(credited, read, asks)
        sureness[model] = _sureness(credited, read, asks, options)
    ordered = {model: tables[model] for model in options.model}
    return replace(result, settings=result.settings | settings, tables=ordered, sureness=sureness)


def title(model: str, asked: dict[str, Any]) -> str:
    """Give a model's label with its parameters."""
    return ", ".join([DATA_DRIVEN[model].label, *(f"{name} {given}" for name, given in asked.items())])


def _transformed(gathered: Gathered, names: list[str], step: Step) -> Gathered:
    name, given = step
    transform = TRANSFORMS[name]
    if transform.takes == "key":
        if given not in names:
            print(f'note: no path has "{given}", so {name}={given} changes nothing', file=sys.stderr)
            return gathered
        given = names.index(given)
    paths = transform.function(gathered.paths, *([] if given is None else [given]))
    return with_paths(gathered, paths)


def _asking(model: str, asked: dict[str, int | str]) -> Model:
    def ask(paths: Aggregated) -> Credited:
        try:
            return share(paths, model, **asked)
        except ValueError as refusal:
            raise BadInput(f"{model}: {refusal}") from None

    return ask


def _table(credited: Credited, read: Gathered, asks: Model) -> Credits:
    value = net = credited.value
    if not np.array_equal(read.value_net, read.paths.value):
        # Shares come from who converted, so what refunds leave is shared by the same.
        net = asks(replace(read.paths, value=read.value_net)).value
    conversions, value, net = (column[np.newaxis] for column in (credited.conversions, value, net))
    return Credits(conversions, value, net, additive=True)


def _sureness(credited: Credited, read: Gathered, asks: Model, options: argparse.Namespace) -> Sureness:
    error = credited.error if isinstance(credited, Shapley) and credited.permutations else None
    if not hasattr(options, "intervals"):
        return Sureness(error)
    found = intervals(read.paths, asks, walks=read.walks, replicates=options.intervals, seed=_seed(options))
    return Sureness(error, found.conversions, found.value, drawn=True)


def _seed(options: argparse.Namespace) -> int:
    return int(getattr(options, "seed", SEED))


def _notes(model: str, credited: Credited, names: list[str]) -> Iterator[str]:
    if credited.note:
        yield credited.note if model == "markov" else f"{model}: {credited.note}"
    if not isinstance(credited, Shapley):
        return
    below = ", ".join(names[key] for key in credited.negative)
    if below:
        yield f"{model}: journeys with {below} convert worse than those without; the credit below 0 says so"
    if credited.permutations:
        yield f"{model}: {credited.permutations:,} orders of the keys were sampled; see the standard errors"
