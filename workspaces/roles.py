"""Role, Action, and the one table of which role may do which action."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    LEAD = "lead", _("Marketing lead")
    CONTRIBUTOR = "contributor", _("Contributor")
    VIEWER = "viewer", _("Viewer")


class Action(models.TextChoices):
    SEE_REPORTS = "see_reports", _("See reports, the plan and its goals")
    EXPORT = "export", _("Export figures")
    SHARE = "share", _("Share reports with people who have no login, by link or by mail")
    PROPOSE = "propose", _("Propose goals and try them on past events")
    ANNOTATE = "annotate", _("Write beside charts what happened")
    ALERT = "alert", _("Make alerts for themselves and others")
    EDIT_PLAN = "edit_plan", _("Edit plan, goals, KPIs and targets")
    SEE_TRACKING = "see_tracking", _("See sources and what arrives")
    EDIT_TRACKING = "edit_tracking", _("Edit sources and import events")
    SEE_AUDIT = "see_audit", _("See who changed what")
    INVITE = "invite", _("Invite contributors and viewers")
    MANAGE_MEMBERS = "manage_members", _("Invite, change and remove members")
    MANAGE_TOKENS = "manage_tokens", _("Create and revoke API tokens")
    HANDLE_PERSONS = "handle_persons", _("Look up, export and erase a person; set how long events are kept")
    MANAGE_WORKSPACE = "manage_workspace", _("Change or delete the workspace")


class Scope(models.TextChoices):
    """What an API token may be given; each stands for a set of actions."""

    READ = "read", _("Read reports, plan and tracking")
    PLAN = "plan", _("Edit plan, goals and targets")
    TRACKING = "tracking", _("Edit sources and import events")
    PERSONS = "persons", _("Look up, export and erase persons")
    MANAGE = "manage", _("Manage members and API tokens, read the audit trail")


_SEE: Final = frozenset({Action.SEE_REPORTS, Action.EXPORT, Action.SEE_TRACKING})
_EDIT: Final = frozenset({
    Action.PROPOSE, Action.ANNOTATE, Action.ALERT, Action.EDIT_PLAN, Action.EDIT_TRACKING, Action.SHARE,
    Action.SEE_AUDIT, Action.INVITE,
})  # fmt: skip
_RUN: Final = frozenset({Action.MANAGE_MEMBERS, Action.MANAGE_TOKENS, Action.HANDLE_PERSONS, Action.MANAGE_WORKSPACE})

MAY: Final[dict[Role, frozenset[Action]]] = {
    Role.OWNER: _SEE | _EDIT | _RUN,
    Role.LEAD: _SEE | _EDIT,
    Role.CONTRIBUTOR: _SEE | {Action.PROPOSE, Action.ANNOTATE, Action.ALERT},
    Role.VIEWER: _SEE,
}

SCOPE_MAY: Final[dict[Scope, frozenset[Action]]] = {
    Scope.READ: _SEE,
    Scope.PLAN: frozenset({Action.PROPOSE, Action.ANNOTATE, Action.ALERT, Action.EDIT_PLAN}),
    Scope.TRACKING: frozenset({Action.EDIT_TRACKING}),
    Scope.PERSONS: frozenset({Action.HANDLE_PERSONS}),
    Scope.MANAGE: frozenset({Action.INVITE, Action.MANAGE_MEMBERS, Action.MANAGE_TOKENS, Action.SEE_AUDIT}),
}


def roles_to_give(role: str) -> tuple[Role, ...]:
    """Give the roles in which a member of this role may invite, the usual first: who runs the workspace gives all."""
    actions = MAY[Role(role)]
    if Action.MANAGE_MEMBERS in actions:
        return (Role.CONTRIBUTOR, Role.VIEWER, Role.LEAD, Role.OWNER)
    return (Role.CONTRIBUTOR, Role.VIEWER) if Action.INVITE in actions else ()
