"""Who is one person: by hand, and for any set of links beside a count that knows no union-find."""

from hypothesis import given
from hypothesis import strategies as st

from tracking.identity import Link, Share, is_nobody, persons_of

VISITORS = ["v1", "v2", "v3", "u.a", "b"]
USERS = ["a", "b", "c", "d"]
LINKS = st.builds(Link, st.sampled_from(VISITORS + USERS), st.sampled_from(USERS), st.booleans())


def test_a_visitor_who_signs_in_is_the_user():
    assert persons_of([Link("v1", "a")]) == {Share("v1"): "u.a"}


def test_two_devices_of_a_user_are_one_person():
    assert persons_of([Link("v1", "a"), Link("v2", "a")]) == {Share("v1"): "u.a", Share("v2"): "u.a"}


def test_two_users_of_a_device_are_two_persons_and_the_rest_is_neithers():
    found = persons_of([Link("v1", "a"), Link("v1", "b"), Link("v2", "a")])
    assert found == {Share("v1", "a"): "u.a", Share("v1", "b"): "u.b", Share("v2"): "u.a"}
    assert Share("v1") not in found


def test_users_joined_by_an_alias_are_one_person_wherever_they_are():
    found = persons_of([Link("v1", "b"), Link("v1", "a"), Link("b", "a", is_alias=True)])
    assert found == {Share("v1"): "u.a", Share("b"): "u.a", Share("u.b"): "u.a"}


def test_aliases_join_over_any_number_of_steps():
    found = persons_of([Link("c", "b", is_alias=True), Link("d", "c", is_alias=True), Link("b", "a", is_alias=True)])
    assert {found[Share(f"u.{name}")] for name in "bcd"} == {"u.a"}


def test_what_a_server_sent_of_a_user_is_the_users_before_and_after_a_link():
    assert persons_of([Link("u.a", "a")]) == {}
    assert persons_of([Link("u.a", "b")]) == {Share("u.a", "a"): "u.a", Share("u.a", "b"): "u.b"}


def test_words_for_no_id_name_nobody():
    assert [is_nobody(name) for name in ("undefined", " NULL", "[object Object]", "0", "kari", "17")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


@given(st.lists(LINKS, max_size=12), st.randoms(use_true_random=False))
def test_neither_order_nor_repetition_of_links_changes_a_person(links, chance):
    again = links + links[:3]
    chance.shuffle(again)
    assert persons_of(again) == persons_of(links)


def classes_by_hand(links: list[Link]) -> dict[str, set[str]]:
    """Give each user all users that aliases lead to, by walking on until nothing is new."""
    reached = {name: {name} for name in VISITORS + USERS}
    for _ in range(len(reached)):
        for link in links:
            if link.is_alias:
                both = reached[link.visitor_id] | reached[link.user_id]
                for name in both:
                    reached[name] = both
    return reached


@given(st.lists(LINKS, max_size=12))
def test_persons_agree_with_a_walk_along_the_links(links):
    reached, found = classes_by_hand(links), persons_of(links)
    for visitor in {link.visitor_id for link in links}:
        users = {link.user_id for link in links if link.visitor_id == visitor}
        users |= {visitor.removeprefix("u.")} if visitor.startswith("u.") else set()
        persons = {"u." + min(reached[user]) for user in users}
        for user in users:
            placed = found.get(Share(visitor, user)) or found.get(Share(visitor), visitor)
            assert placed == "u." + min(reached[user]), (visitor, user)
        assert (found.get(Share(visitor), visitor) == visitor) == (len(persons) > 1 or persons == {visitor})


@given(st.lists(LINKS, max_size=9), LINKS)
def test_a_further_link_moves_nobody_but_whom_it_concerns(links, further):
    before, after = persons_of(links), persons_of([*links, further])
    reached = classes_by_hand([*links, further])
    concerned = {further.visitor_id}
    if further.is_alias:
        joined = reached[further.user_id]
        concerned |= {link.visitor_id for link in links if link.user_id in joined} | {f"u.{user}" for user in joined}
    moved = {share.visitor_id for share in before.keys() | after.keys() if before.get(share) != after.get(share)}
    assert moved <= concerned
