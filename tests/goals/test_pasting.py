"""Rows pasted from a spreadsheet: read, matched, previewed, and written as one act."""

from decimal import Decimal
from typing import Any

import pytest

from goals import editing, pasted, undoing
from goals.models import Goal, Kpi, Level, Objective, Plan, PlanEdit, Target
from goals.outline import outline
from goals.pasting import MOST_ROWS, NothingToPaste, read
from tests.goals.makers import NOW, forty_rows, sheet
from workspaces import scope
from workspaces.models import Membership


@pytest.fixture
def by(lead: Membership, plan: Plan) -> Any:
    with scope.in_workspace(lead.workspace_id):
        yield {"member": lead, "now": NOW}


def told(plan: Plan) -> list[str]:
    return [f"{'  ' * line.depth}{line.kind} {line.name}" for line in outline(plan)]


def test_cells_with_line_breaks_and_quotes_stay_whole() -> None:
    block = read('Name\tWhy\r\n"Order ""big"" ones"\t"Two\nlines"\r\n\r\nCart\tplain')
    assert block.has_head
    assert block.body == (('Order "big" ones', "Two\nlines"), ("Cart", "plain"))


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("Goal|Target|Event", ("name", "target", "counts")),
        ("MAKROMÅL|Mikromål|Nøkkeltall|Avdeling", ("macro", "micro", "kpi", "department")),
        ("Makro|Mål|Ansvarig|Frist", ("macro", "name", "owner", "until")),
        ("Målsætning|Mikro|Hvorfor|Nonsense", ("objective", "micro", "why", "")),
    ],
    ids=["English", "Norwegian", "Swedish", "Danish"],
)
def test_a_head_is_known_in_any_language(head: str, columns: tuple[str, ...]) -> None:
    block = read(sheet(head, "a|b|c|d"))
    assert (block.has_head, tuple(filter(None, block.columns))) == (True, tuple(filter(None, columns)))


def test_without_a_head_columns_go_by_their_order_and_can_be_put_right() -> None:
    block = read(sheet("Order|500|purchase"))
    assert (block.has_head, block.columns) == (False, ("name", "target", "counts"))
    assert read(sheet("500|Order|x"), ["target", "name", "-"]).columns == ("target", "name", "")


@pytest.mark.parametrize("text", ["", " \t \n", "\n".join(["row"] * (MOST_ROWS + 2))], ids=["empty", "blank", "long"])
def test_what_holds_no_rows_or_too_many_is_refused(text: str) -> None:
    with pytest.raises(NothingToPaste):
        read(text)


def test_forty_rows_become_a_plan_in_one_act_and_are_gone_in_one(plan: Plan, by: Any) -> None:
    block = read(forty_rows())
    seen = pasted.preview(plan, block, at=None, **by)
    assert {outcome.verdict for outcome in seen} == {"new"}
    assert told(plan) == []
    outcomes, edit = pasted.paste(plan, block, at=None, **by)
    assert [outcome.verdict for outcome in outcomes] == [outcome.verdict for outcome in seen]
    assert (Objective.objects.count(), Goal.objects.filter(level=Level.MACRO).count()) == (2, 4)
    assert (Goal.objects.filter(level=Level.MICRO).count(), Kpi.objects.count(), Target.objects.count()) == (40, 40, 40)
    assert told(plan)[:5] == [
        "objective Objective 0",
        "  macro Macro 0",
        "    micro Micro 0",
        "      kpi Count 0",
        "    micro Micro 1",
    ]
    assert edit is not None
    assert (edit.label, PlanEdit.objects.count()) == ("pasted 40 rows", 1)
    undoing.undo(plan, by["member"], now=NOW)
    assert told(plan) == []
    undoing.redo(plan, by["member"], now=NOW)
    assert len(told(plan)) == 2 + 4 + 40 + 40


def test_pasted_again_the_rows_are_as_they_are(plan: Plan, by: Any) -> None:
    block = read(forty_rows())
    pasted.paste(plan, block, at=None, **by)
    again, edit = pasted.paste(plan, block, at=None, **by)
    assert {outcome.verdict for outcome in again} == {"same"}
    assert edit is None


def test_known_rows_are_changed_where_a_cell_says_something_else(plan: Plan, order: Goal, by: Any) -> None:
    block = read(sheet("Goal|Department|Why|Target", "order|Sales|It pays the wages.|1 500"))
    [outcome], _edit = pasted.paste(plan, block, at=None, **by)
    assert outcome.verdict == "new"  # its KPI is
    saved = Goal.objects.get()
    assert (saved.name, saved.department, saved.rationale) == ("Order", "Sales", "It pays the wages.")
    assert Target.objects.get().value == Decimal(1500)
    block = read(sheet("Goal|Department|Why|Target", "Order||Because.|1 600"))
    [outcome], _edit = pasted.paste(plan, block, at=None, **by)
    assert outcome.verdict == "changed"
    saved.refresh_from_db()
    assert (saved.department, saved.rationale) == ("Sales", "Because.")  # an empty cell says nothing
    assert Target.objects.get().value == Decimal(1600)


def test_a_row_that_cannot_be_read_is_left_out_with_its_reason(plan: Plan, by: Any) -> None:
    rows = sheet(
        "Goal|Target|Owner|Stage|Level",
        "Good|500|lead@example.com|see|macro",
        "Bad number|plenty|||",
        "Bad owner||nobody@example.com||",
        "Bad stage|||later|",
        "Bad level||||huge",
        "|700|||",
    )
    outcomes, _edit = pasted.paste(plan, read(rows), at=None, **by)
    assert [(outcome.verdict, list(outcome.reasons)) for outcome in outcomes] == [
        ("new", []),
        ("rejected", ["target"]),
        ("rejected", ["owner"]),
        ("rejected", ["stage"]),
        ("rejected", ["level"]),
        ("changed", []),
    ]
    assert "plenty" in outcomes[1].reasons["target"]
    assert list(Goal.objects.values_list("name", flat=True)) == ["Good"]


def test_rows_go_where_the_cursor_stands(plan: Plan, order: Goal, newsletter: Goal, by: Any) -> None:
    pasted.paste(plan, read(sheet("Cart|500", "Search|300")), at=newsletter, **by)
    assert [line for line in told(plan) if "kpi" not in line][1:] == [
        "  macro Order",
        "    micro Newsletter",
        "    micro Cart",
        "    micro Search",
    ]
    assert Goal.objects.get(name="Cart").supports.get() == order


def test_what_looks_like_a_formula_is_text(plan: Plan, by: Any) -> None:
    pasted.paste(plan, read(sheet("Name|Why", '=HYPERLINK("x")|+1+1')), at=None, **by)
    goal = Goal.objects.get()
    assert (goal.name, goal.rationale) == ('=HYPERLINK("x")', "+1+1")


def test_somebody_elses_change_since_is_not_undone(plan: Plan, by: Any, owner: Membership) -> None:
    pasted.paste(plan, read(sheet("Order|500", "Cart|300")), at=None, **by)
    cart = Goal.objects.get(name="Cart")
    editing.write_cell(plan, cart, "department", "Sales", seen=None, member=owner, now=NOW)
    with pytest.raises(undoing.ChangedSince):
        undoing.undo(plan, by["member"], now=NOW)
    assert Goal.objects.live().count() == 2
