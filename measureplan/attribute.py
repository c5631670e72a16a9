"""`measureplan attribute`: who gets the credit for the conversions in a file; needs no database."""

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analysis.arrays import Floats
from analysis.assists import Split, paid_split
from analysis.attribution.credit import NONE, Credits, tally
from analysis.attribution.models import MODELS, weigh
from analysis.attribution.paths import eligible, without_direct
from analysis.journeys import Journeys, journeys_in_parts
from analysis.windows import LONGEST_DAYS, Windows
from measureplan import attribute_events, attribute_paths
from measureplan.attribute_read import read_rows
from measureplan.attribute_show import Result, as_json, as_text
from measureplan.bad_input import BadInput

NAMES = tuple(name for name, model in MODELS.items() if model.is_complete)
LEARNING = ("markov",)  # the keys of DATA_DRIVEN, whose scipy takes longer to load than most files to credit
EVERY = (*NAMES, *LEARNING)
ONLY_DATA_DRIVEN = ("order", "split")
ONLY_EVENTS = ("goal", "view", "engagement", "click", "scope", "counting", "half_life", "by")
DEFAULTS: Mapping[str, Any] = {  # set only where asked, to tell which options aggregated paths cannot take
    "view": 1.0,
    "engagement": 30.0,
    "click": 30.0,
    "scope": "all",
    "counting": "every",
    "half_life": 7.0,
    "by": "channel",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("events", nargs="?", type=Path, metavar="EVENTS", help="CSV, NDJSON or Parquet, also gzipped")
    parser.add_argument("--paths", type=Path, metavar="FILE", help="aggregated paths instead of events")
    parser.add_argument("--goal", metavar="NAME", help="name of the events that are conversions")
    parser.add_argument(
        "--model",
        type=_models,
        default=["last"],
        metavar="A,B",
        help=f"one or more of {', '.join(EVERY)}; default last",
    )
    for kind in ("view", "engagement", "click"):
        said = f"days that {kind}s count before a conversion: 0 to {LONGEST_DAYS}, or off; default {DEFAULTS[kind]:g}"
        parser.add_argument(f"--{kind}", type=_window, metavar="D", default=argparse.SUPPRESS, help=said)
    parser.add_argument("--by", metavar="COLUMN", default=argparse.SUPPRESS, help="column to credit; default channel")
    parser.add_argument(
        "--scope",
        choices=["all", "reset"],
        default=argparse.SUPPRESS,
        help="reset: a conversion uses up the touches before it; default all",
    )
    parser.add_argument("--keep-direct", action="store_true", help="direct touches earn like any other")
    parser.add_argument(
        "--counting",
        choices=["every", "session", "person"],
        default=argparse.SUPPRESS,
        help="which conversions count: every one, or the first of a session or person; default every",
    )
    parser.add_argument(
        "--half-life", type=_days, metavar="D", default=argparse.SUPPRESS, help="days, of time_decay; default 7"
    )
    _add_learning(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_learning(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--order",
        type=int,
        choices=(1, 2, 3),
        default=argparse.SUPPRESS,
        help="touches that markov looks back; default 1",
    )
    parser.add_argument(
        "--split",
        choices=["global", "journey"],
        default=argparse.SUPPRESS,
        help="markov: all conversions by effect, or each path's own among its touches; default global",
    )


def run(options: argparse.Namespace) -> int:
    """Read, attribute, print; raise BadInput for what the person can put right."""
    if (options.events is None) == (options.paths is None):
        raise BadInput("give a file of events, or --paths with a file of aggregated paths")
    asked = [name for name in ONLY_DATA_DRIVEN if hasattr(options, name)]
    if asked and "markov" not in options.model:
        raise BadInput(f"--{asked[0]} is of markov, which was not asked for; add --model markov or leave it out")
    result = _from_paths(options) if options.paths else _from_events(options)
    print(as_json(result) if options.json else as_text(result))
    return 0


def _from_events(options: argparse.Namespace) -> Result:
    asked = dict(DEFAULTS) | vars(options)
    if not asked.get("goal"):
        raise BadInput("--goal is missing; give the name of the events that are conversions")
    if asked["goal"] == attribute_events.REFUND:
        raise BadInput('--goal "refund": such rows take back what others earned; name the goal itself')
    _refuse_learning(options)
    rows = read_rows(options.events, attribute_events.NEEDED)
    asks_session = any("session" in MODELS[model].needs for model in options.model)
    events = attribute_events.read_events(
        rows,
        goal=asked["goal"],
        by=asked["by"],
        counting=asked["counting"],
        needs_sessions=asks_session or asked["counting"] == "session",
    )
    for note in events.notes:
        print(f"note: {note}", file=sys.stderr)
    windows = Windows(asked["view"], asked["engagement"], asked["click"])
    ledger = _Ledger(options, asked["scope"], windows, asked["half_life"], len(events.names))
    money = events.money
    for part, journeys in journeys_in_parts(events.touches, events.conversions, windows):
        count = np.ones(journeys.conversions)
        ledger.add(journeys, events.keys[journeys.touch], count, money.value[part], money.value_net[part])
    settings = {
        "goal": asked["goal"],
        "models": options.model,
        "windows": {"view": asked["view"], "engagement": asked["engagement"], "click": asked["click"]},
        "by": asked["by"],
        "scope": asked["scope"],
        "keep_direct": options.keep_direct,
        "counting": asked["counting"],
        "half_life_days": asked["half_life"],
        "currency": money.currency,
    }
    totals = {"conversions": len(money.value)}
    return Result(settings, events.names, ledger.tables, ledger.split, totals, money, events.unmatched)


def _refuse_learning(options: argparse.Namespace) -> None:
    learning = [model for model in options.model if model in LEARNING]
    if learning:
        raise BadInput(
            f"{learning[0]} learns from journeys without a conversion too, which the events of a goal do not tell; "
            "give aggregated paths with --paths"
        )


def _from_paths(options: argparse.Namespace) -> Result:
    odd = [name for name in ONLY_EVENTS if getattr(options, name, None) is not None]
    if odd:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in odd)
        raise BadInput(f"--paths takes no {flags}: they have no names, times or types; leave it out")
    for model in options.model:
        if model in MODELS and MODELS[model].needs:
            needs = " and ".join(sorted(MODELS[model].needs))
            able = ", ".join(name for name in EVERY if name not in MODELS or not MODELS[name].needs)
            raise BadInput(f"{model} needs the {needs} of each touch, which paths do not have; take {able}")
    found = attribute_paths.read_paths(read_rows(options.paths, attribute_paths.NEEDED))
    ledger = _Ledger(options, "all", Windows(), DEFAULTS["half_life"], len(found.names))
    # A path's value is the sum over its conversions, so the path takes it once.
    ledger.add(found.journeys, found.keys, found.count, found.money.value, found.money.value_net)
    settings = {"models": options.model, "by": "channel", "keep_direct": options.keep_direct}
    tables = ledger.tables
    if any(model in LEARNING for model in options.model):
        from measureplan import attribute_learning  # noqa: PLC0415

        learned, settings["parameters"] = attribute_learning.learn(found, options)
        tables = {model: (learned | ledger.tables)[model] for model in options.model}
    totals = {"conversions": int(found.count.sum()), "null": int(found.nulls.sum())}
    return Result(settings, found.names, tables, ledger.split, totals, found.money, [])


class _Ledger:
    """Sums the tables of all parts."""

    def __init__(
        self, options: argparse.Namespace, scope: Any, windows: Windows, half_life: float, n_keys: int
    ) -> None:
        self.tables: dict[str, Credits] = {}
        self.split = {part.name.lower(): (0.0, 0.0) for part in Split if part is not Split.NONE}
        self.split[NONE] = (0.0, 0.0)
        self._options, self._scope, self._windows = options, scope, windows
        self._half_life, self._n_keys = half_life, n_keys

    def add(self, journeys: Journeys, keys: Any, count: Floats, value: Floats, net: Floats) -> None:
        """Add the credits of some journeys."""
        window = eligible(journeys, self._windows, scope=self._scope)
        paths = window if self._options.keep_direct else without_direct(window)
        for model in self._options.model:
            if model in LEARNING:
                continue
            given = {"half_life_days": self._half_life} if model == "time_decay" else {}
            weights = weigh(paths, model, **given)
            table = tally(weights, keys=keys, n_keys=self._n_keys, count=count, value=value, value_net=net)
            self.tables[model] = self.tables[model] + table if model in self.tables else table
        parts = paid_split(window)
        for part, (name, (conversions, worth)) in zip(Split, list(self.split.items()), strict=True):
            here = parts == part
            self.split[name] = (conversions + float(count[here].sum()), worth + float(value[here].sum()))


def _models(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    unknown = [name for name in names if name not in EVERY]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"unknown model {', '.join(unknown)!r}; there are {', '.join(EVERY)}")
    return list(dict.fromkeys(names))


def _window(text: str) -> float | None:
    if text.lower() == "off":
        return None
    days = _number(text, lambda days: 0 <= days <= LONGEST_DAYS)
    if days is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no window; give 0 to {LONGEST_DAYS} days, or off")
    return days


def _days(text: str) -> float:
    days = _number(text, lambda days: days > 0)
    if days is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no half-life; give a number of days above 0")
    return days


def _number(text: str, holds: Callable[[float], bool]) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and holds(number) else None
