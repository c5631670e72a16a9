"""The control row of a report: menus of links, each the same question with one thing changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.attribution.models import MODELS
from goals.wording import MODEL_LABELS
from reports import figures
from reports.asking import OFFERED_MODELS
from reports.dimensions import DIMENSIONS
from reports.metrics import PER
from reports.periods import CUSTOM, PERIODS, PLAN, Span
from reports.question import AUTO, OFF, WINDOW_CHOICES, Question
from workspaces.models import Workspace

KIND_LABELS: Mapping[str, Promise] = {
    "view": gettext_lazy("View"),
    "engagement": gettext_lazy("Engagement"),
    "click": gettext_lazy("Click"),
}
COMPARISON_LABELS: Mapping[str, Promise] = {
    "previous": gettext_lazy("Previous period"),
    "year": gettext_lazy("Year before"),
    "none": gettext_lazy("No comparison"),
}
INTERVAL_LABELS: Mapping[str, Promise] = {
    AUTO: gettext_lazy("Automatic"),
    "day": gettext_lazy("By day"),
    "week": gettext_lazy("By week"),
    "month": gettext_lazy("By month"),
}


class Addressed(Protocol):
    """A question that an address holds."""

    @property
    def period(self) -> str:
        """Give the key of its period."""

    @property
    def since(self) -> date:
        """Give the first day."""

    @property
    def until(self) -> date:
        """Give the day after the last."""

    @property
    def span(self) -> Span:
        """Give the range of days."""

    @property
    def window_days(self) -> dict[str, int]:
        """Give the days of each touch type, by its name."""

    def params(self) -> dict[str, str]:
        """Print it as the address's parameters."""

    def query(self, changes: Mapping[str, str] | None = None) -> str:
        """Print it as the address's query, with some parameters changed."""


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    url: str
    is_current: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A chip that opens a list of links; `prefix` is read before its label."""

    label: str
    options: tuple[Option, ...]
    prefix: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class DateForm:
    """The form for a range of one's own: its dates, and what else the question says."""

    since: str
    last: str
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Controls:
    choices: tuple[Menu, ...]
    period: Menu | None
    compare: Menu | None
    more: tuple[Option, ...]
    dates: DateForm | None = None
    share_url: str = ""  # where a link to what is shown is made; "" for who may not
    keep_url: str = ""  # where a snapshot of it is taken; "" for who may not
    mail_url: str = ""  # where it is scheduled as a mail; "" for who may not


def of_goal(question: Question, *, csv_url: str, trend_url: str, has_plan: bool) -> Controls:
    """Give the control row of a goal's page."""
    return Controls(
        choices=(
            menu_of(
                question,
                "by",
                question.breakdown,
                {key: each.label for key, each in DIMENSIONS.items()},
                _("Broken down by"),
            ),
            menu_of(question, "model", question.model, _model_labels(), _("Model")),
            *(window_menu(question, kind, days) for kind, days in question.window_days.items()),
            menu_of(
                question, "keep_direct", "1" if question.keep_direct else "0", _direct_labels(), _("Direct visits")
            ),
            menu_of(question, "per", question.per, _per_labels(), ""),
        ),
        period=period_menu(question, has_plan=has_plan),
        compare=menu_of(question, "compare", question.compare, COMPARISON_LABELS, ""),
        more=(
            *files(_("Breakdown as CSV"), _("Breakdown as XLSX"), csv_url, question.query()),
            *files(_("Trend as CSV"), _("Trend as XLSX"), trend_url, question.query()),
            *(
                Option(str(label), _url(question, interval=key), is_current=key == _interval(question))
                for key, label in INTERVAL_LABELS.items()
            ),
        ),
        dates=date_form(question),
    )


def of_board(workspace: Workspace) -> Controls:
    """Give the control row of the KPI board, whose dates are those of its targets."""
    address = reverse("reports:kpis-csv", args=[workspace.slug])
    return Controls(choices=(), period=None, compare=None, more=files(_("Download CSV"), _("Download XLSX"), address))


def files(csv: str, xlsx: str, address: str, query: str = "") -> tuple[Option, Option]:
    """Give a table's two files.

    csv, xlsx   what their links say
    address     of the CSV; the workbook's differs by its ending
    """
    asked = f"?{query}" if query else ""
    return Option(csv, f"{address}{asked}"), Option(xlsx, f"{address.removesuffix('.csv')}.xlsx{asked}")


def model_label(question: Question) -> str:
    """Give the question's model as a page says it."""
    return label_of_model(question.model, keep_direct=question.keep_direct)


def label_of_model(model: str, *, keep_direct: bool) -> str:
    """Give the model's name as a page says it: with the direct rule, "last" is the last that was not direct."""
    if model == "last" and not keep_direct:
        return _("Last touch that was not direct")
    return str(MODEL_LABELS.get(model, MODELS[model].label))


def windows_label(question: Addressed) -> str:
    """Write the windows: "click 30 days · engagement 30 days · view 1 day"."""
    return windows_words(question.window_days)


def windows_words(window_days: Mapping[str, int]) -> str:
    """Write windows by the days of each touch type, 0 where it is off."""
    parts = (f"{KIND_LABELS[kind]} {_days(days)}" for kind, days in reversed(list(window_days.items())))
    return " · ".join(parts).lower()


def menu_of(
    question: Addressed, name: str, current: str, labels: Mapping[str, Promise] | Mapping[str, str], prefix: str
) -> Menu:
    """Give a menu of one parameter."""
    options = tuple(
        Option(str(label), _url(question, **{name: key}), is_current=key == current) for key, label in labels.items()
    )
    return Menu(str(labels[current]), options, prefix)


def window_menu(question: Addressed, kind: str, days: int) -> Menu:
    """Give the menu of one touch type's window."""
    # A window of a length that is not offered is shown, too, so that the choice is visible.
    choices = sorted({*WINDOW_CHOICES, days})
    options = tuple(
        Option(_days(each), _url(question, **{kind: str(each) if each else OFF}), is_current=each == days)
        for each in choices
    )
    return Menu(f"{KIND_LABELS[kind]}: {_days(days)}", options)


def period_menu(question: Addressed, *, has_plan: bool) -> Menu:
    """Give the menu of periods."""
    offered = {key: each.label for key, each in PERIODS.items() if key != PLAN or has_plan}
    options = tuple(
        Option(str(label), "?" + _without_dates(question, key), is_current=key == question.period)
        for key, label in offered.items()
    )
    written = figures.days(question.since, question.until)
    label = written if question.period == CUSTOM else f"{offered[question.period]}"
    return Menu(label, options)


def date_form(question: Addressed) -> DateForm:
    """Give the form for a range of one's own."""
    left_out = {"period", "from", "to"}
    hidden = tuple((name, value) for name, value in question.params().items() if name not in left_out)
    return DateForm(question.since.isoformat(), question.span.last.isoformat(), hidden)


def _without_dates(question: Addressed, period: str) -> str:
    return "&".join(
        part for part in question.query({"period": period}).split("&") if not part.startswith(("from=", "to="))
    )


def _url(question: Addressed, **changes: str) -> str:
    return "?" + question.query(changes)


def _interval(question: Question) -> str:
    return AUTO if question.is_auto else question.interval


def _days(days: int) -> str:
    if not days:
        return _("off")
    return _("1 day") if days == 1 else _("%(days)s days") % {"days": days}


def _model_labels() -> dict[str, str]:
    return {key: str(MODEL_LABELS.get(key, model.label)) for key, model in OFFERED_MODELS.items()}


def _direct_labels() -> dict[str, str]:
    return {"0": _("Direct last"), "1": _("Direct like any touch")}


def _per_labels() -> dict[str, str]:
    return {key: _("Rate of %(whole)s") % {"whole": each.label} for key, each in PER.items()}
