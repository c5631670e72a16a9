"""Pages of reports that are kept: rendered once for many, right for each reader, never of before a change by hand."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from goals.models import Goal
from reports import filling
from reports import overview as overview_figures
from tests.builders import make_member, make_token
from tests.reports.lake import NOW, hit, make_goal, store
from tests.reports.views.test_pages import SALE, make_kpi
from workspaces import background, kept, scope
from workspaces.models import Membership, Workspace
from workspaces.roles import Role, Scope

pytestmark = pytest.mark.django_db(transaction=True)
BOARD = "/w/fjellsport/kpis/"


@pytest.fixture(autouse=True)
def _kept(settings: Any, own_folder: Path) -> Iterator[None]:  # pytest-django's own
    folder = {**settings.CACHES["pages"], "LOCATION": str(own_folder / "pages")}
    settings.CACHES = {**settings.CACHES, "pages": folder}
    settings.PAGES_KEPT_SECONDS = 600
    yield
    caches["default"].clear()  # its table is no model's


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the workspace of each time that the board was computed."""
    made: list[int] = []
    compute = overview_figures.board_of

    def counted(workspace: Workspace, **rest: Any) -> Any:  # as board_of
        made.append(workspace.pk)
        return compute(workspace, **rest)

    monkeypatch.setattr(overview_figures, "board_of", counted)
    return made


@pytest.fixture
def shown(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    make_kpi(goal)
    store(shop, [hit("anna", minutes=1, **SALE)])
    filling.fill(shop.pk, now=NOW)
    return goal


def browser_of(member: Membership, **more: Any) -> Client:
    client = Client(**more)
    client.force_login(member.user)
    return client


def seen(client: Client, address: str = BOARD) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def settled() -> None:
    """Wait until what was begun behind a request is done."""
    assert background._LINE.worker is not None
    background._LINE.worker.submit(lambda: None).result()


def test_members_of_a_role_share_a_page_and_each_has_their_own_name_and_token(
    shop: Workspace, shown: Goal, lead: Membership, rendered: list[int]
) -> None:
    other = make_member(shop, "other@example.com", Role.LEAD)
    first, second = browser_of(lead, enforce_csrf_checks=True), browser_of(other, enforce_csrf_checks=True)
    pages = [seen(first), seen(second), seen(second)]
    assert rendered == [shop.pk]
    assert [f">{lead.user}<" in page for page in pages] == [True, False, False]
    assert [f">{other.user}<" in page for page in pages] == [False, True, True]
    one, two = (re.search(r'"X-CSRFToken": "(\w+)"', page).group(1) for page in pages[:2])  # type: ignore[union-attr]
    away = "/w/fjellsport/plan/checklist/hide/"
    assert second.post(away, headers={"X-CSRFToken": one}).status_code == 403
    assert second.post(away, headers={"X-CSRFToken": two}).status_code != 403
    strip = re.compile(rf"\w{{64}}|>({lead.user}|{other.user}|L|O)<")
    assert strip.sub("", pages[0]) == strip.sub("", pages[1]) == strip.sub("", pages[2])


def test_role_language_address_and_part_have_pages_of_their_own(
    shown: Goal, lead: Membership, viewer: Membership, rendered: list[int]
) -> None:
    client = browser_of(lead)
    whole = seen(client)
    assert "alert" in whole
    seen(browser_of(viewer))
    assert "Mål" in browser_of(lead).get(BOARD, headers={"Accept-Language": "nb"}).content.decode()
    part = client.get(BOARD, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    seen(client, f"{BOARD}?x=1")
    assert len(rendered) == 5
    assert client.get(BOARD, headers={"HX-Request": "true"}).content.decode() == part
    assert len(rendered) == 5


def test_nobody_sees_what_is_kept_for_others(shown: Goal, lead: Membership, outsider: Membership) -> None:
    seen(browser_of(lead))
    assert browser_of(outsider).get(BOARD).status_code == 404
    assert Client().get(BOARD).status_code == 302
    assert browser_of(lead).post(BOARD).status_code == 405


@pytest.mark.parametrize("is_api", [False, True])
def test_a_change_by_hand_is_seen_by_all_at_once(
    shop: Workspace, shown: Goal, lead: Membership, viewer: Membership, rendered: list[int], is_api: bool
) -> None:
    reader = browser_of(viewer)
    assert "Reached through" not in seen(reader)
    name = "Reached through the API" if is_api else "Reached through a page"
    if is_api:
        secret = make_token(lead, Scope.PLAN)
        sent = Client().post(
            "/api/v1/kpis", {"name": name, "goal": shown.slug, "measure": "count"},
            content_type="application/json", headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        assert sent.status_code == 201, sent.content
    else:
        with scope.in_workspace(shop.pk):
            make_kpi(shown, name)
        browser_of(lead).post("/w/fjellsport/plan/checklist/hide/")
    assert name in seen(reader)
    assert len(rendered) == 2


def test_new_figures_are_rendered_behind_the_one_who_sees_the_old_page(
    shop: Workspace, shown: Goal, viewer: Membership, rendered: list[int]
) -> None:
    client = browser_of(viewer)
    before = seen(client)
    store(shop, [hit("berit", minutes=2, **SALE), hit("cato", minutes=3, **SALE)])
    filling.fill(shop.pk, now=NOW)
    assert seen(client) == before or "csrf" in before
    settled()
    assert len(rendered) == 2
    after = seen(client)
    assert len(rendered) == 2
    told = re.compile(r"data [\d.]+")
    assert told.findall(before) != told.findall(after)


def test_many_who_ask_at_once_have_it_rendered_once(shown: Goal, lead: Membership, rendered: list[int]) -> None:
    clients = [browser_of(lead) for _ in range(6)]

    def look(client: Client) -> int:
        try:
            return client.get(BOARD).status_code
        finally:
            connection.close()  # of this thread

    with ThreadPoolExecutor(6) as readers:
        assert list(readers.map(look, clients)) == [200] * 6
    assert len(rendered) < 6


def test_a_fault_in_the_address_and_what_is_erased_are_not_kept(
    shown: Goal, lead: Membership, rendered: list[int]
) -> None:
    client, pages = browser_of(lead), caches["pages"]
    assert client.get("/w/fjellsport/goals/sale/?model=none").status_code == 400
    assert not pages._list_cache_files()  # type: ignore[attr-defined]  # of Django's file cache
    seen(client)
    assert pages._list_cache_files()  # type: ignore[attr-defined]
    kept.forget()
    assert not pages._list_cache_files()  # type: ignore[attr-defined]
    seen(client)
    assert len(rendered) == 2


def test_a_full_disk_costs_time_and_no_answer(
    shown: Goal, lead: Membership, rendered: list[int], own_folder: Path
) -> None:
    own_folder.mkdir(parents=True, exist_ok=True)
    (own_folder / "pages").write_text("a file where the folder should be")
    client = browser_of(lead)
    assert seen(client)
    assert seen(client)
    assert len(rendered) == 2
