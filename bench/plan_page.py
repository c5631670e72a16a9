"""The plan's page at 200 goals with 400 KPIs: the whole page, one cell written, a row moved, forty rows pasted.

    python -m bench.plan_page [--goals 200] [--rounds 12]

Makes the plan in a database of its own in a temporary folder, and asks in this process, through all of the middleware,
signed in as the lead. CPU time is this process's; the database's stands in the difference to the wall clock.
"""

import argparse
import gc
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from bench.ingest import prepare
from measureplan import assets, embedded

KPIS_PER_GOAL = 2
PASTED = 40


def main() -> None:
    """Set up, ask, print medians, end all."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--goals", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=12)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="measureplan-plan-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster, made = prepare(folder)
        try:
            django.setup()
            assets.prepare(folder / "static")
            print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
            print(f"Python {platform.python_version()}, Django {django.__version__}")
            print(f"python -m bench.plan_page --goals {options.goals} --rounds {options.rounds}")
            measure(made["workspace"], options)
        finally:
            embedded.stop(cluster)


def measure(slug: str, options: argparse.Namespace) -> None:
    """Make the plan, ask for each answer, print what it took."""
    from django.test import Client  # noqa: PLC0415  # Django is set up by now

    from workspaces.models import Membership, Workspace  # noqa: PLC0415
    from workspaces.scope import in_workspace  # noqa: PLC0415

    workspace = Workspace.objects.get(slug=slug)
    with in_workspace(workspace.pk):
        lead = Membership.objects.select_related("user").get()
        first = make_plan(workspace, goals=options.goals)
    client = Client(headers={"host": "localhost"})
    client.force_login(lead.user)
    page = f"/w/{slug}/plan/"
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


def timed(name: str, ask: Callable[[], Any], rounds: int) -> str:
    """Ask so many times; give medians, the number of queries and the size of the answer."""
    from django.db import connection  # noqa: PLC0415

    queries: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:  # as Django's execute_wrapper
        queries.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        answer = ask()
    assert answer.status_code == 200, (name, answer.status_code, answer.content[:500])
    gc.collect()
    gc.freeze()  # what was set up is not gone through again and again, as in a web server's worker
    walls, cpus = [], []
    for _ in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        ask()
        walls.append((time.perf_counter() - wall) * 1_000)
        cpus.append((time.process_time() - cpu) * 1_000)
    size = len(answer.content) // 1024
    took = (
        f"median {statistics.median(walls):6.0f} ms   CPU {statistics.median(cpus):6.0f} ms, least {min(cpus):6.0f} ms"
    )
    return f"{name:28} {took}   {len(queries):4} queries   {size:5} KiB"


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
