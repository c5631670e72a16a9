"""Taking in: what a file says is tried first, taken in whole or not at all, and once."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from goals import taking_in
from goals.document import Document, document_of
from goals.models import Goal, Kpi, Plan, PlanFile, Target
from goals.planning import current_plan
from goals.sheets.matching import match_book
from goals.sheets.opening import read_file
from goals.sheets.reading import Reading
from goals.sheets.xlsx_writing import workbook_of
from goals.taking_in import HasRejects, PlanMoved
from tests.builders import make_member
from tests.goals.makers import NOW, make_goal, make_kpi, make_target
from tests.goals.sheets.files import DMMM, NORWEGIAN, csv, saved, xlsx
from workspaces import scope
from workspaces.models import Membership, Workspace

FILES = "/w/fjellsport/plan/files/"


def received(lead: Membership, name: str, content: bytes, **more: Any) -> PlanFile:
    with scope.in_workspace(lead.workspace_id):
        return taking_in.receive(lead.workspace, name=name, content=content, by=lead, now=NOW, **more)


def taken_in(file: PlanFile, **more: Any) -> Any:
    with scope.in_workspace(file.workspace_id):
        return taking_in.take_in(file, by=file.member, now=NOW, **more)


def said(workspace: Workspace) -> Document:
    with scope.in_workspace(workspace.pk):
        plan = current_plan(workspace)
        assert plan is not None
        return document_of(plan)


def counted(file: PlanFile) -> tuple[int, int, int, int]:
    return tuple(file.result[key] for key in ("new", "changed", "unchanged", "rejected"))  # type: ignore[return-value]


def test_a_plan_of_five_steps_becomes_a_plan(lead: Membership, plan: Plan) -> None:
    file = received(lead, "plan.xlsx", xlsx(("Plan 2026", DMMM)))
    assert (file.result["rejects"], file.result["fault"]) == ([], "")
    taken_in(file)
    document = said(lead.workspace)
    assert [(row.name, row.level, row.objective) for row in document.goals] == [
        ("Order", "macro", "sell-more-shoes"), ("Newsletter", "macro", "sell-more-shoes"),
    ]  # fmt: skip
    assert [(row.name, row.measure, row.goal) for row in document.kpis] == [
        ("Orders", "count", "order"), ("Order rate", "rate", "order"), ("Sign-ups", "count", "newsletter"),
    ]  # fmt: skip
    assert [(row.kpi, row.value, row.segment, row.ends_on) for row in document.targets] == [
        ("orders", "400", "new-visitors", "2026-12-31"), ("order-rate", "3.4%", "", "2026-12-31"),
        ("sign-ups", "1200", "", "2026-12-31"),
    ]  # fmt: skip


def test_a_norwegian_sheet_of_cp1252_and_semicolons_is_understood(lead: Membership, plan: Plan) -> None:
    make_member(lead.workspace, "kari@example.com")
    file = received(lead, "måleplan.csv", csv(NORWEGIAN, encoding="cp1252"))
    assert (file.tables["encoding"], file.tables["delimiter"], file.result["decimal"]) == ("cp1252", ";", ",")
    assert file.result["rejects"] == []
    taken_in(file)
    document = said(lead.workspace)
    order, newsletter, guide = document.goals
    assert (order.name, order.owner, order.rationale) == ("Kjøp", "kari@example.com", "Det lever vi av")
    assert (newsletter.name, newsletter.supports, newsletter.department) == ("Nyhetsbrev", ("kjop",), "Marked")
    assert (guide.name, guide.supports) == ("Størrelsesguide", ("kjop",))
    assert [row.value for row in document.targets] == ["3.4%", "1200"]
    assert [row.data_source for row in document.kpis] == ["GA4", "Mailchimp"]


def test_the_same_file_again_changes_nothing(lead: Membership, plan: Plan) -> None:
    content = xlsx(("Plan 2026", DMMM))
    taken_in(received(lead, "plan.xlsx", content))
    before = said(lead.workspace)
    again = received(lead, "plan.xlsx", content)
    assert counted(again) == (0, 0, 10, 0)  # an objective, a segment, two goals, three KPIs, three targets
    assert taken_in(again).is_nothing
    assert said(lead.workspace) == before


def test_an_empty_workspace_gets_the_plan_of_the_file(lead: Membership, plan: Plan) -> None:
    make_target(make_kpi(make_goal(plan, "Order")))
    document = said(lead.workspace)
    content = workbook_of(document)
    with scope.in_workspace(lead.workspace_id):
        Plan.objects.filter(pk=plan.pk).delete()
    file = received(lead, "plan.xlsx", content)
    with scope.in_workspace(lead.workspace_id):
        assert not Plan.objects.exists()
    taken_in(file)
    assert said(lead.workspace) == document


def test_rows_that_a_rule_of_the_plan_refuses_are_named_and_the_rest_goes_in_on_a_word(
    lead: Membership, plan: Plan
) -> None:
    rows = [["Macro goal", "KPI", "Measure", "Target"], ["Order", "Revenue", "Value", 5], ["Lead", "Leads", "", 7]]
    file = received(lead, "plan.xlsx", xlsx(("Goals", rows)))
    rejects = [(reject["sheet"], reject["line"]) for reject in file.result["rejects"]]
    assert rejects == [("Goals", 2), ("Goals", 2)]  # the KPI, and the target below it
    with pytest.raises(HasRejects):
        taken_in(file)
    assert said(lead.workspace).goals == ()
    taken_in(file, good_rows_only=True)
    assert [row.name for row in said(lead.workspace).kpis] == ["Leads"]


def test_a_plan_that_was_changed_since_is_not_written_over(lead: Membership, plan: Plan) -> None:
    file = received(lead, "plan.xlsx", xlsx(("Plan 2026", DMMM)))
    make_goal(plan, "Meanwhile")
    with pytest.raises(PlanMoved):
        taken_in(file)
    with scope.in_workspace(lead.workspace_id):
        assert not Kpi.objects.exists()


def test_what_the_file_lacks_stays_unless_its_removal_is_asked_for(lead: Membership, plan: Plan, order: Goal) -> None:
    content = workbook_of(said(lead.workspace))
    make_goal(plan, "Later")
    assert counted(received(lead, "plan.xlsx", content))[:2] == (0, 0)
    matches = match_book(read_file("plan.xlsx", content))
    file = received(lead, "plan.xlsx", content, reading=Reading(matches, remove_missing=True))
    assert file.result["removed"] == 1
    taken_in(file)
    assert [row.name for row in said(lead.workspace).goals] == ["Order"]


def test_a_fault_in_the_middle_leaves_nothing(lead: Membership, plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    file = received(lead, "plan.xlsx", xlsx(("Plan 2026", DMMM)))

    def stop(*_unused: object, **_more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(PlanFile, "save", stop)  # the last thing that is written
    with pytest.raises(KeyboardInterrupt):
        taken_in(file)
    with scope.in_workspace(lead.workspace_id):
        assert (Goal.objects.count(), Target.objects.count()) == (0, 0)
        assert PlanFile.objects.get().applied_at is None


def test_a_lead_sends_corrects_and_takes_in(lead: Membership, plan: Plan, browser_of: Any) -> None:
    browser: Client = browser_of(lead)
    rows = [["Macro goal", "Noted by"], ["Order", "the buyers"]]
    sent = SimpleUploadedFile("plan.csv", csv(rows))
    answer = browser.post(f"{FILES}new/", {"file": sent})
    assert answer.status_code == 302
    shown = browser.get(answer["Location"]).content.decode()
    assert "Noted by" in shown
    assert "What would change" in shown
    typed = {"kind-0": "outline", "column-0-0": "macro", "column-0-1": "why", "decimal": ""}
    assert browser.post(f"{answer['Location']}check/", typed).status_code == 302
    assert browser.post(f"{answer['Location']}apply/", {}).status_code == 302
    assert [(row.name, row.rationale) for row in said(lead.workspace).goals] == [("Order", "the buyers")]


def test_the_export_is_a_file_of_its_kind(lead: Membership, order: Goal, browser_of: Any) -> None:
    browser: Client = browser_of(lead)
    for name, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf"), ("zip", b"PK")):
        answer = browser.get(f"/w/fjellsport/plan/export/?as={name}")
        assert answer.content.startswith(start)
        assert f'filename="plan-of-the-winter.{name}"' in answer["Content-Disposition"]
    assert browser.get("/w/fjellsport/plan/export/?as=exe").status_code == 404
    assert "Excel workbook" in browser.get("/w/fjellsport/plan/export/").content.decode()


def test_a_row_that_cannot_be_read_is_not_taken_for_one_that_the_file_lacks(
    lead: Membership, plan: Plan, order: Goal
) -> None:
    make_kpi(order, "Orders")
    book = load_workbook(io.BytesIO(workbook_of(said(lead.workspace))))
    book["KPIs"]["D2"] = "Nothing that is measured"
    content = saved(book)
    matches = match_book(read_file("plan.xlsx", content))
    file = received(lead, "plan.xlsx", content, reading=Reading(matches, remove_missing=True))
    assert (file.result["rejected"], file.result["removed"]) == (1, 0)
    taken_in(file, good_rows_only=True)
    assert [row.name for row in said(lead.workspace).kpis] == ["Orders"]
