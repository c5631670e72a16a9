"""The activity funnel: of those who saw or engaged, how many visited, added to cart and bought in the windows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from analysis.rates import Rate, rate
from analysis.windows import ENGAGEMENT, VIEW, Windows
from reports.attribution.blocks import SQL
from reports.dimensions import TOLD
from reports.insights.ads import Ads
from reports.insights.metrics import CART, CHECKOUT, VISIT
from reports.insights.question import ALL, PAID, Asked
from reports.periods import Span
from reports.publishing import Published
from tracking.lake.query import Pinned, connected
from tracking.lake.schema import Table
from tracking.lake.table import Snapshot
from workspaces.zones import start_of

AUDIENCE = (SQL / "insights.audience.sql").read_text()
STEP = (SQL / "insights.step.sql").read_text()
STEPS: Mapping[str, int] = {VISIT: 1, CART: 2, CHECKOUT: 3}
# A stored path says all that makes a touch chosen but its account: without one, no touch is looked up.
CHOSEN = """step.touch_time >= $since_at
  and ($paid is null or step.paid = $paid)
  and not ($is_ads and step.direct)"""
CHOSEN_OF_ACCOUNT = "(audience.person, step.touch_event_id) in (select person, event_id from chosen)"
OF_ACCOUNT = """
    (source_id, event_id) in (
      select source_id, event_id from events
      where day >= $since - 1 and day <= $until and {told} = $account
    )"""


@dataclass(frozen=True, slots=True)
class Activity:
    """Persons at each step of the funnel: who did this or what comes after it.

    is_ads                     the audience saw or engaged; False: all visitors, since nobody is known to have
    visited, carted            None where no goal has the role
    """

    is_ads: bool
    audience: int
    visited: int | None
    carted: int | None
    bought: int

    @property
    def purchase_rate(self) -> Rate | None:
        """Give purchasers of the audience; None without an audience."""
        return rate(self.bought, self.audience)


@dataclass(frozen=True, slots=True)
class _Counted:
    """What is counted; with a snapshot it names its figures for good.

    roles      role and paths of each goal
    since_at   the first moment of the span
    is_paid    None for touches of both kinds
    """

    roles: tuple[tuple[str, Pinned], ...]
    span: Span
    since_at: datetime
    windows: Windows
    account: str
    is_paid: bool | None
    is_ads: bool


def activity(published: Published, tables: Mapping[str, Pinned], asked: Asked, span: Span, ads: Ads) -> Activity:
    """Count the persons, in the published state of the lake.

    tables   the paths of the goal of each role that can be counted
    ads      the ad events of these days: whether anybody is known to have seen or engaged
    """
    on = [kind for kind in (VIEW, ENGAGEMENT) if asked.windows.reach_us()[kind] >= 0]
    is_ads = any(ads.of_kind(kind) for kind in on)
    is_paid = None if asked.content == ALL else asked.content == PAID
    since_at = start_of(span.since, published.zone)
    counted = _Counted(tuple(sorted(tables.items())), span, since_at, asked.windows, asked.account, is_paid, is_ads)
    audience, visited, carted, bought = _count(published.snapshot, counted)
    return Activity(
        is_ads=is_ads,
        audience=audience,
        visited=visited if VISIT in tables else None,
        carted=carted if CART in tables else None,
        bought=bought,
    )


@lru_cache(maxsize=256)  # of one state of the lake, so it is never stale
def _count(snapshot: Snapshot, counted: _Counted) -> tuple[int, int, int, int]:
    view, engagement, click = counted.windows.reach_us().tolist()
    asked: dict[str, object] = {
        "since": counted.span.since, "until": counted.span.until, "paid": counted.is_paid, "is_ads": counted.is_ads,
        "view_us": view, "engagement_us": engagement, "click_us": click,
        **({"account": counted.account} if counted.account else {"since_at": counted.since_at}),
    }  # fmt: skip
    is_chosen = CHOSEN_OF_ACCOUNT if counted.account else CHOSEN
    steps = [
        STEP.format(number=STEPS[role], paths=f"paths_{role}", is_chosen=is_chosen) for role, _pinned in counted.roles
    ]
    sql = AUDIENCE.replace("{steps}", "\n  union all\n  ".join(steps))
    sql = sql.replace("{is_account}", OF_ACCOUNT.format(told=TOLD["account"]) if counted.account else "true")
    tables = {f"paths_{role}": pinned for role, pinned in counted.roles}
    only = (Table.TOUCHES, Table.EVENTS) if counted.account else (Table.TOUCHES,)
    with connected(snapshot, tables, only=only) as lake:
        ((audience, visited, carted, bought),) = lake.sql(sql, params=asked).fetchall()
    return audience, visited, carted, bought
