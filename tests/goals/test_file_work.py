"""Big files: a worker tries and takes them in; whoever waits sees how far it is, and nothing is done twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from goals import file_work, taking_in
from goals.models import FileState, Kpi, Plan, PlanFile
from goals.taking_in import AppliedAlready, PlanMoved, UnderWay
from tests.goals.makers import NOW, make_goal
from tests.goals.sheets.files import DMMM, csv
from tests.goals.test_taking_in import counted, received, taken_in
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Notification

BIG: list[list[Any]] = [["Macro goal", "KPI", "Measure"], *([f"Goal {n}", f"Orders {n}", "Count"] for n in range(160))]
WRONG = [*BIG, ["Lead", "Revenue", "Value"]]


def again(file: PlanFile) -> PlanFile:
    with scope.in_workspace(file.workspace_id):
        return PlanFile.objects.select_related("workspace", "member__user").get(pk=file.pk)


def checked(lead: Membership, rows: Any = BIG) -> PlanFile:
    file = received(lead, "plan.csv", csv(rows))
    file_work.check(file.workspace_id, file.pk, now=NOW)
    return again(file)


def ordered(lead: Membership, rows: Any = BIG, **more: Any) -> PlanFile:
    file = checked(lead, rows)
    assert taken_in(file, **more) is None
    return again(file)


def kpis(lead: Membership) -> int:
    with scope.in_workspace(lead.workspace_id):
        return Kpi.objects.count()


def heard(member: Membership) -> list[tuple[str, str]]:
    with scope.in_workspace(member.workspace_id):
        return list(Notification.objects.filter(membership=member).order_by("created_at").values_list("title", "path"))


def test_whoever_waits_hears_when_there_is_something_to_see(lead: Membership, plan: Plan) -> None:
    file = ordered(lead)
    file_work.take_in(file.workspace_id, file.pk, now=NOW + timedelta(minutes=1))
    page = f"/w/{lead.workspace.slug}/plan/files/{file.pk}/"
    assert heard(lead) == [("plan.csv was compared with the plan", page), ("plan.csv is in the plan", page)]


def test_a_small_file_tells_nobody_what_its_page_says(lead: Membership, plan: Plan) -> None:
    taken_in(received(lead, "plan.csv", csv(DMMM)))
    assert heard(lead) == []


def test_a_small_file_is_tried_at_once(lead: Membership, plan: Plan) -> None:
    assert received(lead, "plan.csv", csv(DMMM)).state == FileState.CHECKED


def test_a_big_file_waits_for_its_dry_run_and_then_to_be_taken_in(lead: Membership, plan: Plan) -> None:
    file = received(lead, "plan.csv", csv(BIG))
    assert (file.state, file.result, file.is_under_way) == (FileState.WAITS, {}, True)
    file_work.check(file.workspace_id, file.pk, now=NOW)
    file = again(file)
    assert (file.state, counted(file), kpis(lead)) == (FileState.CHECKED, (320, 0, 0, 0), 0)
    assert taken_in(file) is None
    assert (again(file).state, kpis(lead)) == (FileState.ORDERED, 0)
    file_work.take_in(file.workspace_id, file.pk, now=NOW)
    file = again(file)
    assert (file.state, file.applied_at, file.result["written"], kpis(lead)) == (FileState.DONE, NOW, 320, 160)
    with scope.in_workspace(lead.workspace_id):
        made = AuditEntry.objects.filter(act="created", actor=lead.user, subject_type__in=("goal", "kpi"))
        assert made.count() == 320


def test_a_file_in_a_worker_s_hands_is_left_alone(lead: Membership, plan: Plan) -> None:
    file = ordered(lead)
    with pytest.raises(UnderWay):
        taken_in(file)
    with scope.in_workspace(lead.workspace_id), pytest.raises(UnderWay):
        taking_in.check_again(file, taking_in.reading_of(file), now=NOW)


def test_a_task_that_comes_twice_does_nothing_the_second_time(lead: Membership, plan: Plan) -> None:
    file = ordered(lead)
    for _time in range(2):
        file_work.take_in(file.workspace_id, file.pk, now=NOW)
        file_work.check(file.workspace_id, file.pk, now=NOW)
    assert (again(file).state, kpis(lead)) == (FileState.DONE, 160)
    with pytest.raises(AppliedAlready):
        taken_in(file)


def test_a_plan_that_moved_meanwhile_is_not_written_over(lead: Membership, plan: Plan) -> None:
    file = ordered(lead)
    make_goal(plan, "Meanwhile")
    file_work.take_in(file.workspace_id, file.pk, now=NOW)
    file = again(file)
    assert (file.state, kpis(lead)) == (FileState.FAILED, 0)
    assert "changed since" in file.fault
    with pytest.raises(PlanMoved):
        taken_in(file)
    with scope.in_workspace(lead.workspace_id):
        taking_in.check_again(file, taking_in.reading_of(file), now=NOW)
    file_work.check(file.workspace_id, file.pk, now=NOW)
    assert again(file).state == FileState.CHECKED


def test_the_good_rows_of_a_big_file_go_in_on_a_word(lead: Membership, plan: Plan) -> None:
    file = ordered(lead, WRONG, good_rows_only=True)
    assert file.result["rejected"] == 1
    file_work.take_in(file.workspace_id, file.pk, now=NOW)
    assert (again(file).state, kpis(lead)) == (FileState.DONE, 160)


def test_what_a_worker_says_is_in_the_words_of_whoever_waits(lead: Membership, plan: Plan) -> None:
    lead.user.language = "nb"
    lead.user.save()
    file = checked(lead, WRONG)
    assert [reject["reason"] for reject in file.result["rejects"]] == [
        "Dette målet har ingen verdi; gi det en først, eller mål konverteringer eller konverteringsraten."
    ]


def test_a_file_that_brings_its_worker_down_is_given_up(lead: Membership, plan: Plan) -> None:
    file = received(lead, "plan.csv", csv(BIG))
    with scope.in_workspace(lead.workspace_id):
        PlanFile.objects.update(state=FileState.CHECKING, attempts=3)
    file_work.check(file.workspace_id, file.pk, now=NOW)
    assert again(file).state == FileState.FAILED
    assert "broke off 3 times" in again(file).fault
    assert [title for title, _page in heard(lead)] == ["plan.csv could not be taken in"]


def test_the_sweep_finds_files_that_nobody_is_at(lead: Membership, plan: Plan) -> None:
    file = received(lead, "plan.csv", csv(BIG))
    workspace = lead.workspace_id
    assert file_work.waiting(workspace, now=NOW) == [("goals.check_file", file.pk)]
    with scope.in_workspace(workspace):
        PlanFile.objects.update(state=FileState.APPLYING, heartbeat_at=NOW - timedelta(seconds=5))
    assert file_work.waiting(workspace, now=NOW) == []
    assert file_work.waiting(workspace, now=NOW + timedelta(minutes=2)) == [("goals.take_in_file", file.pk)]


def test_a_file_is_forgotten_thirty_days_after_its_last_use(lead: Membership, plan: Plan) -> None:
    used = received(lead, "used.csv", csv(DMMM))
    waits = received(lead, "waits.csv", csv(BIG))
    with scope.in_workspace(lead.workspace_id):
        taking_in.check_again(used, taking_in.reading_of(used), now=NOW + timedelta(days=10))
    received(lead, "old.csv", csv(DMMM))
    assert file_work.purge(lead.workspace_id, now=NOW + timedelta(days=30)) == 0
    assert file_work.purge(lead.workspace_id, now=NOW + timedelta(days=31)) == 1
    with scope.in_workspace(lead.workspace_id):
        assert set(PlanFile.objects.values_list("pk", flat=True)) == {used.pk, waits.pk}


def test_the_page_shows_how_far_it_is_and_works_without_scripts(lead: Membership, plan: Plan, browser_of: Any) -> None:
    browser: Client = browser_of(lead)
    answer = browser.post("/w/fjellsport/plan/files/new/", {"file": SimpleUploadedFile("plan.csv", csv(BIG))})
    address = answer["Location"]
    shown = browser.get(address).content.decode()
    assert "Waiting for its dry run" in shown
    assert 'hx-trigger="every 1s"' in shown
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in shown
    with scope.in_workspace(lead.workspace_id):
        PlanFile.objects.update(state=FileState.CHECKING, rows_done=80, rows_total=321)
    part = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "80 of 321" in part
    assert "<html" not in part
    with scope.in_workspace(lead.workspace_id):
        file = PlanFile.objects.get()
    file_work.check(file.workspace_id, file.pk, now=NOW)
    assert "What would change" in browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert browser.post(f"{address}apply/", {})["Location"] == address
    file_work.take_in(file.workspace_id, file.pk, now=NOW)
    done = browser.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "It was taken into the plan" in done
    assert "every 1s" not in done


def test_a_failed_file_says_why_and_can_be_checked_again(lead: Membership, plan: Plan, browser_of: Any) -> None:
    file = received(lead, "plan.csv", csv(BIG))
    with scope.in_workspace(lead.workspace_id):
        PlanFile.objects.update(state=FileState.FAILED, fault="The roof came down.")
    shown = browser_of(lead).get(f"/w/fjellsport/plan/files/{file.pk}/").content.decode()
    assert "The roof came down." in shown
    assert "Check again" in shown
    assert "Take it in</button>" not in shown
