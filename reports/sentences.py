"""The summary above the numbers: plain sentences made by rules from the progress of the KPIs."""

from collections import Counter
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports import figures
from reports.progress import Progress
from reports.statuses import STATUSES

MOST = 3  # sentences about single KPIs; a page that lists them all is below
# Whole sentences, since languages order them differently: without and with what must come per day.
BEHIND = (
    gettext_lazy("{name} is behind: at this pace it ends at {low} to {high} of {target}."),
    gettext_lazy("{name} is behind: at this pace it ends at {low} to {high} of {target}, unless {needed} come in."),
)
AT_RISK = (
    gettext_lazy("{name} is at risk: at this pace it ends at {low} to {high} of {target}."),
    gettext_lazy("{name} is at risk: at this pace it ends at {low} to {high} of {target}, unless {needed} come in."),
)
TROUBLE = ("behind", "missed", "at_risk")


def summary(rows: Sequence[Progress]) -> list[SafeString]:
    """Say how many are on track, what runs best, and what needs a decision, the worst first."""
    measured = [row for row in rows if row.is_judged]
    if not measured:
        return [_nothing_yet(rows)]
    troubled = sorted((row for row in measured if row.status in TROUBLE), key=_urgency)
    best = [row for row in measured if row.status in {"ahead", "met"}]
    sentences = [_headline(measured)]
    sentences += [_with_outages(row, _trouble(row)) for row in troubled[:MOST]]
    if best and len(sentences) <= MOST:
        sentences.append(_good(best))
    return sentences


def tally(rows: Sequence[Progress]) -> list[str]:
    """Count the KPIs that are not on track, by status: "1 at risk", "1 behind"."""
    counts = Counter(row.status for row in rows if row.has_target and not row.is_good)
    return [f"{counts[name]} {str(STATUSES[name].word).lower()}" for name in STATUSES if counts[name]]


def amount(row: Progress, value: float) -> str:
    """Write a value in the KPI's own unit."""
    return in_unit(value, row.kind, row.currency)


def in_unit(value: float, kind: str, currency: str) -> str:
    """Write a fraction (kind "percent"), micros (kind "money"), a number with two decimals or a count."""
    if kind == "percent":
        return figures.percent(value).text
    if kind == "money":
        return figures.money(round(value), currency).text
    if kind == "number":
        return figures.number(value, 2)
    return figures.count(round(value, 1) if abs(value) < 10 else round(value)).text


def needed(row: Progress) -> str:
    """Write what must come per day for the target to be met; nothing where that has no meaning."""
    if row.needed_per_day is None or row.is_met or row.kpi.direction == "down":
        return ""
    return _("%(amount)s a day") % {"amount": amount(row, row.needed_per_day)}


def _nothing_yet(rows: Sequence[Progress]) -> SafeString:
    if any(row.status == "too_early" for row in rows):
        return format_html("{}", _("It is too early to judge any target."))
    if any(row.has_target for row in rows):
        return format_html("{}", _("Targets are set; there are no figures to hold against them yet."))
    return format_html("{}", _("No KPI has a target for today. Set one to see whether you are on the way."))


def _headline(measured: Sequence[Progress]) -> SafeString:
    good = sum(row.is_good for row in measured)
    text = ngettext("%(good)s of %(n)s KPI is on track.", "%(good)s of %(n)s KPIs are on track.", len(measured))
    return format_html("<strong>{}</strong>", text % {"good": good, "n": len(measured)})


def _trouble(row: Progress) -> SafeString:
    values: dict[str, str] = {"name": format_html("<strong>{}</strong>", capfirst(row.kpi.name)), **_values(row)}
    if row.status == "missed":
        return format_html(_("{name} ended at {actual} of {target}."), **values)
    is_behind = row.status == "behind"
    if row.forecast is None:
        return format_html(_("{name} is behind.") if is_behind else _("{name} is at risk."), **values)
    values |= {"low": amount(row, row.forecast[1]), "high": amount(row, row.forecast[2]), "needed": needed(row)}
    words = BEHIND if is_behind else AT_RISK
    return format_html(str(words[bool(values["needed"])]), **values)


def _with_outages(row: Progress, sentence: SafeString) -> SafeString:
    """Say of a figure that is low why part of it may be: what was not counted may have happened."""
    return format_html_join(" ", "{}", ((each,) for each in (sentence, *(gap.words for gap in row.outages))))


def _good(rows: Sequence[Progress]) -> SafeString:
    names = ", ".join(capfirst(row.kpi.name) for row in rows[:MOST])
    return format_html("{}", _("Ahead of pace: %(names)s.") % {"names": names})


def _urgency(row: Progress) -> tuple[int, float]:
    return TROUBLE.index(row.status), (row.actual or 0.0) / (row.expected or 1.0)


def _values(row: Progress) -> dict[str, str]:
    return {
        "actual": amount(row, row.actual) if row.actual is not None else _("nothing"),
        "target": amount(row, row.target) if row.target is not None else "",
    }
