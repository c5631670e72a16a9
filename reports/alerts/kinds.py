"""KINDS: what an alert can be about: how it is looked at, and what is said of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import figures
from reports.alerts import falling, risking
from reports.alerts.stepping import Facts, Lens, Patience
from reports.metrics import ON_GOAL_PAGE, PER
from reports.models import Alert
from reports.models.alert import AlertKind
from reports.periods import DAY, Span
from reports.sentences import in_unit
from reports.statuses import STATUSES, UNKNOWN


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of alert.

    lens       reads what the days need; None while the figures are not there
    patience   how long the condition has to hold, and until when it is news
    rule       the condition in words
    title      of a day that began an episode; back: of one on which it was over
    figures    the day's figures in words
    metric     what the goal's page draws of it
    """

    lens: Callable[[Alert, Span, datetime], Lens | None]
    patience: Callable[[Alert], Patience]
    rule: Callable[[Alert], str]
    title: Callable[[Alert, Facts], str]
    back: Callable[[Alert, Facts], str]
    figures: Callable[[Alert, Facts], str]
    metric: Callable[[Alert], Mapping[str, str]]


def path_to(alert: Alert, facts: Facts) -> str:
    """Give the address of the goal's page with exactly the days of the figures; the alert's own where it is gone."""
    goal = alert.about
    if goal is None or not facts:
        return alert.get_absolute_url()
    last = date.fromisoformat(facts["until"]) - DAY
    days = {"period": "custom", "from": facts["since"], "to": last.isoformat()}
    query = urlencode(days | dict(KINDS[AlertKind(alert.kind)].metric(alert)))
    return f"{reverse('reports:goal', args=[alert.workspace.slug, goal.slug])}?{query}"


def _fall_rule(alert: Alert) -> str:
    text = _(
        "%(rate)s over %(width)s falls by more than %(percent)s %% against the same weekdays of the 4 weeks before"
    )
    words = {"rate": PER[alert.per].rate, "width": alert.get_width_days_display(), "percent": alert.fall_percent}
    return text % words


def _fall_title(alert: Alert, facts: Facts) -> str:
    return _("%(goal)s: the rate fell by %(share)s") % {
        "goal": alert.name, "share": figures.percent(facts["share"]).text,
    }  # fmt: skip


def _fall_back(alert: Alert, _facts: Facts) -> str:
    return _("%(goal)s: the rate is up again") % {"goal": alert.name}


def _fall_figures(alert: Alert, facts: Facts) -> str:
    """Write the figures: "412 / 12,118 · 3.4 % on 14 Nov to 20 Nov 2026, against 4.6 % …"."""
    text = ngettext(
        "%(basis)s %(whole)s · %(recent)s on %(days)s, against %(before)s (%(basis_before)s) on the same weekdays of"
        " %(n)s week before.",
        "%(basis)s %(whole)s · %(recent)s on %(days)s, against %(before)s (%(basis_before)s) on the same weekdays of"
        " %(n)s weeks before.",
        facts["weeks"],
    )
    return text % {
        "basis": figures.basis(facts["part"], facts["whole"]),
        "whole": PER[alert.per].label,
        "recent": _rate(facts["part"], facts["whole"]),
        "days": _days(facts),
        "before": _rate(facts["part_before"], facts["whole_before"]),
        "basis_before": figures.basis(facts["part_before"], facts["whole_before"]),
        "n": facts["weeks"],
    }


def _risk_rule(alert: Alert) -> str:
    text = ngettext(
        "Its target is at risk or behind at the end of %(n)s day",
        "Its target is at risk or behind at the end of %(n)s days in a row",
        alert.stay_days,
    )
    return text % {"n": alert.stay_days}


def _risk_title(alert: Alert, facts: Facts) -> str:
    return f"{alert.name}: {_status(facts).lower()}"


def _risk_back(alert: Alert, facts: Facts) -> str:
    if not facts:
        return _("%(kpi)s: the target is gone") % {"kpi": alert.name}
    return f"{alert.name}: {_status(facts).lower()}"


def _risk_figures(_alert: Alert, facts: Facts) -> str:
    if not facts:
        return _("No target runs or ran.")
    text = _("%(actual)s of %(target)s due by %(end)s; %(expected)s was expected by %(day)s. Status: %(status)s.")
    return text % {
        "actual": _amount(facts, facts["actual"]),
        "target": _amount(facts, facts["target"]),
        "end": figures.day(date.fromisoformat(facts["ends"]) - DAY),
        "expected": _amount(facts, facts["expected"]),
        "day": figures.day(date.fromisoformat(facts["until"]) - DAY),
        "status": _status(facts),
    }


def _status(facts: Facts) -> str:
    return str(STATUSES.get(facts["status"], UNKNOWN).word)


def _days(facts: Facts) -> str:
    return figures.days(date.fromisoformat(facts["since"]), date.fromisoformat(facts["until"]))


def _rate(part: int, whole: int) -> str:
    return figures.percent(part / whole if whole else None, of=_("visits")).text


def _amount(facts: Facts, value: float | None) -> str:
    return _("nothing") if value is None else in_unit(value, facts["kind"], facts["currency"])


def _measure(alert: Alert) -> Mapping[str, str]:
    kpi = alert.kpi
    if kpi is None or kpi.measure not in ON_GOAL_PAGE:
        return {}
    return {"metric": ON_GOAL_PAGE[kpi.measure]} | ({"per": kpi.per} if kpi.per else {})


KINDS: Mapping[AlertKind, Kind] = MappingProxyType(
    {
        AlertKind.RATE_FALLS: Kind(
            lens=lambda alert, days, now: falling.lens_of(alert, days, now=now),
            patience=falling.patience_of,
            rule=_fall_rule,
            title=_fall_title,
            back=_fall_back,
            figures=_fall_figures,
            metric=lambda alert: {"metric": "rate", "per": alert.per},
        ),
        AlertKind.TARGET_AT_RISK: Kind(
            lens=lambda alert, days, now: risking.lens_of(alert, days, now=now),
            patience=risking.patience_of,
            rule=_risk_rule,
            title=_risk_title,
            back=_risk_back,
            figures=_risk_figures,
            metric=_measure,
        ),
    }
)
