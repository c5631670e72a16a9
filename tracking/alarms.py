"""Tells whoever runs a workspace that a source is silent, or sends much that is rejected, and that it heals: once each.

Whether a source is silent is found above, where its habit is known; it comes here as times.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, cast

from django.urls import reverse
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from tracking.health import daily
from tracking.models import AlarmKind, Source, SourceAlarm
from workspaces.languages import long_day
from workspaces.models import Membership, Workspace
from workspaces.notices import notify
from workspaces.roles import Role

BROKEN, HEALED = "source_broken", "source_healed"
REJECTED_FROM: Final = 0.10  # of what could be counted, on a UTC day
HEALED_BELOW: Final = 0.05  # less than where it begins, so that a share near the bound does not tell twice a day
LEAST: Final = 20  # rejected items of a day; below that one bad page view would be an alarm
LOOKED_BACK: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Silence:
    """A time without events where some were due; until None: it lasts."""

    since: datetime
    until: datetime | None


def settle_silences(
    workspace: Workspace, silences: Mapping[int, Silence], *, told: Collection[int] = (), now: datetime
) -> None:
    """Bring the alarms to the sources that are silent; call it inside the workspace.

    silences   the newest of each open source that had one, by the source's id
    told       sources that somebody has just been told of, since goals stand and fall with them
    """
    sources = {source.pk: source for source in workspace.sources.filter(closed_at=None)}
    lasting = {pk: each for pk, each in silences.items() if each.until is None and pk in sources}
    held = {row.source_id: row for row in _open(workspace, AlarmKind.SILENT)}
    for pk, each in sorted(lasting.items()):
        if pk not in held:
            row = _begin(sources[pk], AlarmKind.SILENT, each.since, now=now)
            if pk not in told:
                _tell(row, sources[pk], now=now)
    for pk, row in held.items():
        if pk not in lasting:
            ended = silences[pk].until if pk in silences else None
            _end(row, sources.get(pk), ended if ended and ended > row.started_at else now, now=now, told=pk in told)


def settle_rejections(workspace: Workspace, *, now: datetime) -> None:
    """Bring the alarms to the share of what was rejected today, or lately; call it inside the workspace."""
    held = {row.source_id: row for row in _open(workspace, AlarmKind.REJECTED)}
    for source in workspace.sources.filter(closed_at=None):
        share, rejected = _share(source, now=now)
        row = held.pop(source.pk, None)
        if row is None and share is not None and share >= REJECTED_FROM and rejected >= LEAST:
            _tell(_begin(source, AlarmKind.REJECTED, now, now=now), source, share=share, now=now)
        elif row is not None and share is not None and share < HEALED_BELOW:
            _end(row, source, now, now=now)
    for row in held.values():  # of sources that were closed
        _end(row, None, now, now=now)


def _share(source: Source, *, now: datetime) -> tuple[float | None, int]:
    """Give the share of rejected items on the newest day with enough items to say so, and how many they were."""
    today = now.astimezone(UTC).date()
    for balance in daily(source, since=today - LOOKED_BACK).values():
        whole = balance.accepted + balance.rejected
        if whole >= LEAST:
            return balance.rejected / whole, balance.rejected
    return None, 0


def _open(workspace: Workspace, kind: AlarmKind) -> list[SourceAlarm]:
    return list(workspace.source_alarms.filter(kind=kind, ended_at=None).select_related("source"))


def _begin(source: Source, kind: AlarmKind, since: datetime, *, now: datetime) -> SourceAlarm:
    return SourceAlarm.objects.create(
        workspace_id=source.workspace_id, source=source, kind=kind, started_at=since, found_at=now
    )


def _end(row: SourceAlarm, source: Source | None, ended_at: datetime, *, now: datetime, told: bool = False) -> None:
    row.ended_at = ended_at
    row.save(update_fields=["ended_at"])
    if source is not None and not told:
        _tell(row, source, now=now)


def _tell(row: SourceAlarm, source: Source, *, share: float = 0.0, now: datetime) -> None:
    kind = BROKEN if row.ended_at is None else HEALED
    say = _WORDS[AlarmKind(row.kind), kind]
    facts = {
        "source": source.name,
        "since": row.started_at,
        "share": round(100 * share),
        "zone": source.workspace.zone,
    }
    notify(
        _recipients(source.workspace),
        kind=kind,
        title=_later(partial(say[0], facts)),
        text=_later(partial(say[1], facts)),
        path=reverse("tracking:source-health", args=[source.workspace.slug, source.slug]),
        key=f"{kind} {row.pk}",
        now=now,
    )


def _recipients(workspace: Workspace) -> list[Membership]:
    """Give the leads; without leads the workspace's owners."""
    members = list(workspace.memberships.filter(role__in=(Role.LEAD, Role.OWNER)).order_by("pk"))
    return [each for each in members if each.role == Role.LEAD] or members


Facts = Mapping[str, object]
Words = Callable[[Facts], str]


def _silent_title(facts: Facts) -> str:
    return _("No events arrive from %(source)s") % facts


def _silent_text(facts: Facts) -> str:
    return _("The last one came on %(since)s. By its habit the next one was due long since.") % _written(facts)


def _heard_title(facts: Facts) -> str:
    return _("Events of %(source)s arrive again") % facts


def _heard_text(facts: Facts) -> str:
    return _("Nothing had arrived since %(since)s.") % _written(facts)


def _rejected_title(facts: Facts) -> str:
    return _("Much of what %(source)s sends is rejected") % facts


def _rejected_text(facts: Facts) -> str:
    words = _("%(share)s %% of its items could not be counted today. The page says why, and what to do.")
    return words % facts


def _mended_title(facts: Facts) -> str:
    return _("What %(source)s sends is accepted again") % facts


def _mended_text(facts: Facts) -> str:
    return _("Much had been rejected since %(since)s.") % _written(facts)


def _written(facts: Facts) -> dict[str, object]:
    local = cast(datetime, facts["since"]).astimezone(facts["zone"])  # type: ignore[arg-type]  # a ZoneInfo
    return {**facts, "since": f"{long_day(local.date())} {local:%H:%M}"}


_WORDS: Final[Mapping[tuple[AlarmKind, str], tuple[Words, Words]]] = {
    (AlarmKind.SILENT, BROKEN): (_silent_title, _silent_text),
    (AlarmKind.SILENT, HEALED): (_heard_title, _heard_text),
    (AlarmKind.REJECTED, BROKEN): (_rejected_title, _rejected_text),
    (AlarmKind.REJECTED, HEALED): (_mended_title, _mended_text),
}


def _later(words: Callable[[], str]) -> Promise:
    """Have the words said in each reader's language."""
    return cast(Promise, lazy(words, str)())
