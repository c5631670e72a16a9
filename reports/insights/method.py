"""How conversion insights were computed, term by term."""

from django.utils.translation import gettext as _

from reports import figures, goal_page
from reports.controls import windows_label
from reports.goal_page import Fact
from reports.insights.answer import Answer
from reports.insights.metrics import METRICS, ROLES
from reports.insights.question import ALL, ORGANIC, PAID


def method(answer: Answer) -> list[Fact]:
    """Say what each figure is of."""
    asked = answer.asked
    span = answer.found.days if answer.found else asked.span
    windows = _("%(windows)s before the conversion, to the second; they reach back before the range.")
    days = {"days": figures.days(span.since, span.until), "zone": answer.checkout.workspace.zone_name}
    return [
        *(
            Fact(str(ROLES[role]), f"{goal.name}: {goal_page.trigger(goal)}; {goal_page.counting(goal)}")
            for role, goal in answer.goals.items()
        ),
        *(Fact(str(metric.label), str(metric.formula)) for metric in METRICS.values()),
        Fact(_("Windows"), windows % {"windows": windows_label(asked)}),
        Fact(_("Account"), _account(asked.account)),
        Fact(_("Content"), _content(asked.content)),
        *_rules(),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s") % days),
        Fact(_("Data version"), answer.provenance.data_version),
    ]


def _account(account: str) -> str:
    if not account:
        return _("Touches of all accounts, and those that name none.")
    words = _("Only touches whose event names %(account)s as its account; visits that name none earn nothing.")
    return words % {"account": account}


def _content(content: str) -> str:
    return {
        ALL: _("All touches."),
        PAID: _("Conversions with a paid touch in the window; ad events of paid ads and posts."),
        ORGANIC: _("Conversions without a paid touch in the window; ad events of posts that nobody paid for."),
    }[content]


def _rules() -> list[Fact]:
    parts = _(
        "Paid, unassisted: only paid touches in the window; assisted: paid and others; organic: none that is paid, "
        "direct visits among them. The three add up to what is attributed; averages are computed anew from each row."
    )
    credit = _(
        "Action, content, account, device, source and format are those of one touch: the latest click, without one "
        "the latest engagement, then the latest view; direct visits give way to any other. Credit is not cause."
    )
    funnel = _(
        "Persons of the audience with a conversion on these days, after they became audience, that has a touch of "
        "these days in its window; of who saw or engaged, direct visits are no such touch. A step counts who did it or "
        "what comes after it, so no rate exceeds 100 %."
    )
    return [
        Fact(_("Paid and organic"), parts), Fact(_("Attributed action"), credit), Fact(_("Activity funnel"), funnel),
    ]  # fmt: skip
