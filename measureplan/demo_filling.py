"""Fills the demo workspace: the made-up shop's people, events and plan, and its figures."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import transaction

from goals.asking import bring
from goals.loading import load_plan
from goals.signing import request_sign_off, sign
from goals.watching import watch
from measureplan.demo import Shop, shop
from measureplan.demo.ad_reports import ad_reports
from measureplan.demo.plan import Plan, plan
from measureplan.demo.truth import ZONE
from measureplan.demo_annotating import annotate
from measureplan.demo_importing import import_ad_reports
from measureplan.demo_proposing import make_proposals
from measureplan.demo_specifying import specify_goals
from reports.filling import fill
from tracking import inbox
from tracking.derive import derive
from tracking.event import Event
from tracking.lake.writer import drain
from tracking.ledger import Origin
from tracking.models import Kind, Source
from workspaces import scope
from workspaces.models import AuditEntry, Membership, User, Workspace
from workspaces.roles import Role
from workspaces.zones import day_of

SLUG = "fjellsport"
SEED = 7
DAYS = 180
SIGN_IN = "lead@example.com"  # whom the demo's address is told to
PASSWORD_FILE = "demo_password"  # noqa: S105  # a file's name
EVENTS_A_REQUEST = 2_000
HOST = "www.fjellsport.example"
_TIMES = {"time": "time_us", "received_at": "received_us", "client_time": "client_time_us"}
_OUTSIDE = {"day", "source_id", "import_id"}  # the lake's writer knows these


@dataclass(frozen=True, slots=True)
class SignIn:
    """How to look at the demo."""

    email: str
    password: str


def fill_demo(folder: Path, *, now: datetime, say: Callable[[str], None]) -> SignIn:
    """Fill the demo workspace unless it is there; give how to sign in.

    A filling that was cut off is taken up where it stopped: people and source are made in one transaction, events
    have their ids, and figures are filled again.
    """
    password = _password(folder)
    workspace = Workspace.objects.filter(slug=SLUG, is_demo=True).first()
    if workspace is not None and _is_whole(workspace):
        say("demo workspace, kept from before")
        return SignIn(SIGN_IN, password)
    made = shop(until=day_of(now, ZONE), now=now, seed=SEED, days=DAYS)
    say(f"demo shop: {made.events.num_rows:,} events of {DAYS} days")
    fill_workspace(made, password, now=now, say=say)
    return SignIn(SIGN_IN, password)


def fill_workspace(made: Shop, password: str, *, now: datetime, say: Callable[[str], None]) -> Workspace:
    """Bring a shop in by the same ways as everybody's events and plans; give its workspace."""
    planned = plan(made)
    workspace = Workspace.objects.filter(slug=SLUG, is_demo=True).first() or _make_team(planned, password, now)
    _store(workspace, made, now)
    say("events in the lake")
    derive(workspace.pk, now)
    say("sessions and touches")
    import_ad_reports(workspace, ad_reports(made.events), now=now)
    say("reports of ad platforms")
    _load(workspace, planned, now)
    make_proposals(workspace, now=now)
    annotate(workspace, planned, now=now)
    say("plan and proposals")
    fill(workspace.pk, now=now)
    say("figures of every goal")
    bring(workspace.pk, now=now)
    watch(workspace.pk, now=now)
    say("tracking of every goal")
    return workspace


def _password(folder: Path) -> str:
    """Give the demo's password, made once: an address that others reach must not open with one from a book."""
    file = folder / PASSWORD_FILE
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(f"{secrets.choice(_WORDS)}-{secrets.choice(_WORDS)}-{secrets.randbelow(9_000) + 1_000}")
    return file.read_text().strip()


# Typed on any keyboard.
_WORDS = ("fjell", "bekk", "furu", "lyng", "rype", "varde", "tind", "myr", "elv", "skog", "fonn")


def _is_whole(workspace: Workspace) -> bool:
    with scope.in_workspace(workspace.pk):
        return bool(workspace.fill_states.exclude(filled_at=None).exists())


@transaction.atomic
def _make_team(planned: Plan, password: str, now: datetime) -> Workspace:
    workspace = Workspace.objects.create(
        name=planned.workspace, slug=SLUG, zone_name=planned.zone, currency=planned.currency, is_demo=True
    )
    with scope.in_workspace(workspace.pk):
        for each in planned.members:
            user = User.objects.filter(email=each.email).first() or User.objects.create_user(
                each.email, password, name=each.name
            )
            Membership.objects.create(workspace=workspace, user=user, role=Role(each.role), department=each.department)
        AuditEntry.record("the demo", "created", workspace, workspace=workspace, now=now)
        Source.objects.create(workspace=workspace, name=HOST, slug="web", kind=Kind.BROWSER, hosts=[HOST])
    return workspace


def _store(workspace: Workspace, made: Shop, now: datetime) -> None:
    """Bring the events in by the same way as everybody's: ledger, inbox, drain."""
    with scope.in_workspace(workspace.pk):
        source = workspace.sources.get(slug="web")
        origin = Origin(workspace_id=workspace.pk, source_id=source.pk)
        for events in _batches(made.events):
            inbox.append(origin, events, counts=Counter(), now=now)
    # A moment later, so that all of it counts as received before.
    drain(workspace.pk, now + timedelta(minutes=1))


def _batches(table: pa.Table) -> Iterator[list[Event]]:
    for start in range(0, table.num_rows, EVENTS_A_REQUEST):
        columns = _columns(table.slice(start, EVENTS_A_REQUEST))
        names = list(columns)
        yield [Event(**dict(zip(names, row, strict=True))) for row in zip(*columns.values(), strict=True)]


def _columns(table: pa.Table) -> dict[str, list[object]]:
    columns: dict[str, list[object]] = {}
    for name in table.column_names:
        if name in _TIMES:
            columns[_TIMES[name]] = table.column(name).cast(pa.int64()).to_pylist()
        elif name not in _OUTSIDE:
            columns[name] = table.column(name).to_pylist()
    return columns


def _load(workspace: Workspace, planned: Plan, now: datetime) -> None:
    with scope.in_workspace(workspace.pk):
        if not workspace.plans.exists():
            lead = workspace.memberships.select_related("user", "workspace").get(user__email=SIGN_IN)
            loaded = load_plan(workspace, _plan_data(planned), by=lead, now=now)
            specify_goals(loaded.goals, by=lead, now=now)
            owner = workspace.memberships.select_related("user", "workspace").get(role=Role.OWNER)
            version = request_sign_off(loaded.plan, [lead, owner], note="The first plan", by=lead, now=now)
            for signer in (lead, owner):
                sign(version, by=signer, now=now)


def _plan_data(planned: Plan) -> dict[str, Any]:  # plain data as goals.loading reads it
    departments = {member.email: member.department for member in planned.members}
    # Of each department the one who works there, not the owner of it all.
    heads = {member.department: member.email for member in planned.members if member.role == Role.CONTRIBUTOR}
    since, until = _period(planned)
    last = until - timedelta(days=1)
    return asdict(planned) | {
        "name": f"Measurement plan, Q{(last.month - 1) // 3 + 1} {last.year}",
        "starts_on": since,
        "ends_on": last,
        "objectives": [asdict(each) | {"owner": heads[each.department]} for each in planned.objectives],
        "goals": [asdict(each) | {"owner": heads[each.department]} for each in planned.goals],
        "kpis": [asdict(kpi) | {"department": departments[kpi.owner]} for kpi in planned.kpis],
    }


def _period(planned: Plan) -> tuple[date, date]:
    """Give the days [since, until) that most targets share."""
    periods = [(target.since, target.until) for target in planned.targets]
    return max(set(periods), key=periods.count)
