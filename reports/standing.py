"""How far a whole workspace has come: what a page without figures says, and one with figures is stamped with."""

from dataclasses import dataclass
from datetime import datetime

from reports.publishing import Published

NOTHING = "nothing"  # no goal is defined
NO_EVENTS = "no_events"  # goals are there, nothing has arrived
COMPUTING = "computing"  # events are there, no figures yet
NO_KPIS = "no_kpis"  # figures are there, and nothing to hold them against
READY = "ready"


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of a page of several goals.

    computed_through   every event received before is in the figures; None before the first fill
    is_complete        False where newer events wait to be computed
    """

    state: str
    computed_through: datetime | None
    data_version: str
    is_complete: bool


def standing(published: Published, *, has_goals: bool, has_kpis: bool) -> Standing:
    """Say how far the workspace has come."""
    publication = published.publication
    revision = publication.revision if publication else 0
    return Standing(
        state=_state(published, has_goals=has_goals, has_kpis=has_kpis),
        computed_through=publication.computed_through if publication else None,
        data_version=str(revision),
        is_complete=published.is_fresh,
    )


def _state(published: Published, *, has_goals: bool, has_kpis: bool) -> str:
    if not has_goals:
        return NOTHING
    if published.publication is None:
        return COMPUTING if published.has_events else NO_EVENTS
    return READY if has_kpis else NO_KPIS
