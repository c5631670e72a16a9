"""Data-driven models on page, CSV and API: against the command on paths that plain loops made, and how runs go."""

import csv
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from analysis.attribution.datadriven import DATA_DRIVEN
from goals.models import Goal
from reports import figures, filling, running
from reports.asked import defaults_of
from reports.attribution import learned, question, working
from reports.attribution.learning import LEARNED
from reports.models import Run, RunState
from tests.builders import make_token
from tests.measureplan.attribute_cases import run_paths
from tests.reports.asks import cells, csv_rows
from tests.reports.attribution.asks import RANGE, answered, filled, found
from tests.reports.lake import AD_KINDS, NOW, Hit, hit, make_goal, sittings, store
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace
from workspaces.roles import Scope

PAGE, API = "/w/fjellsport/attribution/", "/api/v1/reports/attribution/sale"
CHANNELS = ("email", "paid_search", "organic_search", "", "display", "referral")
DRAWS = {"draws": "40", "seed": "7"}


def crowd() -> list[Hit]:
    """Give ninety people with visits and ad impressions, of whom a third buys, some twice; and a refund."""
    hits = []
    for n in range(90):
        person = f"q{n:02}"
        hits += [
            hit(person, days=n / 9 + visit * 2, channel=CHANNELS[(n * 5 + visit * (1 + n % 2)) % 6])
            for visit in range(1 + n % 4)
        ]
        if n % 5 == 0:
            hits.append(hit(person, days=n / 9 + 0.5, name="ad_impression", channel="display"))
        if n % 3 == 0:
            sale = {"name": "purchase", "value": 100 + n, "transaction": f"t{n}"}
            hits.append(hit(person, days=n / 9 + 6, minutes=9, **sale))
        if n % 12 == 0:
            hits.append(hit(person, days=n / 9 + 7, minutes=9, name="purchase", value=50, transaction=f"s{n}"))
    hits.append(hit("q03", days=12, name="refund", value=-40, transaction="t3", refund=True))
    hits.append(hit("buys only", days=3, name="purchase", value=5, transaction="alone"))
    return hits


def walks(hits: list[Hit], *, view: int = 1, click: int = 30) -> list[tuple[tuple[str, ...], float, bool]]:
    """Give path, value and whether it converted of every journey, by plain loops over the hits."""
    touches: dict[str, list[tuple[Any, str, int]]] = {}
    for sitting in sittings(hits):
        for each in sitting:
            if each is sitting[0] or each.channel:
                touches.setdefault(each.person, []).append((each.at, each.channel or "direct", click))
    for each in hits:
        if each.name in AD_KINDS:
            touches.setdefault(each.person, []).append((each.at, each.channel, view))
    sales = [each for each in hits if each.name == "purchase"]
    ends = [(each.person, each.at, float(each.value or 0), True) for each in sales]
    buyers = {each.person for each in sales}
    ends += [(person, max(mine)[0], 0.0, False) for person, mine in touches.items() if person not in buyers]
    journeys = []
    for person, at, value, converted in ends:
        inside = [
            channel
            for t, channel, days in sorted(touches.get(person, []))
            if timedelta() <= at - t <= timedelta(days=days)
        ]
        others = [channel for channel in inside if channel != "direct"]
        journeys.append((tuple(others or inside), value, converted))
    return journeys


def as_file(journeys: list[tuple[tuple[str, ...], float, bool]], file: Path) -> Path:
    """Write the paths as `measureplan attribute` takes them, summed."""
    won, worth, lost = Counter[str](), Counter[str](), Counter[str]()
    for path, value, converted in journeys:
        text = " > ".join(path)
        won[text] += converted
        lost[text] += not converted
        worth[text] += value  # type: ignore[assignment]  # a Counter of floats
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["path", "total_conversions", "total_conversion_value", "total_null"])
        writer.writerows([text, won[text], worth[text], lost[text]] for text in sorted({*won, *lost}))
    return file


@pytest.fixture
def goal(shop: Workspace) -> Goal:
    goal = make_goal(shop)
    filled(shop, crowd())
    return goal


@pytest.fixture
def browser(lead: Membership) -> Client:
    client = Client()
    client.force_login(lead.user)
    return client


def ordered(shop: Workspace, goal: Goal, **params: str) -> question.Asked:
    """Order what the question needs of a worker."""
    with scope.in_workspace(shop.pk):
        asked = question.read(RANGE | DRAWS | params, defaults_of(shop, goal, now=NOW))
        learned.order(goal, asked, by=None, now=NOW)
    return asked


def runs(shop: Workspace) -> list[Run]:
    with scope.in_workspace(shop.pk):
        return list(Run.objects.filter(kind="model").select_related("workspace").order_by("pk"))


def worked(shop: Workspace) -> None:
    """Do what a worker does with all that waits."""
    for run in runs(shop):
        working.work(shop.pk, run.pk, now=NOW)


def test_the_page_offers_the_models_of_the_registry() -> None:
    assert tuple(DATA_DRIVEN) == LEARNED


@pytest.mark.parametrize(
    ("params", "options"),
    [
        ({}, []),
        ({"order": "2"}, ["--order", "2"]),
        ({"order": "3", "split": "journey"}, ["--order", "3", "--split", "journey"]),
        ({"transform": "collapse,drop=direct"}, ["--transform", "collapse", "--transform", "drop=direct"]),
        ({"transform": "strip=referral,last=2"}, ["--transform", "strip=referral", "--transform", "last=2"]),
        ({"transform": "once"}, ["--transform", "once"]),
    ],
    ids=["defaults", "order 2", "order 3 by journey", "collapse and drop", "strip and last", "once"],
)
def test_every_model_says_what_the_command_says_of_the_same_paths(
    shop: Workspace, goal: Goal, tmp_path: Path, params: dict[str, str], options: list[str]
) -> None:
    asked = ordered(shop, goal, models=",".join(("last", *LEARNED)), draws="off", **params)
    worked(shop)
    result = found(shop, goal, models=",".join(("last", *LEARNED)), draws="off", seed="7", **params)
    assert result.models == ("last", *LEARNED)
    file = as_file(walks(crowd()), tmp_path / "paths.csv")
    told = run_paths(file, LEARNED, *options)["models"]
    for model in LEARNED:
        place = asked.models.index(model)
        credited = {row.key: row.cells[place] for row in result.rows}
        for key, row in told[model].items():
            assert credited[key].conversions == pytest.approx(row["conversions"], abs=1e-9), (model, key)
            assert credited[key].value / 1e6 == pytest.approx(row["value"], abs=1e-5), (model, key)
        assert {key for key, cell in credited.items() if cell.conversions} <= set(told[model]), model


def test_page_file_and_api_say_the_same(shop: Workspace, goal: Goal, browser: Client, lead: Membership) -> None:
    params = RANGE | DRAWS | {"models": "last,markov,shapley_of_all", "base": "last"}
    browser.get(PAGE, params)
    worked(shop)
    result = found(shop, goal, **params)
    page = cells(browser.get(PAGE, params).content.decode(), "models-table")
    sheet = csv_rows(browser.get("/w/fjellsport/attribution.csv", params).content)
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    told = program.get(API, params).json()
    place = sheet[0].index("Markov removal effect, order 1, over all paths: Conversions")
    for shown, line, row, out in zip(page[2:-1], sheet[1:-2], result.rows, told["rows"], strict=True):
        cell, sent = row.cells[1], out["models"][1]
        assert sent["model"] == "markov"
        assert float(line[place]) == sent["conversions"] == cell.conversions, row.key
        assert round(float(line[place + 2]) * 1e6) == sent["value_micros"] == cell.value, row.key
        assert (float(line[place + 4]), float(line[place + 5])) == (sent["share_low"], sent["share_high"]), row.key
        assert cell.low is not None
        assert cell.high is not None
        assert cell.low <= cell.high
        assert shown[3].startswith(figures.count(cell.conversions).exact), row.key
        assert f"{figures.percent(cell.low).text} – {figures.percent(cell.high).text}" in shown[3], row.key
    assert float(sheet[-2][place]) == told["totals"]["conversions"] == told["learning"][0]["conversions"]
    assert sum(row["models"][1]["value_micros"] for row in told["rows"]) == result.value
    assert sum(row["models"][1]["value_net_micros"] for row in told["rows"]) == result.value_net
    assert [(each["state"], each["draws"], each["is_shown"]) for each in told["learning"]] == [("done", 40, True)] * 2
    assert told["learning"][0]["journeys"] == len(walks(crowd()))
    assert told["learning"][0]["unconverted"] == sum(not won for _, _, won in walks(crowd()))


def test_until_a_worker_has_answered_all_say_that_it_is_on_its_way(
    shop: Workspace, goal: Goal, browser: Client, lead: Membership
) -> None:
    params = RANGE | {"models": "last,markov"}
    page = browser.get(PAGE, params).content.decode()
    assert "A worker takes it up in a moment" in page
    assert 'hx-trigger="every 2s"' in page
    assert '<meta http-equiv="refresh"' in page
    assert "Linear" not in cells(page, "models-table")[0]
    assert browser.get("/w/fjellsport/attribution.csv", params).status_code == 503
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    told = program.get(API, params).json()
    assert [(each["model"], each["state"], each["is_shown"]) for each in told["learning"]] == [
        ("markov", "waiting", False)
    ]
    assert {cell["model"] for row in told["rows"] for cell in row["models"]} == {"last"}
    assert len(runs(shop)) == 1, "three looks order one computation"
    worked(shop)
    page = browser.get(PAGE, params).content.decode()
    assert "Learned from" in page
    assert "Credit is not cause." in page
    assert 'hx-trigger="every 2s"' not in page


def test_a_value_that_only_lost_journeys_met_has_a_row_and_all_adds_up(shop: Workspace) -> None:
    goal = make_goal(shop)
    hits = [hit("a", channel="referral"), hit("a", days=1, channel="email"), hit("b", channel="email")]
    filled(shop, [*hits, hit("b", minutes=1, name="purchase", value=9), hit("c"), hit("c", minutes=1, name="purchase")])
    ordered(shop, goal, models="last,markov", draws="off", direct="keep")
    worked(shop)
    result = found(shop, goal, models="last,markov", draws="off", seed="7", direct="keep")
    rows = {row.key: row for row in result.rows}
    # Nobody converted who met the referral, but from there it went on to e-mail, from where half converted.
    assert rows["referral"].influenced == 0
    assert rows["referral"].cells[1].conversions > 0
    assert sum(row.cells[1].conversions for row in result.rows) == pytest.approx(2, abs=1e-9)
    assert sum(row.cells[1].value for row in result.rows) == 9_000_000


def test_what_is_old_is_shown_with_its_version_and_computed_again_after_ten_minutes(
    shop: Workspace, goal: Goal
) -> None:
    params = {"models": "last,linear,markov", "draws": "off"}
    ordered(shop, goal, **params)
    worked(shop)
    before = runs(shop)[0]
    late = hit("q01", days=-3, minutes=8, name="purchase", value=1)
    store(shop, [*crowd(), late], new=[late])
    filling.fill(shop.pk, now=NOW)
    with scope.in_workspace(shop.pk):
        Run.objects.update(ended_at=NOW - timedelta(minutes=9))
    ordered(shop, goal, **params)
    assert runs(shop)[0].state == RunState.DONE
    result = answered(shop, goal, **params, seed="7")
    assert result.found
    assert result.found.learned["markov"].totals[0] == result.totals.conversions - 1
    with scope.in_workspace(shop.pk):
        Run.objects.update(ended_at=NOW - timedelta(minutes=11))
    ordered(shop, goal, **params)
    assert runs(shop)[0].state == RunState.WAITING
    worked(shop)
    (after,) = runs(shop)
    assert after.version != before.version
    assert found(shop, goal, **params, seed="7").learned["markov"].totals[0] == result.totals.conversions


def test_a_run_that_waits_is_cancelled_at_once_and_ordered_again_by_hand(
    shop: Workspace, goal: Goal, lead: Membership, browser: Client
) -> None:
    params = RANGE | {"models": "last,markov"}
    browser.get(PAGE, params)
    (run,) = runs(shop)
    with scope.in_workspace(shop.pk):
        assert running.cancel(run, by=lead, now=NOW)
        assert not running.cancel(run, by=lead, now=NOW)
        assert AuditEntry.objects.filter(act="cancelled").count() == 1
    worked(shop)
    assert "The computation was cancelled." in browser.get(PAGE, params).content.decode()
    assert runs(shop)[0].state == RunState.CANCELLED
    assert browser.post(f"{PAGE}again/?{urlencode(params)}").status_code == 302
    worked(shop)
    (run,) = runs(shop)
    assert (run.state, run.by_id) == (RunState.DONE, lead.pk)


def test_a_worker_obeys_a_cancel_at_its_next_step_and_the_result_before_stays(shop: Workspace, goal: Goal) -> None:
    ordered(shop, goal, models="last,markov", draws="off")
    worked(shop)
    before = runs(shop)[0].result
    with scope.in_workspace(shop.pk):
        Run.objects.update(state=RunState.WAITING, ended_at=None)
    (waits,) = runs(shop)
    with running.taken(shop.pk, waits.pk, now=NOW) as run:
        assert run
        with scope.in_workspace(shop.pk):
            assert running.cancel(run, by="system", now=NOW)
        running.Line(run).tell(3, 10)
        pytest.fail("the worker went on")
    (after,) = runs(shop)
    assert (after.state, after.result) == (RunState.CANCELLED, before)


def test_a_run_whose_worker_died_is_swept_up_and_given_up_after_three(shop: Workspace, goal: Goal) -> None:
    ordered(shop, goal, models="last,markov", draws="off")
    (run,) = runs(shop)
    with scope.in_workspace(shop.pk):
        Run.objects.update(state=RunState.RUNNING, attempts=1, heartbeat_at=NOW - timedelta(seconds=30))
    assert running.waiting(shop.pk, now=NOW) == []
    assert running.waiting(shop.pk, now=NOW + timedelta(minutes=5)) == [run.pk]
    worked(shop)
    assert runs(shop)[0].state == RunState.DONE
    with scope.in_workspace(shop.pk):
        Run.objects.update(state=RunState.RUNNING, attempts=3)
    worked(shop)
    (run,) = runs(shop)
    assert run.state == RunState.FAILED
    assert "broke off 3 times" in run.fault


def test_what_is_too_much_fails_with_a_sentence(
    shop: Workspace, goal: Goal, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "MOST_KEYS", 3)
    params = RANGE | {"models": "last,shapley"}
    browser.get(PAGE, params)
    worked(shop)
    page = browser.get(PAGE, params).content.decode()
    assert "data-driven models take up to 3" in page
    assert "Compute again" in page


def test_runs_are_forgotten_when_nobody_looks(shop: Workspace, goal: Goal) -> None:
    ordered(shop, goal, models="last,markov", draws="off")
    worked(shop)
    running.purge(shop.pk, now=NOW + timedelta(days=29))
    assert len(runs(shop)) == 1
    running.purge(shop.pk, now=NOW + timedelta(days=31))
    assert runs(shop) == []


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"order": "4"}, "order"),
        ({"split": "half"}, "split"),
        ({"transform": "drop"}, "transform"),
        ({"draws": "7"}, "draws"),
        ({"seed": "-1"}, "seed"),
        ({"base": "markov"}, "base"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_settings_that_mean_nothing_are_refused(
    goal: Goal, lead: Membership, params: dict[str, str], field: str
) -> None:
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ)}"})
    response = program.get(API, RANGE | {"models": "last,markov"} | params)
    assert response.status_code == 400
    assert [each["pointer"] for each in response.json()["errors"]] == [f"?{field}"]


def test_the_settings_stand_in_the_address(shop: Workspace, goal: Goal) -> None:
    asked = ordered(shop, goal, models="last,markov", order="2", transform="collapse,drop=direct", draws="200")
    with scope.in_workspace(shop.pk):
        assert question.read(asked.params(), defaults_of(shop, goal, now=NOW), strict=True) == asked
    assert "order" not in question.read(asked.params() | {"models": "last"}, defaults_of(shop, goal, now=NOW)).params()


def test_an_operator_sees_what_runs_and_ends_it(
    shop: Workspace, goal: Goal, browser: Client, lead: Membership, viewer: Membership
) -> None:
    browser.get(PAGE, RANGE | {"models": "last,markov,shapley"})
    page = browser.get("/w/fjellsport/runs/").content.decode()
    rows = cells(page, "runs-table")
    assert [row[0] for row in rows[1:]] == ["ShapleySale", "Markov removal effectSale", "Figures of goals"]
    assert all("Waiting for a worker" in row[1] for row in rows[1:3])
    one, other = runs(shop)
    assert browser.post(f"/w/fjellsport/runs/{one.pk}/cancel/").status_code == 302
    watcher = Client()
    watcher.force_login(viewer.user)
    assert "Cancelled" in watcher.get("/w/fjellsport/runs/").content.decode()
    assert watcher.post(f"/w/fjellsport/runs/{other.pk}/cancel/").status_code == 403
    program = Client(headers={"Authorization": f"Bearer {make_token(lead, Scope.READ, Scope.TRACKING)}"})
    listed = program.get("/api/v1/reports/runs", {"kind": "model"}).json()["results"]
    assert [(each["goal"], each["state"]) for each in listed] == [("sale", "waiting"), ("sale", "cancelled")]
    told = program.post(f"/api/v1/reports/runs/{other.pk}/cancel").json()
    assert (told["state"], told["id"]) == ("cancelled", other.pk)
    with scope.in_workspace(shop.pk):
        assert AuditEntry.objects.filter(act="cancelled").count() == 2
