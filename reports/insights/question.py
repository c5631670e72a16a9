"""What is asked of conversion insights, as one frozen value read from the address and printed back into it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import gettext as _

from analysis.windows import KIND_NAMES
from goals.models import Goal
from reports import periods
from reports.asking import Reader, leniently
from reports.insights.metrics import CART, CHECKOUT, METRICS, ROLES, VISIT
from reports.insights.splits import SPLITS
from reports.question import AUTO, INTERVALS, OFF, BadQuestion, Defaults, Fault
from reports.ranged import Windowed

ALL, PAID, ORGANIC = "all", "paid", "organic"
CONTENTS = (ALL, PAID, ORGANIC)
NONE = "none"  # no goal has the role; no second metric; no split
SORTS = ("checkouts", "visits", "carts")
LONGEST_ACCOUNT = 200  # letters
NAMES = (
    *ROLES, "account", "content", *KIND_NAMES, "period", "from", "to", "interval", "metric", "second", "split", "sort",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What a question can name, and what it takes where the address says nothing.

    goals      live ones by their short names, in the plan's order, with their rules
    usual      short name of the goal that has each role of ROLES; NONE where no goal fits
    defaults   gives what the checkout goal of a short name takes: its windows, its plan
    """

    goals: Mapping[str, Goal]
    usual: Mapping[str, str]
    defaults: Callable[[str], Defaults]


@dataclass(frozen=True, slots=True)
class Asked(Windowed):
    """One account, or all, over one range of local days.

    checkout, visit, cart   short names of the goals that have these roles; visit and cart may be NONE
    account                 of an ad platform, as events name it; "" for all touches
    content                 all, paid or organic: which part the cards show first, the chart and the content table
    interval                of the trend; `is_auto` where the range's length chose it
    metric, second          keys of METRICS; second may be NONE
    split                   a key of SPLITS: what the trend is split by
    sort                    what the content table is sorted by
    """

    checkout: str
    visit: str
    cart: str
    account: str
    content: str
    view_days: int
    engagement_days: int
    click_days: int
    period: str
    since: date
    until: date
    interval: str
    is_auto: bool
    metric: str
    second: str
    split: str
    sort: str

    @property
    def roles(self) -> dict[str, str]:
        """Give the goal of each role, by its short name; roles that no goal has are left out."""
        named = {CHECKOUT: self.checkout, VISIT: self.visit, CART: self.cart}
        return {role: slug for role, slug in named.items() if slug != NONE}

    def params(self) -> dict[str, str]:
        """Print the question as the address's parameters; `read` reads the same question from them."""
        return {
            CHECKOUT: self.checkout,
            VISIT: self.visit,
            CART: self.cart,
            **({"account": self.account} if self.account else {}),
            "content": self.content,
            **{name: str(days) if days else OFF for name, days in self.window_days.items()},
            **self.days,
            "interval": AUTO if self.is_auto else self.interval,
            "metric": self.metric,
            "second": self.second,
            "split": self.split,
            "sort": self.sort,
        }


def read(params: Mapping[str, str], known: Known, *, strict: bool = False) -> Asked:
    """Read the question; what the parameters leave out is usual.

    strict   refuse parameters that mean nothing here
    raises   BadQuestion with every fault at once
    """
    reader = Reader(params)
    if strict:
        reader.refuse_unknown(NAMES)
    checkout = reader.choice(CHECKOUT, known.goals, known.usual[CHECKOUT])
    defaults = known.defaults(checkout)
    period, span = reader.span(defaults)
    interval = reader.choice("interval", (AUTO, *INTERVALS), AUTO)
    asked = Asked(
        checkout=checkout,
        visit=reader.choice(VISIT, (NONE, *known.goals), known.usual[VISIT]),
        cart=reader.choice(CART, (NONE, *known.goals), known.usual[CART]),
        account=_account(reader),
        content=reader.choice("content", CONTENTS, ALL),
        view_days=reader.window("view", defaults.view_days),
        engagement_days=reader.window("engagement", defaults.engagement_days),
        click_days=reader.window("click", defaults.click_days),
        period=period,
        since=span.since,
        until=span.until,
        interval=periods.fitting_interval(span) if interval == AUTO else interval,
        is_auto=interval == AUTO,
        metric=reader.choice("metric", METRICS, "checkouts"),
        second=reader.choice("second", (NONE, *METRICS), NONE),
        split=reader.choice("split", SPLITS, NONE),
        sort=reader.choice("sort", SORTS, SORTS[0]),
    )
    _refuse_both(reader, asked)
    if reader.faults:
        raise BadQuestion(tuple(reader.faults))
    return asked


def read_leniently(params: Mapping[str, str], known: Known) -> tuple[Asked, tuple[Fault, ...]]:
    """Read what can be read, for a page: bad parameters fall back to their defaults and are named."""
    return leniently(partial(read, known=known), params)


def _account(reader: Reader) -> str:
    account = reader.params.get("account", "")
    if len(account) <= LONGEST_ACCOUNT:
        return account
    reader.fault("account", account, _("Give an account as events name it."))
    return ""


def _refuse_both(reader: Reader, asked: Asked) -> None:
    """Refuse a second metric beside a split: each line would need two axes."""
    if NONE not in {asked.second, asked.split}:
        reader.fault("second", asked.second, _("A second metric stands beside one line: leave out the split."))
    elif asked.second == asked.metric:
        reader.fault("second", asked.second, _("Give another metric than the first."))
