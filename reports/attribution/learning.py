"""What is asked of data-driven models: their names, and the settings that the address carries beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.attribution.bootstrap import FEWEST_REPLICATES, REPLICATES, SEED
from analysis.attribution.steps import Step, read_step, written
from reports.asking import Reader

# The keys of DATA_DRIVEN, which loads what web processes have no use for; a test compares them.
LEARNED = ("markov", "shapley", "shapley_simplified", "shapley_of_all")
LABELS: Mapping[str, Promise] = MappingProxyType(
    {
        "markov": gettext_lazy("Markov removal effect"),
        "shapley": gettext_lazy("Shapley"),
        "shapley_simplified": gettext_lazy("Shapley, simplified"),
        "shapley_of_all": gettext_lazy("Shapley of all journeys"),
    }
)
NAMES = ("order", "split", "transform", "draws", "seed")
ORDERS = ("1", "2", "3")
SPLITS = ("global", "journey")
NO_DRAWS = "off"
MOST_DRAWS = 2_000
OFFERED_DRAWS = (0, 200, REPLICATES, MOST_DRAWS)
MOST_SEED = 10**9
MOST_STEPS = 5


@dataclass(frozen=True, slots=True)
class Learning:
    """The settings.

    order, split   of markov
    steps          transforms of the paths before any of the models reads them
    draws          replicates for the intervals, 0 for none
    seed           of the draws, and of the orders that shapley_of_all samples
    """

    order: int = 1
    split: str = SPLITS[0]
    steps: tuple[Step, ...] = ()
    draws: int = REPLICATES
    seed: int = SEED

    def parameters(self, model: str) -> dict[str, int | str]:
        """Give what the model takes of them."""
        if model == "markov":
            return {"order": self.order, "split": self.split}
        return {"seed": self.seed} if model == "shapley_of_all" else {}

    def params(self) -> dict[str, str]:
        """Print them as the address's parameters."""
        return {
            "order": str(self.order),
            "split": self.split,
            "transform": ",".join(written(self.steps)),
            "draws": str(self.draws) if self.draws else NO_DRAWS,
            "seed": str(self.seed),
        }


def read(reader: Reader) -> Learning:
    """Read the settings; what is wrong is noted with the reader, and its default taken."""
    usual = Learning()
    return Learning(
        order=int(reader.choice("order", ORDERS, str(usual.order))),
        split=reader.choice("split", SPLITS, usual.split),
        steps=_steps(reader),
        draws=_draws(reader),
        seed=_whole(reader, "seed", usual.seed, least=0, most=MOST_SEED),
    )


def name_of(model: str, learning: Learning) -> str:
    """Give a data-driven model as the page says it."""
    label = str(LABELS[model])
    if model != "markov":
        return label
    split = _("for each path") if learning.split == "journey" else _("over all paths")
    return _("%(model)s, order %(order)s, %(split)s") % {"model": label, "order": learning.order, "split": split}


def _steps(reader: Reader) -> tuple[Step, ...]:
    found: list[Step] = []
    for text in filter(None, (part.strip() for part in reader.params.get("transform", "").split(","))):
        try:
            found.append(read_step(text))
        except ValueError:
            reader.fault("transform", text, _("Give collapse, once, drop=KEY, strip=KEY or last=N, parted by commas."))
    if len(found) > MOST_STEPS:
        reader.fault("transform", str(len(found)), _("Give at most %(most)s steps.") % {"most": MOST_STEPS})
    return tuple(found[:MOST_STEPS])


def _draws(reader: Reader) -> int:
    if reader.params.get("draws") == NO_DRAWS:
        return 0
    return _whole(reader, "draws", REPLICATES, least=FEWEST_REPLICATES, most=MOST_DRAWS)


def _whole(reader: Reader, name: str, default: int, *, least: int, most: int) -> int:
    value = reader.params.get(name, str(default))
    if value.isascii() and value.isdecimal() and len(value) <= len(str(most)) and least <= int(value) <= most:
        return int(value)
    words = _("Give a whole number from %(least)s to %(most)s.") % {"least": least, "most": most}
    reader.fault(name, value, words)
    return default
