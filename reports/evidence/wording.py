"""Evidence in words: ratios, grades, and one plain sentence for each edge. It says associated, and never caused."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from analysis.evidence.grading import Evidence, Grade
from analysis.evidence.ratios import Ratio
from reports import figures
from reports.evidence.design import Design

GRADE_LABELS: Mapping[Grade, Promise] = {
    Grade.EXPERIMENT: gettext_lazy("Experiment"),
    Grade.STRATIFIED: gettext_lazy("Compared within strata"),
    Grade.RAW: gettext_lazy("Raw comparison"),
    Grade.OPINION: gettext_lazy("Opinion"),
}


def times(ratio: Ratio | None) -> str:
    """Write a ratio: "1.60 ×"."""
    return _("n/a") if ratio is None else f"{figures.number(ratio.value, 2)}\u00a0×"


def ratio_text(ratio: Ratio | None) -> str:
    """Write a ratio with its interval: "1.60 × (1.42 to 1.81)"."""
    return times(ratio) if ratio is None else f"{times(ratio)} ({interval_text(ratio)})"


def interval_text(ratio: Ratio | None) -> str:
    """Write the interval of a ratio: "1.42 to 1.81"; nothing where there is none."""
    if ratio is None:
        return ""
    ends = {"low": figures.number(ratio.low, 2), "high": figures.number(ratio.high, 2)}
    return (_("%(low)s to %(high)s") % ends).replace(" ", "\u00a0")


def grade_text(grade: Grade) -> str:
    """Write a grade: "B · Compared within strata"."""
    return f"{grade} · {GRADE_LABELS[grade]}"


def sentence(name: str, macro: str, evidence: Evidence, design: Design) -> str:
    """Say in one sentence what is known of the edge."""
    names = {"name": name, "macro": macro}
    best = evidence.stratified or evidence.raw
    if best is None:
        return _without_ratio(names, evidence)
    if evidence.is_explained and evidence.raw is not None and evidence.stratified is not None:
        words = _(
            "%(name)s looks associated with %(macro)s, %(raw)s, but among people of the same channel, device and"
            " history it is %(within)s: who does it may explain it all."
        )
        return words % {**names, "raw": ratio_text(evidence.raw), "within": ratio_text(evidence.stratified)}
    known = {**names, "ratio": ratio_text(best), "days": _days(design.follow_days)}
    if not best.is_away_from_one:
        return _("%(name)s is not clearly associated with %(macro)s: %(ratio)s, which has room for 1.") % known
    more = _(
        "%(name)s is associated with more of %(macro)s: people with it reached it %(ratio)s as often"
        " in the next %(days)s."
    )
    less = _(
        "%(name)s is associated with less of %(macro)s: people with it reached it %(ratio)s as often"
        " in the next %(days)s."
    )
    words = more if best.value > 1 else less
    return words % known + (" " + _("Raw: nothing is taken out of it.") if evidence.stratified is None else "")


def _without_ratio(names: dict[str, str], evidence: Evidence) -> str:
    if evidence.missing:
        words = ngettext(
            "%(name)s and %(macro)s: not enough data; it takes about %(n)s more person with it.",
            "%(name)s and %(macro)s: not enough data; it takes about %(n)s more people with it.",
            evidence.missing,
        )
        return words % {**names, "n": figures.number(evidence.missing)}
    if not evidence.without:
        return _("%(name)s and %(macro)s: everybody did it, so there is nobody to compare with.") % names
    return _("%(name)s and %(macro)s: too few people reached the macro goal on one side to compare.") % names


def _days(days: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": figures.number(days)}
