"""Fjellsport's measurement plan as plain data: people, objectives, goals and what counts as them."""

from dataclasses import dataclass
from datetime import date

from measureplan.demo.generate import Shop
from measureplan.demo.targets import KPIS, Kpi, Target, targets
from measureplan.demo.truth import ZONE


@dataclass(frozen=True, slots=True)
class Member:
    """A person of the demo team. `role` is owner, lead, contributor or viewer."""

    email: str
    name: str
    role: str
    department: str


@dataclass(frozen=True, slots=True)
class Objective:
    """What the shop is after, why, and the question whose answer it decides on."""

    key: str
    name: str
    why: str
    question: str
    department: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of an event: a lake column (or `properties.<name>`), an operator, and a value.

    operator  `is`, `starts_with`, `at_least`
    """

    field: str
    operator: str
    value: str | int


@dataclass(frozen=True, slots=True)
class Goal:
    """A macro or micro goal.

    level     macro or micro
    kind      of a micro goal: `milestone` (a step to the macro goal) or `secondary` (shows interest)
    supports  keys of the macro goals that a micro goal leads to
    rules     any of these lists of conditions, each of which must hold whole
    counting  `every` or `session`
    value     `event` for the event's own value, or `none`
    """

    key: str
    name: str
    level: str
    objective: str
    department: str
    why: str
    rules: tuple[tuple[Condition, ...], ...]
    kind: str | None = None
    supports: tuple[str, ...] = ()
    counting: str = "session"
    value: str = "none"


@dataclass(frozen=True, slots=True)
class PlannedInitiative:
    """Something done on a day to move a goal. `expected` is in words; `since` is the first day of it."""

    name: str
    hypothesis: str
    goal: str
    since: date
    expected: str
    department: str
    owner: str


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a loader needs to make the demo workspace's rows; keys tie the parts together."""

    workspace: str
    zone: str
    currency: str
    departments: tuple[str, ...]
    members: tuple[Member, ...]
    objectives: tuple[Objective, ...]
    goals: tuple[Goal, ...]
    kpis: tuple[Kpi, ...]
    targets: tuple[Target, ...]
    initiatives: tuple[PlannedInitiative, ...]


DEPARTMENTS = ("Marketing", "CRM", "Customer service", "Stores", "Sales")
MEMBERS = (
    Member("owner@example.com", "Astrid Solvåg", "owner", "Sales"),
    Member("lead@example.com", "Jonas Bøe", "lead", "Marketing"),
    Member("marketing@example.com", "Mina Sæther", "contributor", "Marketing"),
    Member("crm@example.com", "Oskar Lindstrøm", "contributor", "CRM"),
    Member("service@example.com", "Kaisa Ødegård", "contributor", "Customer service"),
    Member("stores@example.com", "Lars Åmodt", "contributor", "Stores"),
    Member("sales@example.com", "Nora Hjelmås", "contributor", "Sales"),
    Member("viewer@example.com", "Per Skjærvik", "viewer", "Sales"),
)
OBJECTIVES = (
    Objective(
        "sales",
        "Grow profitable online sales",
        "The web shop carries the stores through the dark months.",
        "Which channels deserve next quarter's budget?",
        "Sales",
    ),
    Objective(
        "relation",
        "Build the relation before the purchase",
        "People plan a trip for weeks before they buy for it.",
        "What helps people on their way, and should be made easier to find?",
        "CRM",
    ),
    Objective(
        "stores",
        "Bring people to the stores",
        "Boots are tried on; the web shows the way.",
        "Does the web lead people to a store near them?",
        "Stores",
    ),
)


def _event(name: str, *more: Condition) -> tuple[tuple[Condition, ...], ...]:
    return ((Condition("name", "is", name), *more),)


def _micro(key: str, name: str, department: str, why: str, **more: object) -> Goal:
    """Give a secondary micro goal that supports purchases and is the event of its own name."""
    kept = {
        "kind": "secondary",
        "objective": "relation",
        "supports": ("purchase",),
        "rules": _event(key),
    } | more
    return Goal(key=key, name=name, level="micro", department=department, why=why, **kept)  # type: ignore[arg-type]


GOALS = (
    Goal(
        "purchase",
        "Purchase",
        "macro",
        "sales",
        "Sales",
        "What we make money on.",
        _event("purchase"),
        counting="every",
        value="event",
    ),
    Goal(
        "store_visit_lead",
        "Asked the way to a store",
        "macro",
        "stores",
        "Stores",
        "Who asks for directions comes to the store within the week.",
        _event("store_finder_used", Condition("properties.action", "is", "directions")),
    ),
    _micro(
        "add_to_cart",
        "Added to cart",
        "Sales",
        "A wish with a price on it.",
        kind="milestone",
        objective="sales",
    ),
    _micro(
        "begin_checkout",
        "Began checkout",
        "Sales",
        "The last step we can help with.",
        kind="milestone",
        objective="sales",
    ),
    _micro("newsletter_signup", "Newsletter sign-up", "CRM", "Lets us remind people of the trip they plan."),
    _micro(
        "size_guide_used",
        "Size guide used",
        "Customer service",
        "The right size first time means fewer returns.",
    ),
    _micro("search", "Search used", "Sales", "Who searches knows what they want."),
    _micro("filter_used", "Filter used", "Sales", "Buyers narrow down; others scroll."),
    _micro("contact", "Contacted customer service", "Customer service", "A question answered is a sale kept."),
    _micro("file_download", "Catalogue downloaded", "Marketing", "Shows interest before a season."),
    _micro(
        "article_read",
        "Article opened",
        "Marketing",
        "Advice is why people find us.",
        rules=((Condition("name", "is", "page_view"), Condition("path", "starts_with", "/artikler/")),),
    ),
    _micro(
        "store_finder_used",
        "Store finder used",
        "Stores",
        "The first step to a store.",
        objective="stores",
        supports=("store_visit_lead",),
        rules=_event("store_finder_used", Condition("properties.action", "is", "search")),
    ),
)


def plan(shop: Shop) -> Plan:
    """Give the plan of a shop, with targets for the quarter of its last day."""
    began = shop.truth.initiative.started_at.astimezone(ZONE).date()
    return Plan(
        workspace="Fjellsport",
        zone=str(ZONE),
        currency="NOK",
        departments=DEPARTMENTS,
        members=MEMBERS,
        objectives=OBJECTIVES,
        goals=GOALS,
        kpis=KPIS,
        targets=targets(shop),
        initiatives=(
            PlannedInitiative(
                name="Size guide on every product page",
                hypothesis=(
                    "Because customer service answers questions of size every day, showing the size guide "
                    "beside the price will move its use by 40 % within a month, and purchases with it."
                ),
                goal="size_guide_used",
                since=began,
                expected="+40 % size guide uses",
                department="Customer service",
                owner="service@example.com",
            ),
        ),
    )
