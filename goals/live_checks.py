"""Whether a goal's tracking works, while somebody tries it: checks that tick as the first events arrive."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from goals.asking import carried_by, names_in
from goals.conditions import Misstated, Rule, meets
from goals.definition import Definition
from goals.models import Goal, Purpose
from tracking.consent import consent_of
from tracking.latest import Row, latest
from tracking.models import EventType
from tracking.planned import Property, breaches


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to see: when it was seen last, None while nobody has.

    wrong   what came and was not right; hint: what came and may be right
    """

    label: str
    seen_at: datetime | None = None
    wrong: str = ""
    hint: str = ""

    @property
    def is_done(self) -> bool:
        """Say whether it was seen as it should be."""
        return self.seen_at is not None and not self.wrong and not self.hint


def checks_of(goal: Goal, *, now: datetime) -> list[Check]:
    """Give the goal's checks in their order; none for a goal without rules. Call it inside the workspace.

    What arrived within the hour is looked at event by event; for what came before, the last watch knows.
    """
    try:
        rules = Definition.of(goal).rules
    except Misstated:  # written by an older version of the language
        return []
    if not rules:
        return []
    sources = {source.slug: source.pk for source in goal.workspace.sources.all()}
    rows = latest(list(goal.workspace.sources.all()), now=now)
    met = [row for row in rows if meets(rules, row, sources=sources)]
    checks = [_named(goal, rules, rows), _met(goal, met)]
    agreed = carried_by(goal, rules)
    if agreed:
        checks.append(_carried(agreed, met))
    if _asks_for_consent(goal):
        checks.append(_consent(met))
    return checks


def _named(goal: Goal, rules: Sequence[Rule], rows: Iterable[Row]) -> Check:
    names = sorted(names_in(rules))
    label = _("The event %(name)s arrives") % {"name": ", ".join(names)} if names else _("Events arrive")
    recent = next((row["received_at"] for row in rows if not names or row["name"] in names), None)
    return Check(label, recent or _ever(goal, names))


def _ever(goal: Goal, names: Sequence[str]) -> datetime | None:
    known = EventType.objects.filter(workspace_id=goal.workspace_id, last_at__isnull=False)
    newest = (known.filter(name__in=names) if names else known).order_by("-last_at").first()
    return newest.last_at if newest else None


def _met(goal: Goal, met: Sequence[Row]) -> Check:
    watch = getattr(goal, "watch", None)
    before = watch.last_seen_at if watch is not None and watch.goal_version == goal.version else None
    return Check(_("It meets what counts for the goal"), met[0]["received_at"] if met else before)


def _carried(agreed: Sequence[Property], met: Sequence[Row]) -> Check:
    label = _("It carries what was agreed: %(names)s") % {"names": ", ".join(each.name for each in agreed)}
    if not met:
        return Check(label)
    faults = list(breaches(agreed, met[0]["properties"], met[0].get))
    wrong = _("not as agreed: %(names)s") % {"names": ", ".join(each.property for each in faults)} if faults else ""
    return Check(label, met[0]["received_at"], wrong)


def _asks_for_consent(goal: Goal) -> bool:
    spec = getattr(goal, "spec", None)
    return spec is None or spec.purpose != Purpose.NONE


def _consent(met: Sequence[Row]) -> Check:
    label = _("It says what the visitor agreed to")
    if not met:
        return Check(label)
    is_known = consent_of(met[0]["consent"]).analytics is not None
    # Without cookies nobody is asked, so that silence may be right; with them it is a gap.
    return Check(label, met[0]["received_at"], hint="" if is_known else _("nothing was said of analytics"))
