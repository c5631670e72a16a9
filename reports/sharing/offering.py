"""Puts the ways to share a report, to mail it, and to keep it as it is, into its control row, for those who may."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from reports.controls import Controls
from workspaces.access import MemberRequest
from workspaces.roles import Action


def offered(request: MemberRequest, controls: Controls, report: str, params: Mapping[str, str]) -> Controls:
    """Give the control row with these ways; `params` are those of the report's address."""
    if not request.may(Action.SHARE):
        return controls
    slug, query = request.workspace.slug, urlencode({"report": report, **params})
    return replace(
        controls,
        share_url=f"{reverse('reports:share', args=[slug])}?{query}",
        mail_url=f"{reverse('reports:schedule-new', args=[slug])}?{query}",
        keep_url=f"{reverse('reports:snapshot-new', args=[slug])}?{query}",
    )
