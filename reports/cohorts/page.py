"""What the page of cohorts shows, from an answer: controls, rows with their shades, notes. Values only; no HTML."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analysis.rates import Rate
from reports import controls, figures
from reports.cohorts.answer import Answer, Cell, Cohort
from reports.cohorts.labels import did_label, first_label, later_label, period_label
from reports.cohorts.question import BACK, SEEN, UP_TO, WITHIN, Asked, Known, of_goal
from reports.controls import INTERVAL_LABELS, Controls, Menu, Option
from reports.dimensions import label_of
from reports.models import CohortTable
from reports.question import INTERVALS
from reports.segments import only

LATER_CHOICES = (6, 12, 18, 24, 30)  # periods that the page offers
SHADES = 8  # of cells; the greatest share has the last, and figures are read on all of them
COUNT_LABELS: Mapping[str, Promise] = {
    WITHIN: gettext_lazy("In each period"),
    UP_TO: gettext_lazy("Up to each period"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell; `cell` is None where its period has not begun. `shade` is 0 for no share at all."""

    label: str
    cell: Cell | None = None
    shade: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One cohort."""

    label: str
    cohort: Cohort
    cells: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Summed:
    """One period of all cohorts together; `cohorts` are those for whom it is over."""

    label: str
    rate: Rate | None
    cohorts: int
    note: str


def control_row(answer: Answer, known: Known, *, workspace: str) -> Controls:
    """Give the control row; `workspace` is its short name."""
    asked = answer.asked
    every = {key: str(INTERVAL_LABELS[key]) for key in INTERVALS}
    later = {str(n): later_label(asked.every, n) for n in sorted({*LATER_CHOICES, asked.later})}
    any_channel = {"": _("Any channel")} | {key: label_of("channel", key) for key in answer.channels}
    any_channel.setdefault(asked.channel, label_of("channel", asked.channel))
    address = reverse("reports:cohorts-csv", args=[workspace])
    return Controls(
        choices=(
            _saved(asked, known),
            controls.menu_of(asked, "first", asked.first, _deeds(asked, known, "first", SEEN), ""),
            controls.menu_of(asked, "did", asked.did, _deeds(asked, known, "did", BACK), ""),
            controls.menu_of(asked, "every", asked.every, every, ""),
            controls.menu_of(asked, "later", str(asked.later), later, ""),
            controls.menu_of(asked, "count", asked.count, COUNT_LABELS, ""),
            controls.menu_of(asked, "channel", asked.channel, any_channel, _("First session by")),
            *only.menus(asked, asked.only, known.segments),
        ),
        period=controls.period_menu(asked, has_plan=known.plan is not None),
        compare=None,
        more=controls.files(_("Download CSV"), _("Download XLSX"), address, asked.query()),
        dates=controls.date_form(asked),
    )


def _deeds(asked: Asked, known: Known, name: str, plain: str) -> dict[str, str]:
    """Give what a parameter can be; of archived goals only the one that it is."""
    write = first_label if name == "first" else did_label
    offered = [plain, *(of_goal(goal.slug) for goal in known.goals.values() if goal.archived_at is None)]
    now = getattr(asked, name)
    return {deed: write(replace(asked, **{name: deed}), known) for deed in dict.fromkeys([*offered, now])}


def _saved(asked: Asked, known: Known) -> Menu:
    ranged = asked.days
    plain = Option(_("Who came back, by week"), "?" + urlencode(ranged), is_current=not asked.saved)
    saved = (_option(slug, each, asked, ranged) for slug, each in known.cohorts.items())
    if asked.saved:
        name = known.cohorts[asked.saved].name
        label = _("%(name)s, changed") % {"name": name} if asked.is_changed else name
    else:
        label = _("Own question") if asked.is_changed else plain.label
    return Menu(label, (plain, *saved), _("Question"))


def _option(slug: str, each: CohortTable, asked: Asked, ranged: Mapping[str, str]) -> Option:
    return Option(each.name, "?" + urlencode({"saved": slug, **ranged}), is_current=slug == asked.saved)


def heads(answer: Answer) -> list[str]:
    """Give the names of the periods that are shown."""
    return [period_label(answer.asked.every, each.later) for each in answer.together]


def lines(answer: Answer) -> list[Line]:
    """Give the cohorts, each with a cell for every period that is shown."""
    names, greatest = heads(answer), greatest_share(answer)
    found = []
    for cohort in answer.cohorts:
        begun = [_shown(name, cell, greatest) for name, cell in zip(names, cohort.cells, strict=False)]
        rest = [Shown(name) for name in names[len(begun) :]]
        found.append(Line(figures.days(cohort.since, cohort.until), cohort, (*begun, *rest)))
    return found


def greatest_share(answer: Answer) -> float:
    """Give the greatest share of a cell, which is shaded most."""
    return max((cell.rate.value for each in answer.cohorts for cell in each.cells if cell.rate), default=0.0)


def _shown(label: str, cell: Cell, greatest: float) -> Shown:
    value = cell.rate.value if cell.rate else 0.0
    return Shown(label, cell, ceil(SHADES * value / greatest) if value else 0, note_of(cell.rate))


def note_of(rate: Rate | None) -> str:
    """Say what a share was counted from, and its interval."""
    if rate is None:
        return ""
    words = {"basis": figures.basis(rate.conversions, rate.visits), "interval": figures.interval(rate.low, rate.high)}
    return _("%(basis)s · 95 %% interval %(interval)s") % words


def together(answer: Answer) -> list[Summed]:
    """Give the summary of each period that is shown."""
    return [
        Summed(name, each.rate, each.cohorts, note_of(each.rate))
        for name, each in zip(heads(answer), answer.together, strict=True)
    ]


def daily_url(asked: Asked) -> str:
    """Lead to the same without visitors of one day, or with them again."""
    return "?" + asked.lasting(is_lasting=not asked.is_lasting).query()
