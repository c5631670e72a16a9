"""`measureplan attribute`: who gets the credit for the conversions in a file; needs no database."""

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.assists import Split, paid_split
from analysis.attribution.aggregated import of_paths
from analysis.attribution.credit import NONE, Credits, Tally
from analysis.attribution.gathering import Gathering
from analysis.attribution.models import MODELS, weigh
from analysis.attribution.paths import Paths, eligible, without_direct
from analysis.journeys import MOST_TOUCHES, journeys_in_parts
from analysis.windows import LONGEST_DAYS, Windows
from measureplan import attribute_events, attribute_learning_options, attribute_paths
from measureplan.attribute_learning_options import LEARNING
from measureplan.attribute_read import read_rows
from measureplan.attribute_show import Result, as_json, as_text
from measureplan.bad_input import BadInput

NAMES = tuple(name for name, model in MODELS.items() if model.is_complete)
EVERY = (*NAMES, *LEARNING)
ONLY_EVENTS = ("goal", "view", "engagement", "click", "scope", "counting", "half_life", "by", "most_touches")
DEFAULTS: Mapping[str, Any] = {  # set only where asked, to tell which options aggregated paths cannot take
    "view": 1.0,
    "engagement": 30.0,
    "click": 30.0,
    "scope": "all",
    "counting": "every",
    "half_life": 7.0,
    "by": "channel",
    "most_touches": MOST_TOUCHES,
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
    parser.add_argument(
        "--most-touches",
        type=_count,
        metavar="N",
        default=argparse.SUPPRESS,
        help=f"how many of a conversion's touches share in it, the newest; default {MOST_TOUCHES}, 0 for all",
    )
    attribute_learning_options.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Read, attribute, print; raise BadInput for what the person can put right."""
    if (options.events is None) == (options.paths is None):
        raise BadInput("give a file of events, or --paths with a file of aggregated paths")
    attribute_learning_options.refuse_idle(options)
    result = _from_paths(options) if options.paths else _from_events(options)
    print(as_json(result) if options.json else as_text(result))
    return 0


def _from_events(options: argparse.Namespace) -> Result:
    asked = dict(DEFAULTS) | vars(options)
    if not asked.get("goal"):
        raise BadInput("--goal is missing; give the name of the events that are conversions")
    if asked["goal"] == attribute_events.REFUND:
        raise BadInput('--goal "refund": such rows take back what others earned; name the goal itself')
    events = attribute_events.read_events(read_rows(asked["events"], attribute_events.NEEDED), **_reading(asked))
    for note in events.notes:
        print(f"note: {note}", file=sys.stderr)
    learns = any(model in LEARNING for model in asked["model"])
    gathering = Gathering(len(events.names), keeps_walks="intervals" in asked) if learns else None
    ledger = _ledger_of(events, asked, gathering)
    settings = _settings_of(asked, events.money.currency)
    totals = {"conversions": len(events.money.value), "capped": ledger.capped}
    result = Result(settings, events.names, ledger.tables, ledger.split, totals, events.money, events.unmatched)
    if gathering is None:
        return result
    from measureplan import attribute_learning  # noqa: PLC0415

    nulls = attribute_learning.add_unconverted(gathering, events, _windows(asked), keep_direct=asked["keep_direct"])
    result = replace(result, totals={**result.totals, "null": nulls})
    return attribute_learning.learned(result, gathering.gathered(), options)


def _reading(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give what rows are read by: the keywords of attribute_events.read_events."""
    asks_session = any("session" in MODELS[model].needs for model in asked["model"] if model in MODELS)
    needs = asks_session or asked["counting"] == "session"
    return {"goal": asked["goal"], "by": asked["by"], "counting": asked["counting"], "needs_sessions": needs}


def _windows(asked: Mapping[str, Any]) -> Windows:
    return Windows(asked["view"], asked["engagement"], asked["click"])


def _ledger_of(events: attribute_events.Events, asked: Mapping[str, Any], gathering: Gathering | None) -> "_Ledger":
    """Credit the conversions part by part, and gather their journeys where models learn from them."""
    windows, money = _windows(asked), events.money
    ledger = _Ledger(asked["model"], asked["half_life"], len(events.names))
    most = asked["most_touches"] or None
    for part, journeys in journeys_in_parts(events.touches, events.conversions, windows, most_touches=most):
        ledger.capped += journeys.capped
        window = eligible(journeys, windows, scope=asked["scope"])
        paths = window if asked["keep_direct"] else without_direct(window)
        keys, value, net = events.keys[journeys.touch], money.value[part], money.value_net[part]
        ledger.add(window, paths, keys, count=np.ones(len(value)), value=value, net=net)
        if gathering:
            won = of_paths(paths, keys=keys, n_keys=len(events.names), value=value)
            gathering.add(won, person=events.conversions.person[part], value_net=net)
    return ledger


def _settings_of(asked: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
    """Give what was asked, as JSON values."""
    return {
        "goal": asked["goal"],
        "models": asked["model"],
        "windows": {"view": asked["view"], "engagement": asked["engagement"], "click": asked["click"]},
        "by": asked["by"],
        "scope": asked["scope"],
        "keep_direct": asked["keep_direct"],
        "counting": asked["counting"],
        "half_life_days": asked["half_life"],
        "most_touches": asked["most_touches"],
        "currency": currency,
    }


def _from_paths(options: argparse.Namespace) -> Result:
    _refuse_for_paths(options)
    found = attribute_paths.read_paths(read_rows(options.paths, attribute_paths.NEEDED))
    ledger = _Ledger(options.model, DEFAULTS["half_life"], len(found.names))
    window = eligible(found.journeys, Windows())
    paths = window if options.keep_direct else without_direct(window)
    # A path's value is the sum over its conversions, so the path takes it once.
    money = found.money
    ledger.add(window, paths, found.keys, count=found.count, value=money.value, net=money.value_net)
    settings = {"models": options.model, "by": "channel", "keep_direct": options.keep_direct}
    totals = {"conversions": int(found.count.sum()), "null": int(found.nulls.sum())}
    result = Result(settings, found.names, ledger.tables, ledger.split, totals, found.money)
    if not any(model in LEARNING for model in options.model):
        return result
    from measureplan import attribute_learning  # noqa: PLC0415

    return attribute_learning.learned(result, found.gathered(keep_direct=options.keep_direct), options)


def _refuse_for_paths(options: argparse.Namespace) -> None:
    odd = [name for name in ONLY_EVENTS if getattr(options, name, None) is not None]
    if odd:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in odd)
        raise BadInput(f"--paths takes no {flags}: they have no names, times or types; leave it out")
    for model in options.model:
        if model in MODELS and MODELS[model].needs:
            needs = " and ".join(sorted(MODELS[model].needs))
            able = ", ".join(name for name in EVERY if name not in MODELS or not MODELS[name].needs)
            raise BadInput(f"{model} needs the {needs} of each touch, which paths do not have; take {able}")


class _Ledger:
    """Sums the tables of all parts."""

    def __init__(self, models: list[str], half_life: float, n_keys: int) -> None:
        self.tables: dict[str, Credits] = {}
        self.split = {part.name.lower(): (0.0, 0.0) for part in Split if part is not Split.NONE}
        self.split[NONE] = (0.0, 0.0)
        self.capped = 0  # conversions with only their newest touches
        self._models = [model for model in models if model in MODELS]
        self._half_life, self._n_keys = half_life, n_keys

    def add(self, window: Paths, paths: Paths, keys: Ints, *, count: Floats, value: Floats, net: Floats) -> None:
        """Add the credits of some journeys: paths are what the direct rule left of those in the window."""
        tally = Tally(paths, keys=keys, n_keys=self._n_keys, count=count, value=value, value_net=net)
        for model in self._models:
            given = {"half_life_days": self._half_life} if model == "time_decay" else {}
            table = tally.of(weigh(paths, model, **given))
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


def _count(text: str) -> int:
    if not (text.isdecimal() and text.isascii()):
        raise argparse.ArgumentTypeError(f"{text!r} is no count; give a whole number, or 0 for all")
    return int(text)


def _number(text: str, holds: Callable[[float], bool]) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and holds(number) else None
