"""Options of the data-driven models of `measureplan attribute`; without scipy, which is slow to load."""

import argparse

from analysis.attribution.bootstrap import FEWEST_REPLICATES
from analysis.attribution.steps import Step, read_step
from measureplan.bad_input import BadInput

LEARNING = ("markov", "shapley", "shapley_simplified", "shapley_of_all")  # the keys of DATA_DRIVEN
SAMPLED = "shapley_of_all"
OF = {"order": ("markov",), "split": ("markov",), "permutations": (SAMPLED,), "transform": LEARNING}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare them; each is set only where asked for, so that it can be refused where it says nothing."""
    learning = parser.add_argument_group("data-driven models", f"of {', '.join(LEARNING)}")

    def add(flag: str, said: str, **given: object) -> None:
        learning.add_argument(flag, default=argparse.SUPPRESS, help=said, **given)  # type: ignore[arg-type]

    add("--order", "touches that markov looks back; default 1", type=int, choices=(1, 2, 3))
    add(
        "--split",
        "markov: all conversions by effect, or each path's own among its touches; default global",
        choices=["global", "journey"],
    )
    add(
        "--transform",
        "make other paths first; again for a further step: collapse, once, drop=KEY, strip=KEY, last=N",
        type=_step,
        action="append",
        metavar="STEP",
    )
    add("--intervals", f"95 %% intervals of the shares from N draws, {FEWEST_REPLICATES} or more", **_whole("N"))
    add("--permutations", "orders that shapley_of_all samples at least; default 2000", **_whole("N"))
    add("--seed", "of what is drawn, for intervals and shapley_of_all", **_whole("S"))


def refuse_idle(options: argparse.Namespace) -> None:
    """Raise BadInput for an option that no model asked for reads, and for too few draws."""
    asked = vars(options)
    for name, models in OF.items():
        if name in asked and not set(models) & set(options.model):
            raise BadInput(f"--{name} is of {', '.join(models)}, which was not asked for; add it or leave --{name} out")
    if "intervals" in asked and not set(LEARNING) & set(options.model):
        raise BadInput(f"--intervals are of {', '.join(LEARNING)}, which were not asked for; add one of them")
    if "seed" in asked and "intervals" not in asked and SAMPLED not in options.model:
        raise BadInput(f"--seed is of --intervals and {SAMPLED}, which were not asked for; add one or leave it out")
    if asked.get("intervals", FEWEST_REPLICATES) < FEWEST_REPLICATES:
        raise BadInput(f"--intervals {options.intervals}: give {FEWEST_REPLICATES} draws or more")
    if asked.get("permutations", 1) < 1:
        raise BadInput("--permutations 0: give 1 or more")


def _whole(metavar: str) -> dict[str, object]:
    return {"type": _number, "metavar": metavar}


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 0 or more")
    return int(text)


def _step(text: str) -> Step:
    try:
        return read_step(text)
    except ValueError as refusal:
        raise argparse.ArgumentTypeError(str(refusal)) from None
