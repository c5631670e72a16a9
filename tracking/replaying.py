"""Takes in what was held back, once it is right: with its own id and time of receipt, exactly once.

A strict source holds back what the plan does not know; any source what was refused for its time alone, which another
day or another limit makes right.

Somebody asks, which is a mark on the rows; whoever comes first, the page or a worker, judges them again. A row leaves
in the transaction that stores its event, so that it can neither be lost nor come in twice; its id in the ledger says
the same of anything that was sent again meanwhile. The day's counters move with it: an item of a day that was rejected
is accepted on that day, and the sum of what was received stays what it was.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet

from tracking import gate, inbox
from tracking.agreed import plan_of
from tracking.event import MAX_AHEAD_US, DropReason, Event, Status
from tracking.held import Held, unpack
from tracking.judging import MARKS
from tracking.ledger import Origin
from tracking.models import Quarantined, Source
from tracking.planned import Verdict
from tracking.rules import SourceRules
from tracking.times import us_of
from workspaces import scope
from workspaces.hints import hint
from workspaces.models import AuditEntry, Membership

A_BATCH = 500  # rows of one transaction
AT_ONCE = 200  # that a request itself takes in; a worker does more
# By their names alone: tasks are a door, and stand above.
DRAIN, REPLAY = "tracking.drain", "tracking.replay"


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of rows: taken in, known already, refused again."""

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0

    def __add__(self, other: "Replayed") -> "Replayed":
        return Replayed(
            self.accepted + other.accepted, self.duplicates + other.duplicates, self.refused + other.refused
        )

    @property
    def total(self) -> int:
        """Count the rows."""
        return self.accepted + self.duplicates + self.refused


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what it holds, and what speaks against it under today's rules."""

    row: Quarantined
    held: Held
    verdict: Verdict | None

    @property
    def mark(self) -> str:
        """Give the word beside "accepted"."""
        return MARKS.get(self.verdict.reason, "") if self.verdict else ""


def held_back(source: Source, *, code: str = "", name: str = "") -> "QuerySet[Quarantined]":
    """Give what can be taken in of a source, all or of a reason and an event's name; newest first."""
    rows = source.quarantined.filter(held__isnull=False)
    rows = rows.filter(code=code) if code else rows
    return rows.filter(name=name) if name else rows


@transaction.atomic
def ask(rows: "QuerySet[Quarantined]", source: Source, *, by: Membership | str, now: datetime) -> int:
    """Have the rows judged again; say how many were not waiting for it already."""
    asked = rows.filter(asked_at=None).update(asked_at=now)
    if asked:
        AuditEntry.record(by, "changed", source, workspace=source.workspace, now=now, after={"taken_in": asked})
    return asked


def ask_and_replay(
    rows: "QuerySet[Quarantined]", source: Source, *, by: Membership | str, now: datetime
) -> tuple[int, Replayed | None]:
    """Have the rows judged again: at once where they are few, else by a worker; say how many were asked for.

    returns  how many, and what became of them; None: a worker will see
    """
    asked = ask(rows, source, by=by, now=now)
    if asked > AT_ONCE:
        hint(current_app.signature(REPLAY), source.workspace_id)
        return asked, None
    done = replay(source.workspace_id, now=now, most=AT_ONCE)
    hint(current_app.signature(DRAIN), source.workspace_id)
    return asked, done


def replay(workspace_id: int, *, now: datetime, most: int | None = None) -> Replayed:
    """Judge what is asked for, in batches; safe to run beside itself and to be cut off at any moment.

    most   rows to look at; None: until none waits
    """
    done = Replayed()
    while most is None or done.total < most:
        with scope.in_workspace(workspace_id):
            found = _batch(workspace_id, A_BATCH if most is None else min(A_BATCH, most - done.total))
            if not found:
                break
            done += _judge(workspace_id, found, now)
    return done


def is_waiting(workspace_id: int) -> bool:
    """Say whether rows wait to be judged again; call it inside the workspace."""
    return Quarantined.objects.filter(workspace_id=workspace_id, asked_at__isnull=False).exists()


def _batch(workspace_id: int, most: int) -> list[Quarantined]:
    rows = Quarantined.objects.filter(workspace_id=workspace_id, asked_at__isnull=False, held__isnull=False)
    # What another worker has is that worker's; of two that come at the same time each has its own.
    return list(rows.order_by("pk").select_for_update(skip_locked=True)[:most])


def _judge(workspace_id: int, rows: Iterable[Quarantined], now: datetime) -> Replayed:
    plan, now_us = plan_of(workspace_id), us_of(now)
    groups: dict[tuple[int, date], list[Judged]] = defaultdict(list)
    sources = Source.objects.in_bulk({row.source_id for row in rows})
    done = Replayed()
    for row in rows:
        held = unpack(bytes(row.held or b""))
        rules = gate.rules_of(sources[row.source_id], plan)
        verdict = out_of_time(held.event, rules, now_us) or plan.judge(held.event)
        groups[row.source_id, row.received_at.astimezone(UTC).date()].append(Judged(row, held, verdict))
    for (source_id, _), judged in sorted(groups.items(), key=lambda each: each[0]):
        done += _take(workspace_id, gate.rules_of(sources[source_id], plan), judged, now)
    return done


def _take(workspace_id: int, rules: SourceRules, judged: list[Judged], now: datetime) -> Replayed:
    """Take in what was received from a source on one day, and count it anew."""
    refused = [each for each in judged if each.verdict and (rules.is_strict or each.verdict.reason not in MARKS)]
    taken = [each for each in judged if each not in refused]
    counts = Counter({f"rejected:{code}": -n for code, n in Counter(each.row.code for each in taken).items()})
    for each in refused:
        _stay(each, counts, now)
    statuses = inbox.append(
        Origin(workspace_id=workspace_id, source_id=rules.source_id),
        [each.held.event for each in taken],
        marks=[each.mark for each in taken],
        counts=counts,
        also=[each.held.also_holds for each in taken],
        no_more_refused=Counter(each.row.name for each in taken),
        now=max(each.row.received_at for each in judged),
    )
    Quarantined.objects.filter(pk__in=[each.row.pk for each in taken]).delete()
    accepted = sum(status is Status.ACCEPTED for status in statuses)
    return Replayed(accepted, len(taken) - accepted, len(refused))


def out_of_time(event: Event, rules: SourceRules, now_us: int) -> Verdict | None:
    """Say that an event is still ahead of the clock, or was older than today's limit when it was received."""
    if event.time_us > now_us + MAX_AHEAD_US:
        return Verdict(DropReason.TIME_IN_FUTURE, "its time has not come yet")
    if event.time_us < event.received_us - rules.max_age_us:
        return Verdict(DropReason.TOO_OLD, "it was older than the limit when it was received; import history as a file")
    return None


def _stay(each: Judged, counts: "Counter[str]", now: datetime) -> None:
    """Keep what is refused again, with today's reason."""
    verdict, row = each.verdict, each.row
    if verdict is not None and row.code != verdict.reason:
        counts[f"rejected:{row.code}"] -= 1
        counts[f"rejected:{verdict.reason}"] += 1
        row.code, row.message = str(verdict.reason), verdict.message[:500]
    row.asked_at, row.tried_at = None, now
    row.save(update_fields=["code", "message", "asked_at", "tried_at"])
