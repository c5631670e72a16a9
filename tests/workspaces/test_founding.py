"""A workspace begins with its owner; its settings change with a trace."""

from datetime import datetime

import pytest

from workspaces import founding, scope
from workspaces.models import AuditEntry, Membership, User
from workspaces.roles import Role


def found(name: str, now: datetime) -> tuple[User, str]:
    person, _ = User.objects.get_or_create(email="kari@example.com")
    return person, founding.found(person, name=name, zone_name="Europe/Oslo", currency="NOK", now=now).slug


def test_who_makes_a_workspace_owns_it(db: None, now: datetime) -> None:
    person, slug = found("Ærlig Øl & Mat", now)
    assert slug == "aerlig-ol-mat"
    with scope.on_behalf_of(person.pk):
        member = Membership.objects.get()
    assert member.role == Role.OWNER
    with scope.in_workspace(member.workspace_id):
        assert AuditEntry.objects.get().act == "created"


@pytest.mark.parametrize("name", ["Shop", "日本", "!!!"])
def test_every_name_gets_an_address_and_no_two_the_same(db: None, now: datetime, name: str) -> None:
    slugs = [found(name, now)[1] for _ in range(3)]
    assert slugs == [slugs[0], f"{slugs[0]}-2", f"{slugs[0]}-3"]
    assert slugs[0]


def test_a_long_name_fits(db: None, now: datetime) -> None:
    assert len(found("x" * 120, now)[1]) <= 60


@pytest.mark.parametrize(
    ("after", "are_stale"), [({"name": "Other"}, False), ({"click_days": 60}, True), ({"zone_name": "UTC"}, True)]
)
def test_what_figures_are_computed_with_dates_them(
    owner: Membership, now: datetime, after: dict[str, object], are_stale: bool
) -> None:
    workspace = owner.workspace
    before = {name: getattr(workspace, name) for name in after}
    for name, value in after.items():
        setattr(workspace, name, value)
    with scope.in_workspace(workspace.pk):
        founding.change(workspace, before=before, after=after, by=owner, now=now)
        entry = AuditEntry.objects.get()
    workspace.refresh_from_db()
    assert (workspace.revision, entry.before, entry.after) == (2, before, after)
    assert (workspace.figures_changed_at == now) is are_stale


def test_nothing_changed_leaves_no_trace(owner: Membership, now: datetime) -> None:
    with scope.in_workspace(owner.workspace_id):
        founding.change(owner.workspace, before={}, after={}, by=owner, now=now)
        assert not AuditEntry.objects.exists()
    assert owner.workspace.revision == 1
