"""Fits a document to the workspace that it is to be applied in: short names, owners, percent signs."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from goals.document import Document
from goals.figures import PERCENT
from goals.models import Format, Kpi, Measure, Plan
from goals.naming import numbered, slug_of

Slugs = Mapping[str, str]  # from the document's short name to the one that it has here
# Which value of which list's rows names a row of which list.
REFERENCES: Final = (
    ("questions", "objective", "objectives"), ("goals", "objective", "objectives"), ("goals", "supports", "goals"),
    ("kpis", "goal", "goals"), ("specs", "goal", "goals"), ("parameters", "goal", "goals"), ("targets", "kpi", "kpis"),
    ("targets", "segment", "segments"),
)  # fmt: skip
_OWNED: Final = ("objectives", "goals", "kpis", "specs")
# What a row without a short name is called after, and below what its short name differs from others.
_NAMED: Final = {
    "objectives": ("name", ""), "questions": ("text", "objective"), "segments": ("name", ""), "goals": ("name", ""),
    "kpis": ("name", ""), "targets": ("ends_on", "kpi"), "reportings": ("audience", ""),
}  # fmt: skip


@dataclass(slots=True)
class Fit:
    """A document as it can be applied here.

    renamed   by list: short names that another plan of the workspace has, and what they are here
    unknown   e-mail addresses of owners who are no members here; the document names no owner there now
    """

    document: Document
    renamed: dict[str, dict[str, str]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)


def fit(document: Document, plan: Plan, *, members: Container[str]) -> Fit:
    """Fit the document to the plan's workspace; a document that was fitted before fits as it is.

    members   e-mail addresses, in lower case
    """
    found = Fit(named(_with_signs(document, plan)))
    for key, rows in (("goals", plan.workspace.goals.all()), ("kpis", Kpi.objects.select_related("goal"))):
        own = {row.slug: row.name for row in rows if _plan_of(row) == plan.pk}
        others = {row.slug for row in rows if _plan_of(row) != plan.pk}
        found.renamed[key] = _renamed(getattr(found.document, key), own, others)
        found.document = with_slugs(found.document, key, found.renamed[key])
    _leave_out_strangers(found, members)
    return found


def named(document: Document) -> Document:
    """Give each row without a short name one of its own, made of its name."""
    for key, (naming, above) in _NAMED.items():
        taken: dict[str, set[str]] = {}
        rows: Iterable[Any] = getattr(document, key)
        for row in rows:
            taken.setdefault(getattr(row, above, ""), set()).add(row.slug)
        given: dict[str, Any] = {key: tuple(_named(row, naming, taken[getattr(row, above, "")]) for row in rows)}
        document = replace(document, **given)
    return document


def with_slugs(document: Document, key: str, slugs: Slugs) -> Document:
    """Give the document with other short names for rows of one list, wherever they are named."""
    if not slugs:
        return document
    own = tuple(replace(row, slug=slugs.get(row.slug, row.slug)) for row in getattr(document, key))
    given: dict[str, Any] = {key: own}
    for referring, name, referred in REFERENCES:
        if referred == key:
            rows = given.get(referring, getattr(document, referring))
            given[referring] = tuple(replace(row, **{name: _swapped(getattr(row, name), slugs)}) for row in rows)
    return replace(document, **given)


def _plan_of(row: Any) -> int:  # of a goal or a KPI
    return int(row.goal.plan_id if isinstance(row, Kpi) else row.plan_id)


def _named(row: Any, naming: str, taken: set[str]) -> Any:  # a row, and the same with a short name
    if row.slug:
        return row
    prefix = "until-" if naming == "ends_on" else ""
    slug = numbered(f"{prefix}{slug_of(getattr(row, naming))}", taken)
    taken.add(slug)
    return replace(row, slug=slug)


def _renamed(rows: Iterable[Any], own: Slugs, others: set[str]) -> dict[str, str]:
    """Give the short names that must differ here: the plan's own row of that name has it, or a free one is made."""
    rows = list(rows)
    taken = {*others, *own, *(row.slug for row in rows)}
    by_name = {name: slug for slug, name in own.items()}
    found = {}
    for row in rows:
        if row.slug in others:
            found[row.slug] = by_name.get(row.name) or numbered(row.slug, taken)
            taken.add(found[row.slug])
    return found


def _swapped(value: Any, slugs: Slugs) -> Any:  # a short name, or several
    if isinstance(value, tuple):
        return tuple(slugs.get(each, each) for each in value)
    return slugs.get(value, value)


def _with_signs(document: Document, plan: Plan) -> Document:
    """Give rates their percent sign, and take it from what is no rate: only the KPI knows which it is."""
    shares = set(plan.workspace.calculated_metrics.filter(format=Format.PERCENT).values_list("slug", flat=True))
    rates = {row.slug for row in document.kpis if row.measure == Measure.RATE or row.metric in shares}
    others = {row.slug for row in document.kpis if row.metric and row.metric not in shares}

    def signed(row: Any, figure: str) -> str:  # a target
        if row.kpi in others:
            return figure  # no cell could look at its sign: it is refused where it is written
        bare = figure.removesuffix(PERCENT)
        return f"{bare}{PERCENT}" if bare and row.kpi in rates else bare

    names = ("value", "value_high", "baseline")
    targets = (replace(row, **{name: signed(row, getattr(row, name)) for name in names}) for row in document.targets)
    return replace(document, targets=tuple(targets))


def _leave_out_strangers(found: Fit, members: Container[str]) -> None:
    def known(row: Any) -> Any:  # a row with an owner, and the same
        if not row.owner or row.owner.lower() in members:
            return row
        found.unknown.add(row.owner)
        return replace(row, owner="")

    lists = {key: tuple(map(known, getattr(found.document, key))) for key in _OWNED}
    found.document = replace(found.document, plan=known(found.document.plan), **lists)
