"""Puts the way to share a report into its control row, for those who may."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from django.urls import reverse

from reports.controls import Controls
from workspaces.access import MemberRequest
from workspaces.roles import Action


def offered(request: MemberRequest, controls: Controls, report: str, params: Mapping[str, str]) -> Controls:
    """Give the control row with the way to share what it shows; `params` are those of the report's address."""
    if not request.may(Action.SHARE):
        return controls
    address = reverse("reports:share", args=[request.workspace.slug])
    return replace(controls, share_url=f"{address}?{urlencode({'report': report, **params})}")
