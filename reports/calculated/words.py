"""A formula as people read it, and what is to be said of its results."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from reports import figures
from reports.calculated.formula import SHOWN, Figure, Node, Number, share_of, written


def in_words(node: Node, goals: Mapping[str, str]) -> str:
    """Write it with the names of figures and goals.

    goals   names by short names
    """

    def leaf(each: Figure | Number) -> str:
        if isinstance(each, Number):
            return figures.number(each.value, max(0, -int(each.value.as_tuple().exponent)))
        return f"{each.term.label} ({goals[each.goal]})" if each.goal else str(each.term.label)

    return written(node, leaf, SHOWN.__getitem__)


def ended(text: str) -> str:
    """Give a text as a sentence: with a full stop where it has no end of its own; nothing stays nothing."""
    return text if not text or text[-1] in ".!?…" else f"{text}."


def interval_words(node: Node, *, is_share: bool) -> str:
    """Say whether results have an interval, and why not where they have none.

    is_share   they are written as per cent
    """
    if share_of(node) and is_share:
        return _("With a 95 % interval (Wilson): the part lies in the whole.")
    return _("Without an interval: one can be given of a share alone, whose part lies in its whole.")
