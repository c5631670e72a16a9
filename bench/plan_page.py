"""The plan's page at 200 goals with 400 KPIs: the whole page, one cell written, a row moved, forty rows pasted.

    python -m bench.plan_page [--goals 200] [--rounds 12]

Makes the plan in a database of its own in a temporary folder, and asks in this process, through all of the middleware,
signed in as the lead. CPU time is this process's; the database's stands in the difference to the wall clock.
"""

import argparse
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.pages import fresh_workspace, signed_in, timed

KPIS_PER_GOAL = 2
PASTED = 40


def main() -> None:
    """Set up, ask, print medians, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--goals", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    with fresh_workspace("plan_page", **vars(options)) as workspace:
        measure(workspace, options)


def measure(workspace: Any, options: argparse.Namespace) -> None:  # a Workspace
    """Make the plan, ask for each answer, print what it took."""
    from workspaces.scope import in_workspace  # noqa: PLC0415  # Django is set up by now

    with in_workspace(workspace.pk):
        first = make_plan(workspace, goals=options.goals)
    client = signed_in(workspace)
    page = f"/w/{workspace.slug}/plan/"
    htmx = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{page}"}
    teams = ["Team 0"]

    def write_cell() -> Any:  # an answer
        before = teams[-1]
        teams.append(f"Team {len(teams)} of many")
        return client.post(f"{page}cell/goal-{first}/department/", {"value": teams[-1], "before": before}, headers=htmx)

    asked: dict[str, Callable[[], Any]] = {
        "the page": lambda: client.get(page),
        "the page with every column": lambda: client.get(f"{page}?columns=owner,department,why,stage,kind,until"),
        "the tree": lambda: client.get(f"{page}?view=tree"),
        "one cell written": write_cell,
        "a row moved": lambda: client.post(f"{page}row/goal-{first}/", {"act": "down"}, headers=htmx),
        "its move undone": lambda: client.post(f"{page}undo/", {"act": "undo"}, headers=htmx),
        f"{PASTED} rows previewed": lambda: client.post(f"{page}paste/", {"text": block()}, headers=htmx),
    }
    for name, ask in asked.items():
        print(timed(name, ask, options.rounds))


def make_plan(workspace: Any, *, goals: int) -> int:  # a Workspace
    """Make ten objectives, a macro goal for nine micro goals, two KPIs with targets each; give the first goal's id."""
    from goals.models import Goal, Kpi, MappingRule, Objective, Plan, Support, Target  # noqa: PLC0415

    today = datetime.now(UTC).date()
    days = {"starts_on": today - timedelta(days=50), "ends_on": today + timedelta(days=40)}
    plan = Plan.objects.create(workspace=workspace, name="Plan", slug="plan", **days)
    own = {"workspace": workspace}
    objectives = [
        Objective.objects.create(**own, plan=plan, name=f"Objective {n}", slug=f"o{n}", position=n) for n in range(10)
    ]
    made = Goal.objects.bulk_create(
        Goal(**own, plan=plan, name=f"Goal {n}", slug=f"goal-{n}", level="micro" if n % 10 else "macro", position=n,
             objective=objectives[n // 10 % 10], changed_at=datetime.now(UTC), department=f"Team {n % 7}")
        for n in range(goals)
    )  # fmt: skip
    conditions = [[{"field": "name", "operator": "is", "value": f"event_{n}"}] for n in range(goals)]
    MappingRule.objects.bulk_create(
        MappingRule(**own, goal=goal, conditions=rule) for goal, rule in zip(made, conditions, strict=True)
    )
    Support.objects.bulk_create(Support(**own, micro=made[n], macro=made[n - n % 10]) for n in range(goals) if n % 10)
    kpis = Kpi.objects.bulk_create(
        Kpi(**own, goal=goal, name=f"KPI {n} of {goal.name}", slug=f"{goal.slug}-{n}", measure="count", position=n)
        for goal in made for n in range(KPIS_PER_GOAL)
    )  # fmt: skip
    Target.objects.bulk_create(Target(**own, kpi=kpi, slug="t", value=1_000, **days) for kpi in kpis)
    return int(made[0].pk)


def block() -> str:
    """Give rows as a spreadsheet copies them."""
    rows = [f"Pasted {n}\t{n + 1}\tevent_{n}\t\tTeam {n % 7}" for n in range(PASTED)]
    return "\n".join(["Goal\tTarget\tEvent\tOwner\tDepartment", *rows])


if __name__ == "__main__":
    sys.exit(main())
