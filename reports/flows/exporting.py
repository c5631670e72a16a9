"""Paths as rows of files: what the page shows, in full precision."""

from django.utils.translation import gettext as _

from reports.exports import Cell, share
from reports.flows.answer import Answer
from reports.flows.nodes import EVENT, GOAL, PAGE
from reports.flows.page import UNITS, label_of, point_label


def node_rows(answer: Answer) -> list[list[Cell]]:
    """Give the steps: a head, a row a node; the nodes of a step add up to those who went on at the one before."""
    asked = answer.asked
    kinds = {PAGE: _("page"), EVENT: _("event"), GOAL: _("goal")}
    head: list[Cell] = [_("Step"), _("Kind"), _("Name"), str(UNITS[asked.per]), _("Share"), _("Stands for")]
    rows: list[list[Cell]] = [
        [column.number, kinds.get(node.kind, ""), label_of(node, asked), node.count, share(node.share), node.kinds]
        for column in answer.columns
        for node in column.nodes
    ]
    first: list[Cell] = [0, "", point_label(asked), answer.narrowed, share(1.0 if answer.narrowed else None), 1]
    return [head, first, *rows]


def move_rows(answer: Answer) -> list[list[Cell]]:
    """Give who went from where to where: a head, a row for each two nodes of neighbouring steps."""
    asked = answer.asked
    head: list[Cell] = [_("Step"), _("Step before"), _("Here"), str(UNITS[asked.per])]
    rows: list[list[Cell]] = []
    before = [point_label(asked)]
    for column in answer.columns:
        here = [label_of(node, asked) for node in column.nodes]
        rows += [[column.number, before[link.before], here[link.here], link.count] for link in column.links]
        before = here
    return [head, *rows]
