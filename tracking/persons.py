"""Which visitors are one person, kept as rows: links are noted when events are stored, and resolved before deriving.

Everything that needs a person reads `person_events`, a view of the lake (tracking.lake.query) that joins the events
with the table `people`, which is written from these rows and published with the sessions that it belongs to.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import F

from tracking.consent import consent_of
from tracking.event import is_cookieless
from tracking.identity import USER_PREFIX, Link, Share, is_nobody, person_of_user, persons_of
from tracking.lake.query import query
from tracking.lake.schema import PEOPLE, Table
from tracking.lake.table import replace_days
from tracking.models import IdentityLink, LakeState, PersonOf
from workspaces import scope

ALIAS = "alias"  # the event that says: this visitor id, perhaps a user's before, is now the user
LINKS = 5_000  # resolved in one transaction
ROWS = 50_000  # rows on their way to the lake at a time
_SQL = {path.name: path.read_text() for path in (Path(__file__).parent / "sql").glob("persons.*.sql")}


def note(workspace_id: int, rows: pa.Table) -> None:
    """Keep the links that stored events prove; call it in the transaction that settles them.

    rows   in the lake's schema
    """
    made = [
        IdentityLink(
            workspace_id=workspace_id, visitor_id=link.visitor_id, user_id=link.user_id, is_alias=link.is_alias
        )
        # In one order everywhere, so that two settlings never wait for each other in a ring.
        for link in sorted(set(links_in(rows)))
    ]
    IdentityLink.objects.bulk_create(made, ignore_conflicts=True, batch_size=LINKS)


def links_in(rows: pa.Table) -> Iterator[Link]:
    """Give the links among events: a visitor that lasts, a user, and a recorded yes to measuring without GPC."""
    known = rows.filter(pc.field("user_id").is_valid()).select(["visitor_id", "user_id", "name", "consent"])
    columns = (column.to_pylist() for column in known.columns)
    for visitor_id, user_id, name, consent in zip(*columns, strict=True):
        if is_cookieless(visitor_id) or is_nobody(visitor_id) or is_nobody(user_id):
            continue
        if visitor_id != person_of_user(user_id) and consent_of(consent).permits_linking:
            yield Link(visitor_id, user_id, is_alias=name == ALIAS)


def resolve(workspace_id: int) -> int:
    """Bring the persons up to the links, and have the days redone that this changes; say how many shares moved.

    Call it with the derivation's lock: nobody else writes these rows. Each batch is a transaction of its own.
    """
    moved = 0
    while True:
        with scope.in_workspace(workspace_id):
            new = list(IdentityLink.objects.filter(is_resolved=False).order_by("pk")[:LINKS])
            if not new:
                return moved
            before, after = _around(workspace_id, new)
            changed = [share for share in before.keys() | after.keys() if before.get(share) != after.get(share)]
            if changed:
                _write(workspace_id, changed, after)
                _mark(workspace_id, _leaving(changed, before))
            IdentityLink.objects.filter(pk__in=[link.pk for link in new]).update(is_resolved=True)
            moved += len(changed)


def _around(workspace_id: int, new: list[IdentityLink]) -> tuple[dict[Share, str], dict[Share, str]]:
    """Give the persons of all that the links can have changed: as they stand, and as they are now.

    What a visitor is depends on its own links and on the aliases of its users, and so a link changes its own visitor,
    and an alias all visitors of the users that it joins.
    """
    aliased = _joined({name for link in new if link.is_alias for name in (link.visitor_id, link.user_id)})
    visitors = {link.visitor_id for link in new} | {person_of_user(user_id) for user_id in aliased}
    visitors |= set(IdentityLink.objects.filter(user_id__in=aliased).values_list("visitor_id", flat=True))
    links = {_link(row) for row in IdentityLink.objects.filter(visitor_id__in=visitors)}
    users = {link.user_id for link in links}
    users |= {visitor_id.removeprefix(USER_PREFIX) for visitor_id in visitors if visitor_id.startswith(USER_PREFIX)}
    links |= {_link(row) for row in IdentityLink.objects.filter(is_alias=True, user_id__in=_joined(users))}
    after = {share: person for share, person in persons_of(links).items() if share.visitor_id in visitors}
    stored = PersonOf.objects.filter(workspace_id=workspace_id, visitor_id__in=visitors)
    before = {Share(row.visitor_id, row.user_id or None): row.person_id for row in stored}
    return before, after


def _link(row: IdentityLink) -> Link:
    return Link(row.visitor_id, row.user_id, is_alias=row.is_alias)


def _joined(users: Iterable[str]) -> list[str]:
    """Give the users and all whom aliases join with them."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL["persons.joined.sql"], {"users": sorted(users)})
        return [row[0] for row in cursor.fetchall()]


def _leaving(changed: Iterable[Share], before: dict[Share, str]) -> set[str]:
    """Give the persons that lose events: those that had them, which for a visitor without a row is itself."""
    return {before[share] for share in changed if share in before} | {share.visitor_id for share in changed}


def _write(workspace_id: int, changed: list[Share], after: dict[Share, str]) -> None:
    with connection.cursor() as cursor:
        shares = sorted((share.visitor_id, share.user_id or "") for share in changed)
        given = {"visitors": [visitor for visitor, _ in shares], "users": [user for _, user in shares]}
        cursor.execute(_SQL["persons.forget.sql"], given)
    PersonOf.objects.bulk_create(
        [
            PersonOf(
                workspace_id=workspace_id,
                visitor_id=share.visitor_id,
                user_id=share.user_id or "",
                person_id=after[share],
            )
            for share in changed
            if share in after
        ],
        batch_size=LINKS,
    )


def _mark(workspace_id: int, persons: set[str]) -> None:
    """Have everything redone from the first day on that shows one of the persons; what is new is marked already."""
    shown = {"moved": pa.table({"person_id": sorted(persons)})}
    earliest: datetime | None = query(workspace_id, _SQL["persons.first.sql"], tables=shown).column(0)[0].as_py()
    state = LakeState.objects.select_for_update().get(workspace_id=workspace_id)
    state.people_changed = F("people_changed") + 1
    if earliest is not None:
        state.dirty_since = min(earliest, state.dirty_since or earliest)
    state.save(update_fields=["people_changed", "dirty_since"])


def publishable(workspace_id: int) -> int:
    """Write the table `people` from the rows; give its version, for the derivation to publish."""
    with scope.in_workspace(workspace_id):
        rows = PersonOf.objects.order_by("visitor_id", "user_id").values_list("visitor_id", "user_id", "person_id")
        batches = pa.RecordBatchReader.from_batches(PEOPLE, _batches(rows.iterator(chunk_size=ROWS)))
        return replace_days(workspace_id, Table.PEOPLE, batches, since=None)


def _batches(rows: Iterator[tuple[str, str, str]]) -> Iterator[pa.RecordBatch]:
    # Tables of the lake are divided by days, and this one has none.
    epoch = date(1970, 1, 1)
    while taken := [row for _, row in zip(range(ROWS), rows, strict=False)]:
        visitors, users, persons = zip(*taken, strict=True)
        columns = [[epoch] * len(taken), visitors, [user or None for user in users], persons]
        arrays = [pa.array(column, field.type) for column, field in zip(columns, PEOPLE, strict=True)]
        yield pa.RecordBatch.from_arrays(arrays, schema=PEOPLE)
