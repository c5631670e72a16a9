"""What the pages of claims and costs show, from their answers: controls, tabs, sentences, facts. No HTML."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from goals.models import Goal
from reports import controls, figures, goal_page
from reports.attribution.page import DIRECT_LABELS, model_name
from reports.attribution.question import COMPARED_MODELS, Asked
from reports.controls import Controls, Menu, Option
from reports.goal_page import Card, Fact
from reports.reconciliation.answer import Answer, Line, Reconciled
from reports.reconciliation.spending import ROW, TOTAL, UNSEEN, Spending, Spent
from tracking.models import AdPlatform

CLAIMED = gettext_lazy(
    "The conversions in the platforms' reports, by the accounts' own days. A platform counts by its own windows, and "
    "its reports do not say which of its conversions are this goal's."
)
WHOSE = gettext_lazy(
    "The platform is what utm_source or the linking site names; the campaign is the one whose name or id the address "
    "carries. Under a source of another name a paid touch counts where one platform alone has the campaign."
)
ALSO = gettext_lazy(
    "Of what is credited, the conversions with a touch in the windows by an ad of another platform that claims "
    "conversions on these days. Reports are sums, so nobody can see which conversions a platform claimed: it may have "
    "claimed fewer of these, and others by views that no event here tells of."
)
MONEY = gettext_lazy("Costs and claimed values stay in the account's currency; nothing is converted or added across.")
Tab = dict[str, object]  # label, url, is_current: as components/tabs.html takes them


@dataclass(frozen=True, slots=True)
class Group:
    """A platform, its sentence, and its campaigns."""

    label: str
    sentence: str
    total: Line
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CostLine:
    """A row of the costs, with what a page writes for it."""

    row: Spent
    label: str
    note: str
    return_on_spend: str


def tabs(slug: str, asked: Asked, current: str) -> list[Tab]:
    """Give the two pages about one question."""
    named = {"attribution": _("Models side by side"), "reconciliation": _("Platform claims")}
    query = replace(asked, open="").query()
    return [
        {"label": label, "url": f"{reverse(f'reports:{name}', args=[slug])}?{query}", "is_current": name == current}
        for name, label in named.items()
    ]


def control_row(asked: Asked, goals: Sequence[Goal], *, csv_url: str, has_plan: bool) -> Controls:
    """Give the control row: the attribution page's, but for what claims have none of."""
    closed = replace(asked, open="")
    return Controls(
        choices=(
            controls.menu_of(closed, "goal", asked.goal, {goal.slug: goal.name for goal in goals}, _("Goal")),
            _model_menu(closed),
            *(controls.window_menu(closed, kind, days) for kind, days in asked.window_days.items()),
            controls.menu_of(closed, "direct", asked.direct, DIRECT_LABELS, _("Direct visits")),
        ),
        period=controls.period_menu(closed, has_plan=has_plan),
        compare=None,
        more=controls.files(_("Table as CSV"), _("Table as XLSX"), csv_url, closed.query()),
        dates=controls.date_form(closed),
    )


def _model_menu(asked: Asked) -> Menu:
    options = []
    for model in COMPARED_MODELS:
        beside = asked if model in asked.models else asked.with_model(model)
        url = "?" + replace(beside, base=model).query()
        options.append(Option(model_name(asked, model), url, is_current=model == asked.base))
    return Menu(model_name(asked, asked.base), tuple(options), prefix=_("Model"))


def platform_label(platform: str) -> str:
    """Give a platform as people read it."""
    return str(dict(AdPlatform.choices).get(platform, platform))


def cards(found: Reconciled) -> list[Card]:
    """Give the figures at the top."""
    mine = sum(line.credited for line in found.platforms)
    also = sum(line.also_claimed for line in found.platforms)
    claimed, credited, shared = (figures.count(each) for each in (float(found.claimed), mine, also))
    whole = figures.count(round(found.conversions))
    return [
        Card(_("Claimed by the platforms"), claimed.text, claimed.exact, _("one conversion may be claimed by several")),
        Card(_("Credited to their ads"), credited.text, credited.exact, _("of %(n)s conversions") % {"n": whole.exact}),
        Card(_("Also claimed by another"), shared.text, shared.exact, _("of what is credited, as touches tell")),
    ]


def groups(found: Reconciled) -> list[Group]:
    """Give the platforms, each with its sentence."""
    return [
        Group(platform_label(total.platform), sentence(total), total, found.lines[total.platform])
        for total in found.platforms
    ]


def sentence(line: Line) -> str:
    """Say a platform's claims and credits in a sentence."""
    said = {
        "platform": platform_label(line.platform),
        "claimed": figures.count(float(line.claimed or 0)).exact,
        "credited": figures.count(line.credited).exact,
        "also": figures.count(line.also_claimed).exact,
    }
    if line.claimed is None:
        told = _("%(platform)s claims nothing: its reports have no conversions. We credit %(credited)s,") % said
    else:
        told = _("%(platform)s claims %(claimed)s, we credit %(credited)s,") % said
    return told + " " + _("%(also)s of them also claimed by another.") % said


def cost_lines(found: Spending) -> list[CostLine]:
    """Give the rows of costs as a page writes them, the total last."""
    return [cost_line(row, found.currency) for row in (*found.rows, found.total)]


def cost_line(row: Spent, currency: str) -> CostLine:
    """Give one row."""
    value = row.return_on_spend(currency)
    return CostLine(row, cost_label(row), _note(row), "" if value is None else figures.number(value, 2))


def cost_label(row: Spent) -> str:
    """Give what a row is called."""
    if row.kind == ROW:
        return row.label
    if row.kind == TOTAL:
        return _("Total")
    if row.kind == UNSEEN:
        platform = platform_label(row.platform)
        return (
            f"{row.label} ({platform})" if row.label else _("%(platform)s, nobody came by it") % {"platform": platform}
        )
    return _("Everything without costs")


def _note(row: Spent) -> str:
    if row.kind == UNSEEN:
        return _("nobody came by it") if row.label else ""
    if row.kind == ROW and row.conversions - row.reported > 1e-9:
        untold = figures.count(row.conversions - row.reported).exact
        return _("%(n)s of them by touches that no report tells of") % {"n": untold}
    return ""


def method(result: Answer, goal: Goal) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    asked, made = result.asked, result.attributed.provenance
    days = {"days": figures.days(asked.since, asked.until), "zone": goal.workspace.zone_name}
    credited = {
        "goal": goal.name,
        "model": model_name(asked, asked.base),
        "windows": controls.windows_label(asked),
    }
    return [
        Fact(_("Claimed"), str(CLAIMED)),
        Fact(_("Credited"), _("%(goal)s under %(model)s, with windows of %(windows)s.") % credited),
        Fact(_("Conversions"), f"{goal_page.trigger(goal)}; {goal_page.counting(goal)}"),
        Fact(_("Whose touch it is"), str(WHOSE)),
        Fact(_("Also claimed by another"), str(ALSO)),
        Fact(_("Difference"), _("claimed less credited")),
        Fact(_("Money"), str(MONEY)),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s") % days),
        Fact(_("Definition"), _("version %(version)s") % {"version": made.definition_version}),
        Fact(_("Data version"), made.data_version),
    ]
