"""What each role and scope may do, as the reference page tells it."""

from pathlib import Path

from workspaces.roles import MAY, SCOPE_MAY, Action, Role, Scope

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "roles.md"


def table(head: list[str], rows: list[list[str]]) -> str:
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] + [":-:"] * (len(head) - 1), *rows])


def roles_table() -> str:
    rows = [[str(action.label)] + ["yes" if action in MAY[role] else "" for role in Role] for action in Action]
    return table(["", *(str(role.label) for role in Role)], rows)


def scopes_table() -> str:
    rows = [[str(action.label)] + ["yes" if action in SCOPE_MAY[scope] else "" for scope in Scope] for action in Action]
    return table(["", *(f"`{scope}`" for scope in Scope)], rows)


def test_the_reference_page_shows_the_table_that_the_code_reads() -> None:
    text = PAGE.read_text()
    for expected in (roles_table(), scopes_table()):
        assert expected in text, f"put this into {PAGE}:\n{expected}"


def test_a_higher_role_may_all_that_a_lower_one_may() -> None:
    assert MAY[Role.VIEWER] < MAY[Role.CONTRIBUTOR] < MAY[Role.LEAD] < MAY[Role.OWNER]
    assert MAY[Role.OWNER] == frozenset(Action)


def test_no_scope_may_change_the_workspace_itself() -> None:
    assert not any(Action.MANAGE_WORKSPACE in actions for actions in SCOPE_MAY.values())
