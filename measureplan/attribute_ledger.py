"""What was asked, to the credits of some events: each model's table and the paid split, summed over parts."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.assists import Split, paid_split
from analysis.attribution.aggregated import of_paths
from analysis.attribution.credit import NONE, Credits, Tally
from analysis.attribution.gathering import Gathering
from analysis.attribution.models import MODELS, weigh
from analysis.attribution.paths import Paths, eligible, without_direct
from analysis.journeys import journeys_in_parts
from analysis.windows import Windows
from measureplan.attribute_events import Events


class Ledger:
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


def reading(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Give what rows are read by: the keywords of attribute_events.read_events."""
    asks_session = any("session" in MODELS[model].needs for model in asked["model"] if model in MODELS)
    needs = asks_session or asked["counting"] == "session"
    return {"goal": asked["goal"], "by": asked["by"], "counting": asked["counting"], "needs_sessions": needs}


def windows_of(asked: Mapping[str, Any]) -> Windows:
    """Give the windows that were asked for."""
    return Windows(asked["view"], asked["engagement"], asked["click"])


def ledger_of(events: Events, asked: Mapping[str, Any], gathering: Gathering | None = None) -> Ledger:
    """Credit the conversions part by part, and gather their journeys where models learn from them."""
    windows, money = windows_of(asked), events.money
    ledger = Ledger(asked["model"], asked["half_life"], len(events.names))
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


def settings_of(asked: Mapping[str, Any], currency: str | None) -> dict[str, Any]:
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
