"""The navigation: one list of groups and items, shown as far as the member may and the page exists."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from workspaces import notices
from workspaces.models import Membership
from workspaces.roles import MAY, Action, Role


@dataclass(frozen=True, slots=True)
class Item:
    label: str | Promise
    url_name: str  # takes the workspace's slug
    icon: str  # of static/icons.svg
    action: Action  # what a member must be allowed to do to see it
    stands_above: bool = False  # its address is the start of all others, so only the page itself is current


@dataclass(frozen=True, slots=True)
class Group:
    label: str | Promise  # empty: the items stand on their own
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """How much behind an item needs somebody: a number beside it, and the words for those who do not see it."""

    n: int
    words: str
    tone: str = ""  # a class of badge.css


@dataclass(frozen=True, slots=True)
class Link:
    """An item as one member sees it on one page."""

    label: str | Promise
    url: str
    icon: str
    is_current: bool
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class Section:
    label: str | Promise
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Bell:
    """The way to the notifications, with how many are unread."""

    url: str
    unread: str  # "3", "99+", "" for none
    is_current: bool

    @property
    def label(self) -> str:
        """Give what is read to those who do not see the mark."""
        if not self.unread:
            return gettext("Notifications")
        return gettext("Notifications, %(count)s unread") % {"count": self.unread}


# What waits for a member behind an item, by the item's address name; each costs a query a page. Storeys above put
# theirs in beside their addresses, since this one can't know them.
BADGES: Final[dict[str, Callable[[Membership], Badge]]] = {}
GROUPS: Final[tuple[Group, ...]] = (
    Group("", (Item(_("Overview"), "reports:overview", "overview", Action.SEE_REPORTS, stands_above=True),)),
    Group(
        _("Plan"),
        (
            Item(_("Measurement plan"), "goals:plan", "plan", Action.SEE_REPORTS),
            Item(_("Proposals"), "goals:proposals", "proposal", Action.SEE_REPORTS),
            Item(_("Goal tracking"), "goals:tracking", "eye", Action.SEE_REPORTS),
            Item(_("Tracking"), "tracking:health", "tracking", Action.SEE_TRACKING),
            Item(_("Event catalogue"), "tracking:catalogue", "compare", Action.SEE_TRACKING),
        ),
    ),
    Group(
        _("Results"),
        (
            Item(_("KPIs"), "reports:kpis", "kpi", Action.SEE_REPORTS),
            Item(_("Goals"), "reports:goals", "goal", Action.SEE_REPORTS),
            Item(_("Attribution"), "reports:attribution", "attribution", Action.SEE_REPORTS),
            Item(_("Insights"), "reports:insights", "insight", Action.SEE_REPORTS),
            Item(_("Funnels"), "reports:funnels", "filter", Action.SEE_REPORTS),
            Item(_("Paths"), "reports:paths", "path", Action.SEE_REPORTS),
            Item(_("Cohorts"), "reports:cohorts", "cohort", Action.SEE_REPORTS),
            Item(_("Explore"), "reports:explore", "search", Action.SEE_REPORTS),
            Item(_("Metrics"), "reports:metrics", "spark", Action.SEE_REPORTS),
            Item(_("Segments"), "reports:segments", "audience", Action.SEE_REPORTS),
            Item(_("Evidence"), "reports:evidence", "evidence", Action.SEE_REPORTS),
            Item(_("Ad costs"), "tracking:costs", "report", Action.SEE_REPORTS),
            Item(_("Annotations"), "reports:annotations", "flag", Action.SEE_REPORTS),
        ),
    ),
    Group(
        pgettext_lazy("let somebody read", "Share"),
        (
            Item(_("Snapshots"), "reports:snapshots", "lock", Action.SEE_REPORTS),
            Item(_("Alerts"), "reports:alerts", "alert", Action.SEE_REPORTS),
            Item(_("Shared links"), "reports:shares", "forward", Action.SHARE),
            Item(_("Scheduled reports"), "reports:schedules", "mail", Action.SHARE),
        ),
    ),
    Group(
        _("Settings"),
        (
            Item(_("Sources"), "tracking:sources", "source", Action.SEE_TRACKING),
            Item(_("Imports"), "tracking:imports", "import", Action.EDIT_TRACKING),
            Item(_("Computations"), "reports:runs", "tracking", Action.SEE_TRACKING),
            Item(_("Privacy"), "tracking:persons", "lock", Action.HANDLE_PERSONS),
            Item(_("Members"), "workspaces:members", "members", Action.SEE_REPORTS),
            Item(_("API tokens"), "workspaces:tokens", "token", Action.MANAGE_TOKENS),
            Item(_("Audit"), "workspaces:audit", "audit", Action.SEE_AUDIT),
            Item(_("Workspace"), "workspaces:settings", "settings", Action.MANAGE_WORKSPACE),
        ),
    ),
)


def navigation(request: HttpRequest) -> dict[str, object]:
    """Give every template the workspace, the member, what they `may` do, the bell and the navigation.

    Navigation and bell are lazy, so that a fragment for htmx, which shows none, pays nothing.
    """
    workspace = getattr(request, "workspace", None)
    member = getattr(request, "member", None)
    allowed = MAY[Role(member.role)] if member else frozenset()
    return {
        "workspace": workspace,
        "member": member,
        "may": {action.value for action in allowed},  # {% if "edit_plan" in may %}
        "bell": SimpleLazyObject(lambda: bell_of(member, request.path)) if member else None,
        "navigation": SimpleLazyObject(
            lambda: sections(workspace.slug, request.path, allowed, member=member) if workspace else ()
        ),
    }


def bell_of(member: Membership, path: str) -> Bell:
    """Give the member's bell, for one query; `path` is the page shown."""
    count = notices.unread_count(member)
    shown = f"{notices.MOST_COUNTED - 1}+" if count >= notices.MOST_COUNTED else str(count or "")
    url = reverse("workspaces:notifications", args=[member.workspace.slug])
    return Bell(url, shown, path.startswith(url))


def sections(
    slug: str, path: str, allowed: frozenset[Action], *, member: Membership | None = None
) -> tuple[Section, ...]:
    """Give the groups with the items that may be seen and whose pages exist; `path` is the page shown.

    member   whose badges are counted; None: none are
    """
    found = (Section(group.label, _links(group, slug, path, allowed, member)) for group in GROUPS)
    return tuple(section for section in found if section.links)


def _links(
    group: Group, slug: str, path: str, allowed: frozenset[Action], member: Membership | None
) -> tuple[Link, ...]:
    addresses = ((item, _address(item.url_name, slug)) for item in group.items if item.action in allowed)
    return tuple(
        Link(item.label, url, item.icon, _is_current(item, url, path), _badge(item, member))
        for item, url in addresses
        if url
    )


def _badge(item: Item, member: Membership | None) -> Badge | None:
    badge = BADGES.get(item.url_name)
    return badge(member) if badge and member else None


def _is_current(item: Item, url: str, path: str) -> bool:
    """A page below an item's address (a goal's own page, say) keeps the item current."""
    return path == url or (not item.stands_above and path.startswith(url))


def _address(url_name: str, slug: str) -> str | None:
    """Give the item's address; None for a page that this version does not have."""
    try:
        return reverse(url_name, args=[slug])
    except NoReverseMatch:
        return None
