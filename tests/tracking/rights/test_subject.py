"""Who is meant: pure, on small cases."""

from tracking.rights.subject import Pair, Subject, of_users, of_visitor

KARI = frozenset({"kari"})


def test_a_user_has_all_visitors_that_only_this_user_was() -> None:
    found = of_users({"kari"}, [Pair("phone", "kari"), Pair("desk", "kari"), Pair("other", "ola")])
    assert found == Subject(visitors=("desk", "phone", "u.kari"), users=("kari",))


def test_a_device_that_others_use_is_shared_and_stays() -> None:
    found = of_users({"kari"}, [Pair("tablet", "kari"), Pair("tablet", "ola"), Pair("phone", "kari")])
    assert found == Subject(visitors=("phone", "u.kari"), users=("kari",), shared=("tablet",))


def test_two_names_of_one_user_do_not_share_a_device() -> None:
    found = of_users({"kari", "mail"}, [Pair("phone", "kari"), Pair("phone", "mail")])
    assert found == Subject(visitors=("phone", "u.kari", "u.mail"), users=("kari", "mail"))


def test_a_visitor_of_one_day_is_nobodys_as_a_whole() -> None:
    assert of_users({"kari"}, [Pair("d.1", "kari")]).visitors == ("u.kari",)


def test_a_visitor_leads_to_its_user_and_the_users_other_devices() -> None:
    found = of_visitor("phone", [Pair("phone", "kari"), Pair("desk", "kari")], {"kari": KARI})
    assert found == Subject(visitors=("desk", "phone", "u.kari"), users=("kari",))


def test_a_shared_device_is_itself_and_leads_to_none_of_its_users() -> None:
    found = of_visitor("tablet", [Pair("tablet", "kari"), Pair("tablet", "ola"), Pair("phone", "kari")], {})
    assert found == Subject(visitors=("tablet",), shared=("tablet",))


def test_a_visitor_whom_nobody_knows_is_a_person_alone() -> None:
    assert of_visitor("phone", [], {}) == Subject(visitors=("phone",))


def test_a_servers_name_for_a_user_leads_to_the_user() -> None:
    found = of_visitor("u.kari", [Pair("phone", "kari")], {"kari": KARI})
    assert found == Subject(visitors=("phone", "u.kari"), users=("kari",))
