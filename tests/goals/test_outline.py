"""The plan as an outline."""

from goals.models import Goal, Level, Objective, Plan
from goals.outline import outline
from tests.goals.makers import make_goal, make_kpi, rules_for
from workspaces import scope


def told(plan: Plan) -> list[str]:
    with scope.in_workspace(plan.workspace_id):
        return [f"{'  ' * line.depth}{line.kind} {line.name}" for line in outline(plan)]


def test_goals_stand_under_what_they_are_for(plan: Plan) -> None:
    with scope.in_workspace(plan.workspace_id):
        sales = Objective.objects.create(workspace=plan.workspace, plan=plan, slug="sales", name="Sales", position=0)
        relation = Objective.objects.create(
            workspace=plan.workspace, plan=plan, slug="relation", name="Relation", position=1
        )
    order, visit = make_goal(plan, "Order"), make_goal(plan, "Store visit")
    cart = make_goal(plan, "Cart", level=Level.MICRO, supports=[order, visit])
    letter = make_goal(plan, "Letter", level=Level.MICRO, supports=[order])
    search = make_goal(plan, "Search", level=Level.MICRO)
    make_kpi(order, "Orders")
    with scope.in_workspace(plan.workspace_id):
        Goal.objects.filter(pk__in=[order.pk, visit.pk, cart.pk]).update(objective=sales)
        Goal.objects.filter(pk=letter.pk).update(objective=relation)
    assert told(plan) == [
        "objective Sales",
        "  macro Order",
        "    kpi Orders",
        "    micro Cart",
        "  macro Store visit",
        "objective Relation",
        "  micro Letter",
        "objective Without an objective",
        "  micro Search",
    ]
    assert search.pk
    with scope.in_workspace(plan.workspace_id):
        also = {line.name: [macro.name for macro in line.also] for line in outline(plan) if line.also}
    assert also == {"Cart": ["Store visit"], "Letter": ["Order"]}


def test_the_page_or_event_stands_in_short_and_the_rest_in_words(plan: Plan) -> None:
    make_goal(plan, "Event", rules=rules_for("signup"))
    make_goal(plan, "Page", rules=rules_for("page_view", {"field": "path", "operator": "matches", "value": "/thanks*"}))
    make_goal(plan, "Rule", rules=rules_for("signup", {"field": "device", "operator": "is", "value": "mobile"}))
    with scope.in_workspace(plan.workspace_id):
        lines = [(line.code, line.words) for line in outline(plan) if line.goal]
    assert lines == [
        ("signup", "signup"),
        ("/thanks*", "page_view where path matches /thanks*"),
        ("", "signup where device is mobile"),
    ]
