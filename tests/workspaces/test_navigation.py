"""The navigation shows what the member may see and what exists: no dead link, no other's door."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import include, path

from workspaces.navigation import navigation, sections
from workspaces.roles import MAY, Role


def page(_request: object, **_parts: object) -> HttpResponse:
    return HttpResponse()


# Two apps of a smaller version: it has goals, an overview, an audit page and settings, and none of the rest.
overview = path("w/<slug:workspace>/", page, name="overview")
reports = ([overview, path("w/<slug:workspace>/goals/", page, name="goals")], "reports")
workspaces = (
    [
        path("w/<slug:workspace>/audit/", page, name="audit"),
        path("w/<slug:workspace>/settings/", page, name="settings"),
    ],
    "workspaces",
)
urlpatterns = [path("", include(reports)), path("", include(workspaces))]

pytestmark = pytest.mark.urls(__name__)


def shown(role: Role, path: str = "/w/fjellsport/") -> dict[str, bool]:
    """Give the labels shown, each with whether it is current."""
    found = sections("fjellsport", path, MAY[role])
    return {str(link.label): link.is_current for section in found for link in section.links}


def test_pages_that_do_not_exist_are_not_linked() -> None:
    assert list(shown(Role.OWNER)) == ["Overview", "Goals", "Audit", "Workspace"]


def test_a_viewer_does_not_see_the_door_to_the_audit() -> None:
    assert "Audit" not in shown(Role.VIEWER)


def test_only_an_owner_sees_the_door_to_the_workspaces_settings() -> None:
    assert [role for role in Role if "Workspace" in shown(role)] == [Role.OWNER]


def test_a_group_without_items_has_no_heading() -> None:
    assert [str(section.label) for section in sections("fjellsport", "/", MAY[Role.VIEWER])] == ["", "Results"]


@pytest.mark.parametrize(
    ("path", "current"),
    [("/w/fjellsport/", "Overview"), ("/w/fjellsport/goals/", "Goals"), ("/w/fjellsport/goals/purchase/", "Goals")],
)
def test_the_item_above_the_page_is_current(path: str, current: str) -> None:
    assert [label for label, is_current in shown(Role.OWNER, path).items() if is_current] == [current]


def test_outside_a_workspace_there_is_no_navigation(rf: RequestFactory) -> None:
    context: dict[str, Any] = navigation(rf.get("/accounts/login/"))
    assert not list(context["navigation"])
    assert context["may"] == set()
