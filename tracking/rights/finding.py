"""Who a visitor, a user or an order is: every id that belongs to the same person, from links and stored events."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
from django.utils.translation import gettext as _

from tracking.event import is_cookieless
from tracking.identity import is_nobody, person_of_user
from tracking.lake.query import connected
from tracking.lake.removal import newest
from tracking.models import IdentityLink, NamedBy
from tracking.rights.subject import Order, Pair, Subject, of_users, of_visitor
from workspaces import scope
from workspaces.refusal import Refusal

_SQL = {path.name: path.read_text() for path in (Path(__file__).parent.parent / "sql").glob("rights.*.sql")}
SHOWN_NAMES = 20  # of events by name, most frequent first

# What is the person's, among the view `events` with the tables that `tables_of` gives.
THEIRS = _SQL["rights.theirs.sql"]


class NamesNobody(Refusal):
    """The id stands for no one, or for many."""

    code = "names_nobody"
    field = "name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the lake holds of a subject."""

    events: int = 0
    first: datetime | None = None
    last: datetime | None = None
    names: dict[str, int] = field(default_factory=dict)


def find(workspace_id: int, named_by: str, name: str) -> Subject:
    """Give everything that names the same person; a subject of this id alone where nothing more is known.

    raises   NamesNobody for what programs send where they have no id, and for an order of several persons
    """
    if is_nobody(name):
        raise NamesNobody(
            _('"%(name)s" is what programs send where they have no id. It names nobody.') % {"name": name}
        )
    with connected(newest(workspace_id)) as engine:
        subject = _FINDERS[NamedBy(named_by)](engine, workspace_id, name)
        orders = _orders(engine, subject)
    return msgspec.structs.replace(subject, orders=tuple(sorted({*subject.orders, *orders})))


def count(workspace_id: int, subject: Subject) -> Found:
    """Say what is stored of the subject, without what still waits in the inbox."""
    with connected(newest(workspace_id), tables_of(subject)) as engine:
        rows = engine.sql(_SQL["rights.count.sql"].replace("{theirs}", THEIRS)).to_arrow_table().to_pylist()
    names = Counter({row["name"]: row["events"] for row in rows})
    return Found(
        events=names.total(),
        first=min((row["first"] for row in rows), default=None),
        last=max((row["last"] for row in rows), default=None),
        names=dict(names.most_common(SHOWN_NAMES)),
    )


def described(subject: Subject, found: Found) -> dict[str, object]:
    """Give both as the export and the API name them."""
    return {
        "visitor_ids": subject.visitors,
        "user_ids": subject.users,
        "transaction_ids": [order.transaction_id for order in subject.orders],
        "shared_devices": subject.shared,
        "events": found.events,
        "first": found.first,
        "last": found.last,
        "events_by_name": found.names,
    }


def tables_of(subject: Subject) -> dict[str, pa.Table]:
    """Give the subject as the tables that `THEIRS` names."""
    texts, numbers = pa.string(), pa.int64()
    sources = pa.array([order.source_id for order in subject.orders], numbers)
    orders = pa.array([order.transaction_id for order in subject.orders], texts)
    return {
        "their_visitors": pa.table({"visitor_id": pa.array(subject.visitors, texts)}),
        "their_users": pa.table({"user_id": pa.array(subject.users, texts)}),
        "their_orders": pa.table({"source_id": sources, "transaction_id": orders}),
    }


def _of_user(engine: duckdb.DuckDBPyConnection, workspace_id: int, user_id: str) -> Subject:
    users = _aliases(engine, workspace_id, {user_id})[user_id]
    return of_users(users, _pairs(engine, workspace_id, users=users))


def _of_visitor(engine: duckdb.DuckDBPyConnection, workspace_id: int, visitor_id: str) -> Subject:
    own = _pairs(engine, workspace_id, visitors={visitor_id})
    users = {pair.user_id for pair in own} | {name for name in [_served(visitor_id)] if name}
    classes = _aliases(engine, workspace_id, users)
    return of_visitor(visitor_id, _pairs(engine, workspace_id, users=set().union(*classes.values())) | own, classes)


def _of_order(engine: duckdb.DuckDBPyConnection, workspace_id: int, transaction_id: str) -> Subject:
    """Give the one person whom an order's events name; visitors of a day, who may be the same, are added."""
    sql = "select distinct source_id, visitor_id, user_id from events where transaction_id = $transaction"
    rows = engine.sql(sql, params={"transaction": transaction_id}).fetchall()
    found = set[Subject]()
    for _source, visitor_id, user_id in rows:
        if user_id and not is_nobody(user_id):
            found.add(_of_user(engine, workspace_id, user_id))
        elif not is_cookieless(visitor_id):
            found.add(_of_visitor(engine, workspace_id, visitor_id))
    if len(found) > 1:
        message = _("%(people)s people have this transaction id. Name the one that you mean by user or visitor id.")
        raise NamesNobody(message % {"people": len(found)})
    person = found.pop() if found else Subject()
    of_a_day = {visitor_id for _source, visitor_id, user_id in rows if is_cookieless(visitor_id) and not user_id}
    orders = tuple(Order(source_id, transaction_id) for source_id in sorted({row[0] for row in rows}))
    return msgspec.structs.replace(person, visitors=tuple(sorted({*person.visitors, *of_a_day})), orders=orders)


_FINDERS = {NamedBy.USER: _of_user, NamedBy.VISITOR: _of_visitor, NamedBy.TRANSACTION: _of_order}


def _aliases(engine: duckdb.DuckDBPyConnection, workspace_id: int, users: Collection[str]) -> dict[str, frozenset[str]]:
    """Give for each user all names that aliases join with it, also those that came without consent to joining."""
    stored = engine.sql("select distinct visitor_id, user_id from events where name = 'alias'").fetchall()
    with scope.in_workspace(workspace_id):
        linked = IdentityLink.objects.filter(is_alias=True).values_list("visitor_id", "user_id")
        edges = {
            (one, other) for one, other in [*stored, *linked] if other and not (is_nobody(one) or is_nobody(other))
        }
    return {user: _reached(user, edges) for user in users if not is_nobody(user)}


def _reached(name: str, edges: Collection[tuple[str, str]]) -> frozenset[str]:
    reached, grown = {name}, True
    while grown:
        more = {each for edge in edges if reached & set(edge) for each in edge}
        grown = not more <= reached
        reached |= more
    return frozenset(reached)


def _pairs(
    engine: duckdb.DuckDBPyConnection,
    workspace_id: int,
    *,
    users: Collection[str] = (),
    visitors: Collection[str] = (),
) -> set[Pair]:
    """Give all pairs of the visitors, and of every visitor that has one of the users."""
    with scope.in_workspace(workspace_id):
        met = set(IdentityLink.objects.filter(user_id__in=users).values_list("visitor_id", flat=True))
        asked = {"users": sorted(users), "visitors": sorted({*visitors, *met})}
        stored = engine.sql(_SQL["rights.pairs.sql"], params=asked).fetchall()
        known = {visitor_id for visitor_id, _ in stored} | {*visitors, *met}
        linked = IdentityLink.objects.filter(visitor_id__in=known, is_alias=False).values_list("visitor_id", "user_id")
        found = {Pair(visitor_id, user_id) for visitor_id, user_id in [*stored, *linked]}
    return {pair for pair in found if not is_nobody(pair.user_id)}


def _orders(engine: duckdb.DuckDBPyConnection, subject: Subject) -> set[Order]:
    """Give the subject's orders that nobody else is named on: else "test" would be one."""
    for name, rows in tables_of(subject).items():
        engine.register(name, rows)
    rows = engine.sql(_SQL["rights.orders.sql"].replace("{theirs}", THEIRS)).fetchall()
    return {Order(source_id, transaction_id) for source_id, transaction_id in rows if not is_nobody(transaction_id)}


def _served(visitor_id: str) -> str | None:
    """Give the user whom a server's visitor id names."""
    user_id = visitor_id.removeprefix(person_of_user(""))
    return user_id if user_id != visitor_id else None
