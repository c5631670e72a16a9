"""What is asked of the attribution page, as one frozen value read from the address and printed back into it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from reports import periods
from reports.asking import OFFERED_MODELS, Reader, leniently
from reports.attribution import learning
from reports.attribution.crediting import INFLUENCED, Direct
from reports.attribution.learning import LEARNED, Learning
from reports.dimensions import DIMENSIONS
from reports.periods import Span
from reports.question import COMPARISONS, OFF, BadQuestion, Defaults, Fault
from reports.ranged import Windowed

NAMES = (
    "goal", "period", "from", "to", "by", "models", "base", "view", "engagement", "click", "direct", "shares",
    "compare", "open", *learning.NAMES,
)  # fmt: skip
# Influenced has its own column, since its rows do not add up.
COMPARED_MODELS = tuple(name for name in OFFERED_MODELS if name != INFLUENCED)
OFFERED = (*COMPARED_MODELS, *LEARNED)
BESIDE = ("first", "linear")  # shown next to the goal's own model where the address names none
DIRECTS: tuple[Direct, ...] = ("rule", "keep", "never")
SHARES = ("all", "attributed")


@dataclass(frozen=True, slots=True)
class Asked(Windowed):
    """One goal under several models, over one range of local days.

    models      of OFFERED, in its order, at least one of COMPARED_MODELS
    base        one of these: the others stand beside it with their difference
    direct      what becomes of direct touches: see crediting.paths_under
    shares      all: of all conversions; attributed: of those with a credited touch
    open        the row whose places and sample journeys are shown; "" for none
    learning    how the data-driven ones among the models learn
    """

    goal: str
    period: str
    since: date
    until: date
    breakdown: str
    models: tuple[str, ...]
    base: str
    view_days: int
    engagement_days: int
    click_days: int
    direct: Direct
    shares: str
    compare: str
    open: str
    learning: Learning = field(default_factory=Learning)

    @property
    def weighed(self) -> tuple[str, ...]:
        """Give the models that weigh each path by itself; they are answered at once."""
        return tuple(model for model in self.models if model not in LEARNED)

    @property
    def learned(self) -> tuple[str, ...]:
        """Give the models that learn from all paths first; a worker answers them."""
        return tuple(model for model in self.models if model in LEARNED)

    @property
    def keep_direct(self) -> bool:
        """Say whether "last" is the plain last touch."""
        return self.direct == "keep"

    @property
    def compared_span(self) -> Span | None:
        """Give the range that this one is compared with."""
        if self.compare == "none":
            return None
        return periods.previous(self.span) if self.compare == "previous" else periods.year_before(self.span)

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        return {
            "goal": self.goal,
            **self.days,
            "by": self.breakdown,
            "models": ",".join(self.models),
            "base": self.base,
            **{name: str(days) if days else OFF for name, days in self.window_days.items()},
            "direct": self.direct,
            "shares": self.shares,
            "compare": self.compare,
            **(self.learning.params() if self.learned else {}),
            **({"open": self.open} if self.open else {}),
        }

    def with_model(self, name: str) -> "Asked":
        """Put a model beside the others, or take it away; the last one that weighs each path by itself stays."""
        left = tuple(each for each in self.models if each != name)
        models = left if name in self.models else (*self.models, name)
        ordered = tuple(each for each in OFFERED if each in models)
        # Those that weigh are offered first, so one of them is left if the first is one.
        if not ordered or ordered[0] in LEARNED:
            return self
        return replace(self, models=ordered, base=self.base if self.base in ordered else ordered[0])


def read(params: Mapping[str, str], defaults: Defaults, *, strict: bool = False) -> Asked:
    """Read the question about a goal; what the parameters leave out is taken from the defaults.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown(NAMES)
    period, span = reader.span(defaults)
    own = defaults.model if defaults.model in COMPARED_MODELS else COMPARED_MODELS[0]
    models = reader.choices("models", OFFERED, tuple(dict.fromkeys((own, *BESIDE))))
    weighed = tuple(model for model in models if model not in LEARNED) or (own,)
    asked = Asked(
        goal=defaults.goal,
        period=period,
        since=span.since,
        until=span.until,
        breakdown=reader.choice("by", DIMENSIONS, "channel"),
        models=(*weighed, *(model for model in models if model in LEARNED)),
        base=reader.choice("base", weighed, own if own in weighed else weighed[0]),
        view_days=reader.window("view", defaults.view_days),
        engagement_days=reader.window("engagement", defaults.engagement_days),
        click_days=reader.window("click", defaults.click_days),
        direct=_direct(reader),
        shares=reader.choice("shares", SHARES, "all"),
        compare=reader.choice("compare", COMPARISONS, "previous"),
        open=params.get("open", ""),
        learning=learning.read(reader),
    )
    if reader.faults:
        raise BadQuestion(tuple(reader.faults))
    return asked


def read_leniently(params: Mapping[str, str], defaults: Defaults) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    return leniently(partial(read, defaults=defaults), params)


def _direct(reader: Reader) -> Direct:
    found = reader.choice("direct", DIRECTS, "rule")
    return next(each for each in DIRECTS if each == found)
