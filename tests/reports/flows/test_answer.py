"""The figures of paths: equal to a slow reference in every option, and what always holds of them."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.flows.answer import NO_GOALS, UNTRACKED, Answer
from tests.reports.flows.asks import EVENTS, LEFT, OTHERS, answered, columns_of, expected, filled, histories
from tests.reports.lake import START, Hit, hit, make_goal
from tests.reports.segments.asks import save
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)

HITS = st.lists(
    st.builds(
        lambda person, quarter, name: hit(f"p{person}", minutes=quarter * 13, name=name),
        st.integers(0, 4),
        st.integers(0, 700),
        st.sampled_from(("view_item", "add_to_cart", "search", "purchase", "page_view", "ad_click")),
    ),
    min_size=1,
    max_size=60,
)


def agrees(shop: Workspace, hits: list[Hit], *, only: str = "", **asked: object) -> Answer:
    """Compare every column and link with the reference; give the answer.

    only   a saved segment, whose persons' hits these are
    """
    result = answered(shop, **EVENTS, steps="3", top="50", only=only, **_params(**asked))
    wanted = expected(shop, hits, **asked)  # type: ignore[arg-type]  # each as the reference takes it
    trails = wanted[0]
    assert result.begun == result.narrowed == sum(trails.values())
    assert len(result.columns) == len(wanted)
    for step, longer in enumerate(wanted, 1):
        here: Counter[str] = Counter()
        links: Counter[tuple[str, str]] = Counter()
        for trail, n in longer.items():
            here[trail[-1]] += n
            links[trail[-2] if step > 1 else "", trail[-1]] += n
        assert columns_of(result)[step - 1] == here, step
        assert _links(result, step - 1) == links, step
    return result


def _params(
    *, point: str = "", before: bool = False, window: int = 0, per: str = "sessions", collapse: bool = True
) -> dict[str, str]:
    return {
        "point": f"event {point}" if point else "",
        "direction": "before" if before else "after",
        "window": str(window) if window else "session",
        "per": per,
        "repeats": "together" if collapse else "apart",
    }


def _links(result: Answer, place: int) -> Counter[tuple[str, str]]:
    column = result.columns[place]
    before = [node.text or node.kind for node in result.columns[place - 1].nodes] if place else [""]
    here = [node.text or node.kind for node in column.nodes]
    return Counter({(before[link.before], here[link.here]): link.count for link in column.links})


@pytest.mark.parametrize("point", ["", "add_to_cart"])
@pytest.mark.parametrize("before", [False, True], ids=["after", "before"])
@pytest.mark.parametrize("window", [0, 1, 7])
@pytest.mark.parametrize("per", ["sessions", "persons"])
@pytest.mark.parametrize("collapse", [True, False], ids=["together", "apart"])
def test_every_column_equals_the_reference(
    shop: Workspace, point: str, before: bool, window: int, per: str, collapse: bool
) -> None:
    filled(shop, histories())
    result = agrees(shop, histories(), point=point, before=before, window=window, per=per, collapse=collapse)
    assert result.begun >= 20
    assert any(node.kind == LEFT for column in result.columns for node in column.nodes)


@pytest.mark.parametrize("point", ["", "add_to_cart"])
@pytest.mark.parametrize("window", [0, 7])
def test_a_segment_s_persons_alone_are_followed(
    shop: Workspace, monkeypatch: pytest.MonkeyPatch, point: str, window: int
) -> None:
    hits = histories()
    filled(shop, hits)
    save(shop, "did: event purchase")
    mine = {each.person for each in hits if each.name == "purchase"}
    theirs = [each for each in hits if each.person in mine]
    asked = {"point": point, "window": window, "before": not window, "per": "persons" if window else "sessions"}
    whole = answered(shop, **EVENTS, **_params(**asked)).begun
    assert 0 < agrees(shop, theirs, only="buyers", **asked).begun < whole
    monkeypatch.setattr("reports.flows.answer.MOST_EVENTS", 40)
    agrees(shop, theirs, only="buyers", **asked)


def test_a_segment_that_is_gone_is_said(shop: Workspace) -> None:
    filled(shop, histories())
    result = answered(shop, only="gone")
    assert result.state == "missing"
    assert "gone" in result.waiting[0]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    HITS,
    st.sampled_from(["", "add_to_cart"]),
    st.booleans(),
    st.sampled_from([0, 1, 7]),
    st.sampled_from(["sessions", "persons"]),
    st.booleans(),
)
def test_random_histories_give_what_the_reference_gives(
    shop: Workspace, hits: list[Hit], point: str, before: bool, window: int, per: str, collapse: bool
) -> None:
    hits = list(dict.fromkeys(hits))
    asked = {"point": point, "before": before, "window": window, "per": per, "collapse": collapse}
    filled(shop, hits)
    agrees(shop, hits, **asked)
    filled(shop, [*reversed(hits), *hits])  # neither the order of arrival nor what arrives twice changes anything
    agrees(shop, hits, **asked)


def test_columns_add_up_whatever_is_shown(shop: Workspace) -> None:
    hits = [hit(f"p{n}", minutes=m, name=f"thing{(n * 7 + m) % 23}") for n in range(60) for m in range(n % 6 + 1)]
    filled(shop, hits)
    for top in ("5", "10", "50"):
        result = answered(shop, **EVENTS, top=top, steps="5")
        went_on = result.begun
        for place, column in enumerate(result.columns):
            assert column.count == went_on, (top, column.number)
            assert sum(node.kinds == 1 and node.kind != OTHERS for node in column.nodes) <= int(top)
            into = Counter(dict.fromkeys(range(len(column.nodes)), 0))
            for link in column.links:
                into[link.here] += link.count
            assert [into[n] for n in range(len(column.nodes))] == [node.count for node in column.nodes]
            out = Counter({link.before: 0 for link in column.links})
            for link in column.links:
                out[link.before] += link.count
            if place:
                before = result.columns[place - 1].nodes
                assert {n: before[n].count for n in out} == out
                assert set(out) == {n for n, node in enumerate(before) if node.kind != LEFT}
            went_on = sum(node.count for node in column.nodes if node.kind != LEFT)
    firsts = Counter(each.name for each in hits if each.at == START)
    shown = answered(shop, **EVENTS, top="5", steps="1").columns[0].nodes
    other = next(node for node in shown if node.kind == OTHERS)
    assert (other.kinds, other.count) == (len(firsts) - 5, 60 - sum(n for _, n in firsts.most_common(5)))


def test_what_is_clicked_open_narrows_all_columns_and_says_of_how_many(shop: Workspace) -> None:
    filled(shop, histories())
    whole = answered(shop, **EVENTS)
    node = whole.columns[1].nodes[0]
    result = answered(shop, **EVENTS, via2=node.text)
    assert (result.begun, result.narrowed) == (whole.begun, node.count)
    assert [each.text for each in result.columns[1].nodes] == [node.text]
    assert result.columns[0].count == node.count < whole.begun
    assert answered(shop, **EVENTS, via1="event never").narrowed == 0


def test_pages_are_taken_together_by_folder_and_by_pattern(shop: Workspace) -> None:
    paths = ("/products/a/1", "/products/b", "/", "/products")
    filled(shop, [hit(f"p{n}", path=path) for n, path in enumerate(paths)])
    plain = answered(shop, steps="1")
    assert columns_of(plain)[0] == {"page /products/a/1": 1, "page /products/b": 1, "page /": 1, "page /products": 1}
    folders = answered(shop, steps="1", depth="1")
    assert columns_of(folders)[0] == {"page /products/*": 2, "page /": 1, "page /products": 1}
    deep = answered(shop, steps="1", depth="2")
    assert columns_of(deep)[0] == {"page /products/a/*": 1, "page /products/b": 1, "page /": 1, "page /products": 1}
    pattern = answered(shop, steps="1", folders="/products*", depth="1")
    assert columns_of(pattern)[0] == {"page /products*": 3, "page /": 1}


def test_goals_are_steps_and_one_event_may_be_several(shop: Workspace) -> None:
    make_goal(shop)
    make_goal(shop, "Any order", event="purchase")
    make_goal(shop, "Cart", event="add_to_cart", level="micro", value_rule="none")
    filled(
        shop, [hit("a", name="add_to_cart"), hit("a", minutes=1, name="search"), hit("a", minutes=2, name="purchase")]
    )
    columns = answered(shop, show="goals").columns
    assert [columns[0].nodes[0].label, columns[1].nodes[0].label] == ["Cart", "Sale + Any order"]
    assert columns[1].nodes[0].text == "goal sale + any-order"


def test_no_goal_can_be_shown_where_none_is_noticed(shop: Workspace) -> None:
    filled(shop, histories())
    assert answered(shop, show="goals").state == NO_GOALS


def test_a_point_that_nobody_can_notice_yet_is_named(shop: Workspace) -> None:
    goal = make_goal(shop)
    filled(shop, histories())
    with scope.in_workspace(shop.pk):
        goal.rules.all().delete()
    result = answered(shop, point="goal sale")
    assert (result.state, result.waiting) == (UNTRACKED, ("Sale",))


def test_what_happens_at_one_moment_has_the_order_of_its_ids(shop: Workspace) -> None:
    hits = [hit("a", name="view_item"), hit("a", name="add_to_cart"), hit("a", name="search")]
    filled(shop, hits)
    trail = [next(iter(column)) for column in columns_of(agrees(shop, hits))]
    assert trail == ["event add_to_cart", "event search", "event view_item"]


def test_steps_outside_the_range_count_for_a_point_in_it(shop: Workspace) -> None:
    filled(shop, [hit("a", name="search"), hit("a", days=3, name="view_item"), hit("a", days=5, name="purchase")])
    day = {"from": "2026-11-05", "to": "2026-11-05", "point": "event view_item"} | EVENTS
    assert columns_of(answered(shop, **day, window="7"))[0] == {"event purchase": 1}
    assert columns_of(answered(shop, **day, window="1"))[0] == {LEFT: 1}
    assert columns_of(answered(shop, **day, window="7", direction="before"))[0] == {"event search": 1}


def test_whose_days_are_not_over_is_said(shop: Workspace) -> None:
    filled(shop, [hit("a", name="search"), hit("b", days=18, name="search")])
    assert answered(shop, **EVENTS, window="7").still_open == 1
    assert answered(shop, **EVENTS, window="1").still_open == 0


def test_persons_read_in_several_goes_are_the_same_persons(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(shop, histories())
    whole = answered(shop, **EVENTS, window="7")
    monkeypatch.setattr("reports.flows.answer.MOST_EVENTS", 50)
    assert answered(shop, **EVENTS, window="7") == whole
