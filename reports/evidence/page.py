"""What the evidence page shows, from an answer: controls, drawing, rows, facts. Values only; no HTML."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from analysis.evidence.grading import LEAST_COMPARABLE, LEAST_EXPECTED, LEAST_PERSONS
from analysis.evidence.needed import LIFT
from analysis.evidence.ranking import Q
from analysis.evidence.ratios import Ratio
from analysis.rates import Rate
from goals.models import Goal
from reports import controls, figures, goal_page
from reports.chart_forest import Mark, forest
from reports.charts import Chart, Column, Style
from reports.controls import Controls, DateForm, Menu, Option
from reports.evidence.answer import Answer
from reports.evidence.design import FOLLOWS, LANDMARKS, PASTS, RAW, STRATIFIED, Asked
from reports.evidence.found import PAGE, Candidate, Edge, Found, rates_of, reach_of
from reports.evidence.gathering import MOST_THINGS
from reports.evidence.wording import grade_text, interval_text, ratio_text, sentence, times
from reports.goal_page import Fact

MOST_SHOWN = 20  # of the candidates that do not stand out


@dataclass(frozen=True, slots=True)
class Line:
    """A micro goal's row.

    reach          share of the persons who did it
    with_it        the macro goal's rate of those who did, and `without` of those who did not
    """

    goal: Goal
    edge: Edge
    grade: str
    reach: float | None
    with_it: Rate | None
    without: Rate | None
    raw: str
    raw_interval: str
    within: str
    within_interval: str
    sentence: str
    is_warned: bool
    worth_url: str


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """An event or page that no goal counts, with the way to propose it."""

    candidate: Candidate
    is_page: bool
    with_it: Rate | None
    without: Rate | None
    within: str
    propose_url: str


def control_row(asked: Asked, macros: Sequence[Goal], *, csv_url: str) -> Controls:
    """Give the control row."""
    design = asked.design
    return Controls(
        choices=(
            _menu(asked, "goal", asked.goal, {goal.slug: goal.name for goal in macros}, _("Macro goal")),
            _menu(asked, "landmark", str(design.landmark_days), _labels(LANDMARKS, landmark_label), _("Decided by")),
            _menu(asked, "follow", str(design.follow_days), _labels(FOLLOWS, follow_label), _("Followed for")),
            _menu(asked, "past", str(design.past_days), _labels(PASTS, past_label), _("Period")),
        ),
        period=None,
        compare=None,
        more=controls.files(_("Table as CSV"), _("Table as XLSX"), csv_url, asked.query()),
        dates=DateForm("", "", ()),
    )


def views(asked: Asked) -> list[Option]:
    """Give the two views of the drawing."""
    labels = {STRATIFIED: _("Within strata"), RAW: _("Raw")}
    return [Option(label, "?" + asked.seen(view).query(), asked.view == view) for view, label in labels.items()]


def lines(answer: Answer, macro: Goal, slug: str) -> list[Line]:
    """Give the rows of the table."""
    found = []
    for goal, edge in answer.edges:
        with_it, without = rates_of(edge.evidence)
        address = reverse("reports:evidence-value", args=[slug, goal.slug])
        found.append(
            Line(
                goal=goal,
                edge=edge,
                grade=grade_text(edge.evidence.grade),
                reach=reach_of(edge.evidence),
                with_it=with_it,
                without=without,
                raw=times(edge.evidence.raw),
                raw_interval=interval_text(edge.evidence.raw),
                within=times(edge.evidence.stratified),
                within_interval=interval_text(edge.evidence.stratified),
                sentence=sentence(goal.name, macro.name, edge.evidence, answer.asked.design),
                is_warned=edge.evidence.is_explained,
                worth_url=f"{address}?{answer.asked.query()}",
            )
        )
    return found


def candidate_lines(found: Found, macro: Goal, slug: str) -> tuple[list[CandidateLine], list[CandidateLine]]:
    """Give the candidates that stand out, and the first of those that do not."""
    shown = [_candidate(each, macro, slug) for each in found.candidates]
    named = [line for line in shown if line.candidate.is_suggested]
    return named, [line for line in shown if not line.candidate.is_suggested][:MOST_SHOWN]


def chart_of(answer: Answer) -> Chart | None:
    """Draw the ratios of the question's view; None where there are none."""
    found = [(goal, edge, ratio) for goal, edge in answer.edges if (ratio := shown_ratio(edge, answer.asked))]
    if not found:
        return None
    title = _("Times as often with it, raw") if answer.asked.view == RAW else _("Times as often with it, within strata")
    away = sum(ratio.is_away_from_one for _goal, _edge, ratio in found)
    summary = ngettext(
        "%(n)s ratio with its 95 %% interval; %(away)s leaves 1 out. The larger the dot, the more people did it.",
        "%(n)s ratios with their 95 %% intervals; %(away)s leave 1 out. The larger the dot, the more people did it.",
        len(found),
    )
    return Chart(
        title=title,
        summary=summary % {"n": len(found), "away": away},
        spec=forest([_mark(*each) for each in found], style=Style(language=get_language() or "en")),
        columns=(
            Column(_("Micro goal"), is_number=False), Column(_("Grade"), is_number=False), Column(_("Reach")),
            Column(_("Ratio (95 % interval)")),
        ),
        rows=tuple(
            (
                goal.name, grade_text(edge.evidence.grade),
                figures.percent(reach_of(edge.evidence)).text, ratio_text(ratio),
            )
            for goal, edge, ratio in found
        ),
    )  # fmt: skip


def shown_ratio(edge: Edge, asked: Asked) -> Ratio | None:
    """Give the ratio that the question's view shows."""
    return edge.evidence.raw if asked.view == RAW else edge.evidence.stratified


def method(answer: Answer, macro: Goal) -> list[Fact]:
    """Say how the figures were computed, term by term."""
    design, made, found = answer.asked.design, answer.provenance, answer.found
    landmark, follow = _days(design.landmark_days), _days(design.follow_days)
    facts = [
        Fact(_("Macro goal"), f"{goal_page.trigger(macro)}; {goal_page.counting(macro)}"),
        Fact(_("With it"), _(
            "People who did the micro goal within %(landmark)s of their first visit in the period: their landmark."
        ) % {"landmark": landmark}),
        Fact(_("Reached"), _(
            "The macro goal within %(follow)s after the landmark. Who reached it before is compared with nobody, so"
            " that time alone earns nothing."
        ) % {"follow": follow}),
        Fact(_("Raw"), _("The rate of those with it divided by the rate of those without; interval by Katz, 95 %.")),
        Fact(_("Within strata"), _(
            "The same among people of the same channel, device, and new or returning, together by Mantel and"
            " Haenszel; interval by Greenland and Robins, 95 %."
        )),
        Fact(_("Grades"), _(
            "A: an experiment. B: within strata, where %(share)s of those with it have somebody to be compared with."
            " C: raw. D: too little data, so somebody's opinion. No experiment is known yet."
        ) % {"share": figures.percent(LEAST_COMPARABLE).text}),
        Fact(_("Enough data"), _(
            "At least %(persons)s people with it and without it, and %(expected)s of each to be expected to reach."
            " How many more it takes: to find a ratio of %(lift)s in four cases of five."
        ) % {"persons": LEAST_PERSONS, "expected": figures.number(LEAST_EXPECTED), "lift": figures.number(LIFT, 1)}),
        Fact(_("Before"), _(
            "Conversions of the macro goal with the micro goal strictly before them, at most %(follow)s; the time is"
            " the median from the last one before."
        ) % {"follow": follow}),
        Fact(_("Not in the plan"), _(
            "Events and pages that no goal counts, the %(most)s of most people; each by an exact test within strata,"
            " and of those named %(q)s may be named by chance (Benjamini and Hochberg)."
        ) % {"most": MOST_THINGS, "q": figures.percent(Q).text}),
        Fact(_("Definition"), _("version %(version)s") % {"version": made.definition_version}),
        Fact(_("Data version"), made.data_version),
    ]  # fmt: skip
    return [*facts, *_people(found, macro)] if found else facts


def _people(found: Found, macro: Goal) -> list[Fact]:
    words = _("%(persons)s in %(strata)s strata; %(early)s more reached the macro goal before their landmark.")
    counts = {
        "persons": figures.number(found.persons),
        "strata": figures.number(found.strata),
        "early": figures.number(found.early),
    }
    days = {"days": figures.days(found.since, found.until), "zone": macro.workspace.zone_name}
    return [
        Fact(_("People"), words % counts),
        *_of_a_day(found),
        Fact(_("Days"), _("%(days)s, whole local days in %(zone)s") % days),
    ]


def _of_a_day(found: Found) -> list[Fact]:
    if not found.of_a_day:
        return []
    words = ngettext(
        "%(n)s visitor is left out, and what they did: without consent to more nobody can see what they did later.",
        "%(n)s visitors are left out, and what they did: without consent to more nobody can see what they did later.",
        found.of_a_day,
    )
    return [Fact(_("Known for one day"), words % {"n": figures.number(found.of_a_day)})]


def landmark_label(days: int) -> str:
    """Write how long after the first visit decides who did the micro goal."""
    return ngettext("First %(n)s day", "First %(n)s days", days) % {"n": days}


def follow_label(days: int) -> str:
    """Write how long the macro goal counts."""
    return _("then %(days)s") % {"days": _days(days)}


def past_label(days: int) -> str:
    """Write how far the period reaches back."""
    return _("Last %(days)s") % {"days": _days(days)}


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _labels(offered: Sequence[int], label: Callable[[int], str]) -> dict[str, str]:
    return {str(days): label(days) for days in offered}


def _menu(asked: Asked, name: str, current: str, labels: dict[str, str], prefix: str) -> Menu:
    options = tuple(
        Option(label, "?" + asked.query({name: key}), is_current=key == current) for key, label in labels.items()
    )
    return Menu(labels[current], options, prefix)


def _mark(goal: Goal, edge: Edge, ratio: Ratio) -> Mark:
    return Mark(
        row=goal.name, value=ratio.value, low=ratio.low, high=ratio.high, share=reach_of(edge.evidence) or 0.0,
        letter=str(edge.evidence.grade), text=ratio_text(ratio),
    )  # fmt: skip


def _candidate(each: Candidate, macro: Goal, slug: str) -> CandidateLine:
    with_it, without = rates_of(each.evidence)
    said = {"page" if each.kind == PAGE else "event": each.text, "supports": macro.slug}
    return CandidateLine(
        candidate=each,
        is_page=each.kind == PAGE,
        with_it=with_it,
        without=without,
        within=ratio_text(each.evidence.stratified),
        propose_url=f"{reverse('goals:proposal-new', args=[slug])}?{urlencode(said)}",
    )
