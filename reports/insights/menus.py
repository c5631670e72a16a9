"""The control row of conversion insights, and the menus over its chart."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports import controls
from reports.controls import Controls, Menu, Option
from reports.insights.exporting import TABLES
from reports.insights.metrics import METRICS, ROLES
from reports.insights.question import ALL, NONE, ORGANIC, PAID, SORTS, Asked
from reports.insights.splits import SPLITS

CONTENT_LABELS: Mapping[str, Promise] = {
    ALL: gettext_lazy("Paid and organic"),
    PAID: gettext_lazy("Paid"),
    ORGANIC: gettext_lazy("Organic"),
}


def control_row(
    asked: Asked, goals: Mapping[str, Goal], accounts: Sequence[str], *, workspace: str, has_plan: bool
) -> Controls:
    """Give the control row.

    accounts    that events of these days name; without any there is nothing to choose from
    workspace   its short name
    """
    return Controls(
        choices=(
            *(_role(asked, role, goals) for role in ROLES),
            *_accounts(asked, accounts),
            controls.menu_of(asked, "content", asked.content, CONTENT_LABELS, _("Content")),
            *(controls.window_menu(asked, kind, days) for kind, days in asked.window_days.items()),
        ),
        period=controls.period_menu(asked, has_plan=has_plan),
        compare=None,
        more=tuple(option for name in TABLES for option in _files(asked, name, workspace)),
        dates=controls.date_form(asked),
    )


def over_chart(asked: Asked) -> tuple[Menu, ...]:
    """Give the menus of the chart: its metric, the second one, the split, and the days of a point."""
    labels = {name: metric.label for name, metric in METRICS.items()}
    alone = {NONE: gettext_lazy("No second metric")}
    second = alone | {name: label for name, label in labels.items() if name != asked.metric}
    # A second metric and a split leave each other no axis, and no metric stands beside itself.
    first_changed = replace(asked, second=NONE) if asked.second != NONE else asked
    intervals = controls.INTERVAL_LABELS
    return (
        controls.menu_of(first_changed, "metric", asked.metric, labels, _("Shown")),
        controls.menu_of(replace(asked, split=NONE), "second", asked.second, second, _("Second metric")),
        controls.menu_of(
            replace(asked, second=NONE), "split", asked.split, {key: each.label for key, each in SPLITS.items()},
            _("Split by"),
        ),
        controls.menu_of(asked, "interval", "auto" if asked.is_auto else asked.interval, intervals, ""),
    )  # fmt: skip


def of_sort(asked: Asked) -> Menu:
    """Give the menu of the content table's order: on a phone its heads are not seen."""
    labels = {name: METRICS[name].label for name in SORTS}
    menu = controls.menu_of(asked, "sort", asked.sort, labels, "")
    return replace(menu, label=_("Sorted by: %(column)s") % {"column": menu.label})


def _role(asked: Asked, role: str, goals: Mapping[str, Goal]) -> Menu:
    labels = {slug: goal.name for slug, goal in goals.items()}
    if role != "checkout":
        labels = {NONE: _("none"), **labels}
    current = asked.roles.get(role, NONE)
    menu = controls.menu_of(asked, role, current, labels, "")
    return replace(menu, label=_("%(role)s: %(goal)s") % {"role": ROLES[role], "goal": labels[current]})


def _accounts(asked: Asked, accounts: Sequence[str]) -> tuple[Menu, ...]:
    named = dict.fromkeys((*accounts, *([asked.account] if asked.account else [])))
    if not named:
        return ()
    labels = {"": _("All accounts"), **{name: name for name in named}}
    return (controls.menu_of(asked, "account", asked.account, labels, _("Account")),)


def _files(asked: Asked, name: str, workspace: str) -> tuple[Option, Option]:
    label = TABLES[name].label
    address = reverse("reports:insights-csv", args=[workspace, name])
    csv, xlsx = _("%(table)s as CSV") % {"table": label}, _("%(table)s as XLSX") % {"table": label}
    return controls.files(csv, xlsx, address, asked.query())
