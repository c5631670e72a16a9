"""What the pages of segments show: lines in words, the control row, the chart of days. Values only; no HTML."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from goals.conditions import to_text
from goals.picking import Pick, rules_of
from goals.triggers import Trigger
from goals.wording import rules_text
from reports import controls, figures
from reports.charts import Chart, Column, Point, Series, Style, trend
from reports.controls import Controls
from reports.explore.labels import segment_label as conditions_label
from reports.explore.question import Asked, Known
from reports.models import Segment
from reports.segments.answer import Answer
from reports.segments.definition import Definition, Line, Times
from reports.segments.words import BOUNDS, EVER, MATCHES
from reports.trends import chart_words
from tracking.models import Seen
from workspaces.models import Workspace

MOST_OFFERED = 100  # events and pages; typing finds the others among them


def in_words(definition: Definition, known: Known) -> list[tuple[str, str]]:
    """Give the lines as people read them: who, how often and when; and what, "" where the line names nothing."""
    return [_line(line, known) for line in definition.lines]


def match_label(definition: Definition) -> str:
    """Say whether all conditions have to hold, or any; "" where there is one alone."""
    return str(MATCHES[definition.match]) if len(definition.conditions) > 1 else ""


def _line(line: Line, known: Known) -> tuple[str, str]:
    subject = line.subject
    if subject.goal:
        told = known.goals[subject.goal].name
    else:
        told = rules_text(subject.rules) if subject.rules else conditions_label(subject.visit, known)
    head = " ".join(part for part in (str(line.verb.label), _times(line.times), _when(line)) if part)
    return head, told


def _times(times: Times) -> str:
    if times == Times():
        return ""
    count = ngettext("%(n)s time", "%(n)s times", times.n) % {"n": figures.number(times.n)}
    return f"{BOUNDS[times.bound]} {count}"


def _when(line: Line) -> str:
    when = line.when
    days = ngettext("%(n)s day", "%(n)s days", when.days) % {"n": figures.number(when.days)}
    told = {"days": days, "first": when.first and figures.day(when.first), "last": when.last and figures.day(when.last)}
    forms = {
        "last": _("in the last %(days)s"), "ago": _("more than %(days)s ago"), "before": _("before %(first)s"),
        "since": _("since %(first)s"), "between": _("from %(first)s to %(last)s"), "within": _("within %(days)s"),
    }  # fmt: skip
    return forms[when.kind] % told if when.kind != EVER else ""


def offered(known: Known, events: Sequence[Seen], pages: Sequence[Seen]) -> list[tuple[str, str]]:
    """Give what the form offers for a line, with what it means or how often it arrived."""
    goals = [(f"goal {slug}", goal.name) for slug, goal in known.goals.items() if goal.archived_at is None]
    picks = [
        *(Pick(Trigger.EVENT, each.text, each.events) for each in events),
        *(Pick(Trigger.PAGE, each.text, each.events) for each in pages),
    ]
    seen = [(to_text(rules_of(each, with_below=False)), each.times or 0) for each in picks]
    arrived = [(text, ngettext("%(n)s time", "%(n)s times", n) % {"n": figures.number(n)}) for text, n in seen]
    return [*goals, *arrived]


def control_row(asked: Asked, segment: Segment, workspace: Workspace, *, has_plan: bool) -> Controls:
    """Give the control row of a segment's page."""
    ranged = Ranged(asked)
    address = reverse("reports:segment-csv", args=[workspace.slug, segment.slug])
    return Controls(
        choices=(),
        period=controls.period_menu(ranged, has_plan=has_plan),
        compare=None,
        more=controls.files(_("Download CSV"), _("Download XLSX"), address, ranged.query()),
        dates=controls.date_form(ranged),
    )


class Ranged:
    """A segment's range of days as its page's address holds it, which is all that can be chosen there."""

    def __init__(self, asked: Asked) -> None:
        self.period, self.since, self.until, self.span = asked.period, asked.since, asked.until, asked.span
        self.window_days: dict[str, int] = {}
        self._params = {name: text for name, text in asked.params().items() if name in {"period", "from", "to"}}

    def params(self) -> dict[str, str]:
        """Print it as the address's parameters."""
        return dict(self._params)

    def query(self, changes: Mapping[str, str] | None = None) -> str:
        """Print the address's query, with some parameters changed."""
        return urlencode(self._params | dict(changes or {}))


def explore_query(asked: Asked) -> str:
    """Give the query of the exploration that shows more of the same."""
    return asked.query({"by": "channel", "metrics": "visitors,sessions,pages,bounce,duration"})


def chart_of(answer: Answer) -> Chart | None:
    """Draw the segment's visitors of each day; None where it had none."""
    if not answer.inside:
        return None
    name = _("Visitors in the segment")
    style = Style(words=chart_words(), language=get_language() or "en", write=lambda value: figures.number(value or 0))
    points = tuple(Point(each.day, each.inside, is_partial=each.is_partial) for each in answer.days)
    return Chart(
        title=_("Visitors by day"),
        summary=_("Visitors of the segment on each day; a person is counted on each day that they were there."),
        spec=trend([Series(name, points)], axis="~s", style=style),
        columns=(Column(_("Day"), is_number=False), Column(name), Column(_("Everybody else"))),
        rows=tuple(
            (figures.day(each.day), figures.number(each.inside), figures.number(each.outside)) for each in answer.days
        ),
    )
