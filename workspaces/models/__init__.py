"""Rows of workspaces: people, teams, tokens, and the record of what they did."""

from workspaces.models.audit import AuditEntry
from workspaces.models.file_work import FileWork
from workspaces.models.notification import Notification, NotificationSetting, QuietHours
from workspaces.models.owned import Owned
from workspaces.models.reply import IdempotentReply
from workspaces.models.submission import Submission
from workspaces.models.token import ApiToken
from workspaces.models.user import User
from workspaces.models.workspace import Invitation, Membership, Workspace

__all__ = [
    "ApiToken",
    "AuditEntry",
    "FileWork",
    "IdempotentReply",
    "Invitation",
    "Membership",
    "Notification",
    "NotificationSetting",
    "Owned",
    "QuietHours",
    "Submission",
    "User",
    "Workspace",
]
