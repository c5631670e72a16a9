"""`measureplan attribute`: who gets the credit for the conversions in a file; needs no database."""

import argparse
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from analysis.attribution.gathering import Gathering
from analysis.attribution.models import MODELS
from analysis.attribution.paths import eligible, without_direct
from analysis.journeys import MOST_TOUCHES
from analysis.windows import LONGEST_DAYS, Windows
from measureplan import attribute_events, attribute_learning_options, attribute_lines, attribute_paths
from measureplan.attribute_learning_options import LEARNING
from measureplan.attribute_ledger import Ledger, ledger_of, reading, settings_of, windows_of
from measureplan.attribute_lines import BUCKET_LINES, Source
from measureplan.attribute_read import Rows, read_rows
from measureplan.attribute_show import Result, as_json, as_text
from measureplan.bad_input import BadInput

NAMES = tuple(name for name, model in MODELS.items() if model.is_complete)
EVERY = (*NAMES, *LEARNING)
ONLY_EVENTS = ("goal", "view", "engagement", "click", "scope", "counting", "half_life", "by", "most_touches")
ONLY_TABLES = ("runner", "master", "buckets")
DEFAULTS: Mapping[str, Any] = {  # set only where asked, to tell which options aggregated paths cannot take
    "view": 1.0,
    "engagement": 30.0,
    "click": 30.0,
    "scope": "all",
    "counting": "every",
    "half_life": 7.0,
    "by": "channel",
    "most_touches": MOST_TOUCHES,
    "runner": "here",
    "master": None,
    "buckets": None,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "events",
        nargs="?",
        metavar="EVENTS",
        help="CSV, NDJSON or Parquet, also gzipped; a folder of Parquet files, or a Delta table",
    )
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
    _add_runner(parser)
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_runner(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runner",
        choices=["here", "spark"],
        default=argparse.SUPPRESS,
        help="where it is computed: in this process, or on a Spark cluster; default here",
    )
    parser.add_argument(
        "--master", metavar="URL", default=argparse.SUPPRESS, help="the cluster, as spark://host:7077 or local[2]"
    )
    parser.add_argument(
        "--buckets", type=_count, metavar="N", default=argparse.SUPPRESS, help="parts that visitors are dealt into"
    )


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
    if asked["runner"] == "spark":
        from measureplan import attribute_cluster  # noqa: PLC0415  # where it is asked for

        return attribute_cluster.answer(asked)
    source = _source_to_deal(asked)
    if source is not None:
        from measureplan import attribute_cluster  # noqa: PLC0415  # where there is much to read

        return attribute_cluster.answer_here(source, asked)
    events = attribute_events.read_events(_rows(asked), **reading(asked))
    for note in events.notes:
        print(f"note: {note}", file=sys.stderr)
    learns = any(model in LEARNING for model in asked["model"])
    gathering = Gathering(len(events.names), keeps_walks="intervals" in asked) if learns else None
    ledger = ledger_of(events, asked, gathering)
    settings = settings_of(asked, events.money.currency)
    totals = {"conversions": len(events.money.value), "capped": ledger.capped}
    result = Result(settings, events.names, ledger.tables, ledger.split, totals, events.money, events.unmatched)
    if gathering is None:
        return result
    from measureplan import attribute_learning  # noqa: PLC0415

    nulls = attribute_learning.add_unconverted(gathering, events, windows_of(asked), keep_direct=asked["keep_direct"])
    result = replace(result, totals={**result.totals, "null": nulls})
    return attribute_learning.learned(result, gathering.gathered(), options)


def _source_to_deal(asked: Mapping[str, Any]) -> Source | None:
    """Give what is worked on bucket by bucket: what is large or was asked to be, but for models that learn.

    raises   BadInput where buckets were asked for and cannot be
    """
    learning = [model for model in asked["model"] if model in LEARNING]
    if learning or not attribute_lines.is_dealable(asked["events"]):
        if asked["buckets"]:
            raise BadInput(_why_whole(asked["events"], learning))
        return None
    source = attribute_lines.open_source(asked["events"], needed=attribute_events.NEEDED, by=asked["by"])
    return source if asked["buckets"] or source.lines > BUCKET_LINES else None


def _why_whole(events: str, learning: list[str]) -> str:
    if learning:
        return f"{learning[0]} learns from all journeys at once; leave --buckets out"
    return f"{events} is read whole; leave --buckets out, or give Parquet that stores times as timestamps"


def _rows(asked: Mapping[str, Any]) -> Rows:
    if not attribute_lines.is_source(asked["events"]):
        return read_rows(Path(asked["events"]), attribute_events.NEEDED)
    source = attribute_lines.open_source(asked["events"], needed=attribute_events.NEEDED, by=asked["by"])
    return attribute_lines.read_source(source)


def _from_paths(options: argparse.Namespace) -> Result:
    _refuse_for_paths(options)
    found = attribute_paths.read_paths(read_rows(options.paths, attribute_paths.NEEDED))
    ledger = Ledger(options.model, DEFAULTS["half_life"], len(found.names))
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
    odd = [name for name in (*ONLY_EVENTS, *ONLY_TABLES) if getattr(options, name, None) is not None]
    if odd:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in odd)
        raise BadInput(f"--paths takes no {flags}: they have no names, times or types; leave it out")
    for model in options.model:
        if model in MODELS and MODELS[model].needs:
            needs = " and ".join(sorted(MODELS[model].needs))
            able = ", ".join(name for name in EVERY if name not in MODELS or not MODELS[name].needs)
            raise BadInput(f"{model} needs the {needs} of each touch, which paths do not have; take {able}")


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
