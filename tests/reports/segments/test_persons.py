"""Who is in a segment: equal to a slow reference, and what always holds of sets of persons."""

from collections.abc import Iterator
from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports import paths, publishing
from reports.explore.answer import counted_of
from reports.explore.usual import known_of
from reports.segments.ground import ground_of
from reports.segments.parsing import read
from reports.segments.persons import persons_of
from tests.reports.explore.asks import NAMES, histories
from tests.reports.explore.reference import on_plan
from tests.reports.explore.test_answer import make_goal_once
from tests.reports.lake import NOW, Hit, hit, make_goal
from tests.reports.segments.asks import filled, size_of
from tests.reports.segments.cases import CASES
from tests.reports.segments.reference import members, persons
from tracking.lake.query import connected
from workspaces import scope
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db(transaction=True)
END = date(2026, 11, 22)


def found(shop: Workspace, texts: list[str], *, as_of: date = END) -> Iterator[set[str]]:
    """Give the persons of each segment by their ids, of one state of the lake."""
    with scope.in_workspace(shop.pk):
        known = known_of(shop, now=NOW)
        published = publishing.read(shop.pk, [goal.pk for goal in known.goals.values()], since=as_of, until=as_of)
        counted = {slug: counted_of(goal, published, shop) for slug, goal in known.goals.items()}
        ground = ground_of(shop, published, counted, until=as_of, now=NOW)
        views = {f"paths{goal.pk}": paths.published(published.fills[goal.pk]) for goal in known.goals.values()}
        definitions = [read(text, known.goals) for text in texts]
    with connected(published.snapshot, views) as lake:
        for definition in definitions:
            persons_of(lake, definition, ground, name="persons")
            rows = lake.execute(
                "select distinct person_id from sessions where hash(person_id) in (select person from persons)"
            )
            yield {row[0] for row in rows.fetchall()}


def agrees(shop: Workspace, hits: list[Hit], *, as_of: date = END) -> None:
    """Compare every case with the reference, as of a day."""
    everybody = persons(hits, zone=shop.zone, as_of=as_of, through=NOW)
    for (text, belongs), mine in zip(CASES.items(), found(shop, list(CASES), as_of=as_of), strict=True):
        assert mine == members(everybody, belongs), (text, as_of)


def test_every_segment_has_the_persons_of_the_reference_as_of_any_day(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop)
    for as_of in (END, date(2026, 11, 10), date(2026, 10, 26)):
        agrees(shop, histories(), as_of=as_of)
    sizes = [len(mine) for mine in found(shop, list(CASES))]
    assert sum(0 < size < 40 for size in sizes) > len(CASES) / 2, sizes  # most of them part the people


HITS = st.lists(
    st.builds(
        lambda person, quarter, name, path, channel, plan, day: hit(
            f"p{person}", days=-day, minutes=quarter * 11, name=name, path=path, channel=channel,
            properties=on_plan(plan), device="mobile" if plan else None,
        ),
        st.integers(0, 5), st.integers(0, 90), st.sampled_from(NAMES), st.sampled_from(["/products/a", "/blog/one"]),
        st.sampled_from(["email", ""]), st.sampled_from(["pro", None]), st.integers(-18, 20),
    ),
    min_size=1,
    max_size=40,
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HITS, st.integers(0, 30))
def test_random_histories_give_what_the_reference_gives(shop: Workspace, hits: list[Hit], back: int) -> None:
    make_goal_once(shop)
    hits = list({each.event_id: each for each in [*hits, hit("there", days=-30)]}.values())
    filled(shop, hits)
    agrees(shop, hits, as_of=END - timedelta(days=back))


def test_a_condition_and_its_opposite_part_everybody(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop)
    [everybody] = found(shop, ["visited"])
    pairs = [
        ("did in the last 30 days: event purchase", "did not in the last 30 days: event purchase"),
        ("did at least 3 times: goal sale", "did at most 2 times: goal sale"),
        ("visited: channel is email", "did not visit: channel is email"),
        ("first seen before 2026-10-20", "first seen since 2026-10-20"),
    ]
    for one, other in pairs:
        mine, theirs, both, either = found(shop, [one, other, f"all of\n{one}\n{other}", f"any of\n{one}\n{other}"])
        assert mine | theirs == either == everybody, one
        assert mine & theirs == both == set(), one
        assert mine, one
        assert theirs, one


def test_the_size_counts_everybody_and_those_who_were_there_lately(shop: Workspace) -> None:
    make_goal(shop)
    filled(shop, [hit("long ago", days=-120), hit("long ago", days=-120, minutes=1, name="purchase"), hit("now")])
    size = size_of(shop, "did: goal sale")
    assert (size.everybody, size.persons, size.everybody_lately, size.persons_lately) == (2, 1, 1, 0)
    assert (size.share, size.share_lately) == (0.5, 0)
    before = size_of(shop, "did: goal sale", until=date(2026, 7, 1))
    assert (before.everybody, before.share) == (0, None)


def test_a_transaction_that_is_sent_twice_is_one_time_of_the_goal_and_two_events(shop: Workspace) -> None:
    make_goal(shop)
    twice = [hit("a", minutes=n, name="purchase", transaction="t1", value=5) for n in (0, 3)]
    filled(shop, [*twice, hit("b")])
    goal, event = found(shop, ["did at least 2 times: goal sale", "did at least 2 times: event purchase"])
    assert (goal, event) == (set(), {"a"})


def test_who_only_saw_an_ad_elsewhere_was_not_there(shop: Workspace) -> None:
    filled(shop, [hit("a"), hit("b", name="ad_click")])
    assert list(found(shop, ["did: event ad_click", "did not: event purchase"])) == [set(), {"a"}]


def test_what_people_type_is_bound_and_never_run(shop: Workspace) -> None:
    evil = "'); drop view sessions; --"
    filled(shop, [hit("a", name=evil, path="/x"), hit("b")])
    quoted = f'"{evil}"'
    asked = [f"did: event {quoted}", f"visited: event is {evil}", f"did: where property {quoted} is {quoted}"]
    assert list(found(shop, asked)) == [{"a"}, {"a"}, set()]


def test_what_takes_too_long_is_ended_and_said(shop: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(shop)

    def interrupted(*_given: object, **_named: object) -> None:
        raise duckdb.InterruptException("interrupted")

    monkeypatch.setattr("reports.segments.sizing.persons_of", interrupted)
    with pytest.raises(AssertionError, match="too_long"):
        size_of(shop, "did: event purchase")
