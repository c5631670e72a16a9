"""Addresses of people, workspaces, members, tokens, notifications and the audit trail."""

from django.urls import path
from django.views.i18n import set_language

from workspaces import api
from workspaces.views import audit, home, invitations, notifications, team, tokens

app_name = "workspaces"

urlpatterns = [
    path("", home.home, name="home"),
    path("workspaces/new/", home.create, name="create"),
    path("profile/", home.profile, name="profile"),
    path("language/", set_language, name="language"),
    path("resume/<str:key>/", home.resume, name="resume"),
    path("join/<str:secret>/", invitations.join, name="join"),
    path("w/<slug:workspace>/settings/", team.settings, name="settings"),
    path("w/<slug:workspace>/members/", team.people, name="members"),
    path("w/<slug:workspace>/members/leave/", team.leave, name="leave"),
    path("w/<slug:workspace>/members/<int:member>/", team.member, name="member"),
    path("w/<slug:workspace>/members/<int:member>/remove/", team.remove, name="member-remove"),
    path("w/<slug:workspace>/invitations/new/", invitations.invite, name="invite"),
    path("w/<slug:workspace>/invitations/<int:invitation>/resend/", invitations.send_again, name="invitation-resend"),
    path("w/<slug:workspace>/invitations/<int:invitation>/withdraw/", invitations.withdraw, name="invitation-withdraw"),
    path("w/<slug:workspace>/tokens/", tokens.listing, name="tokens"),
    path("w/<slug:workspace>/tokens/new/", tokens.create, name="token-new"),
    path("w/<slug:workspace>/tokens/<int:token>/revoke/", tokens.revoke, name="token-revoke"),
    path("w/<slug:workspace>/audit/", audit.trail, name="audit"),
    path("w/<slug:workspace>/notifications/", notifications.listing, name="notifications"),
    path("w/<slug:workspace>/notifications/read/", notifications.read_all, name="notifications-read"),
    path("w/<slug:workspace>/notifications/settings/", notifications.settings, name="notification-settings"),
    path("w/<slug:workspace>/notifications/<uuid:notification>/", notifications.follow, name="notification"),
]

api_patterns = [
    path("members", api.Members.as_view(), name="api-members"),
    path("members/<int:member>", api.Member.as_view(), name="api-member"),
    path("invitations", api.Invitations.as_view(), name="api-invitations"),
    path("invitations/<int:invitation>", api.InvitationView.as_view(), name="api-invitation"),
    path("tokens", api.Tokens.as_view(), name="api-tokens"),
    path("tokens/<int:token>", api.Token.as_view(), name="api-token"),
    path("audit", api.Audit.as_view(), name="api-audit"),
]
