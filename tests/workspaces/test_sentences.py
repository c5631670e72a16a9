"""The audit trail reads as sentences."""

from datetime import datetime

from workspaces import scope
from workspaces.models import AuditEntry, Membership
from workspaces.sentences import Change, tell


def test_a_change_is_told_in_words_of_the_page(owner: Membership, viewer: Membership, now: datetime) -> None:
    with scope.in_workspace(owner.workspace_id):
        entry = AuditEntry.record(
            owner,
            "changed",
            viewer,
            workspace=owner.workspace,
            now=now,
            before={"role": "viewer"},
            after={"role": "lead"},
        )
    sentence = tell(entry)
    assert sentence.text == "Owner changed the member Viewer"
    assert sentence.changes == (Change("Role", "Viewer", "Marketing lead"),)


def test_a_removed_value_and_a_new_one_both_stand(owner: Membership, now: datetime) -> None:
    shop = owner.workspace
    with scope.in_workspace(shop.pk):
        entry = AuditEntry.record(
            "API token nightly",
            "changed",
            shop,
            workspace=shop,
            now=now,
            before={"gone": True},
            after={"click_days": 7},
        )
    assert tell(entry).changes == (Change("Click window", "", "7"), Change("Gone", "yes", ""))
    assert tell(entry).text.startswith("API token nightly changed the workspace Fjellsport")


def test_an_act_of_another_version_is_still_told(owner: Membership, now: datetime) -> None:
    entry = AuditEntry(
        actor_name="Kari", act="teleported", subject_type="hovercraft", subject_id="1", subject_name="Eels", at=now
    )
    assert tell(entry).text == "Kari teleported the hovercraft Eels"


def test_names_with_percent_signs_are_only_names(now: datetime) -> None:
    entry = AuditEntry(actor_name="%(name)s", act="created", subject_type="goal", subject_name="100 %s", at=now)
    assert tell(entry).text == "%(name)s created the goal 100 %s"
