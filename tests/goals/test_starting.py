"""The way from an empty workspace to a plan: asked in steps, kept as answered, made all at once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from goals.models import Goal, Kpi, Plan, PlanStart, Target, TrackingSpec
from tests.builders import noon
from tests.goals.makers import fill_lake, make_plan
from tests.goals.test_pages import at
from tracking.models import LakeState, Seen, SeenKind
from workspaces import scope
from workspaces.models import AuditEntry, Invitation, Membership, Workspace

BrowserOf = Callable[[Membership], Client]
ABOUT = {"about": "A shop for hiking gear", "domain": "https://fjellsport.example/", "period": "this_quarter"}


def step(shop: Workspace, name: str) -> str:
    return at("start-step", shop, name)


def sent(browser: Client, shop: Workspace, name: str, **typed: Any) -> Any:
    """Open a step, and send it as it is offered with what is typed."""
    form = browser.get(step(shop, name)).context["form"]
    data = {"form_token": str(uuid4())}
    if "revision" in form.fields:
        data["revision"] = str(form.initial.get("revision", form.fields["revision"].initial))
    for part in (form, *form.parts):
        for field in part:
            value = field.value()
            if field.name in {"form_token", "revision"} or value in (None, "", False, []):
                continue
            data[field.html_name] = "on" if value is True else value
    return browser.post(step(shop, name), {key: value for key, value in (data | typed).items() if value is not None})


def saw(shop: Workspace, **counts: int) -> None:
    """Let events of these names have arrived so often."""
    with scope.in_workspace(shop.pk):
        for name, events in counts.items():
            Seen.objects.create(workspace=shop, kind=SeenKind.EVENT, text=name, events=events, last_at=timezone.now())


def up_to(browser: Client, shop: Workspace, last: str) -> Any:
    """Answer the steps up to this one, as they are offered."""
    answer = sent(browser, shop, "about", starter="web-shop", **ABOUT)
    for name in ("macro", "micro", "targets", "people"):
        if last == "about":
            return answer
        answer = sent(browser, shop, name)
        if name == last:
            return answer
    return answer


def test_the_way_leads_through_the_questions_to_a_plan(lead: Membership, browser_of: BrowserOf) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    saw(shop, purchase=412, newsletter_signup=30)
    assert browser.get(at("start", shop))["Location"] == step(shop, "about")
    assert sent(browser, shop, "about", starter="web-shop", **ABOUT)["Location"] == step(shop, "macro")
    shown = browser.get(step(shop, "macro")).content.decode()
    assert "What do we make money on?" in shown
    assert "has arrived 412 times" in shown
    assert sent(browser, shop, "macro")["Location"] == step(shop, "micro")
    shown = browser.get(step(shop, "micro")).content.decode()
    assert "What do people usually do before they become customers?" in shown
    own = {"own-0-name": "Size guide read", "own-0-noticed": "/sizes/*", "own-0-kind": "secondary"}
    assert sent(browser, shop, "micro", **own)["Location"] == step(shop, "targets")
    assert sent(browser, shop, "targets", **{"kpi-0-value": "500"})["Location"] == step(shop, "people")
    with scope.in_workspace(shop.pk):
        assert not Plan.objects.exists(), "nothing is made before the end"
    answer = sent(browser, shop, "people")
    assert answer["Location"] == at("start-done", shop)
    with scope.in_workspace(shop.pk):
        plan = Plan.objects.get()
        assert (plan.about, plan.owner) == ("A shop for hiking gear (fjellsport.example)", lead.user)
        order, letter, own_goal = (
            Goal.objects.get(slug=slug) for slug in ("order", "newsletter-sign-up", "size-guide-read")
        )
        assert [goal.value_rule for goal in (order, letter)] == ["event", "none"]
        assert order.rules.get().conditions == [{"field": "name", "operator": "is", "value": "purchase"}]
        assert letter.rules.get().conditions[0]["value"] == "newsletter_signup"
        assert own_goal.rules.get().conditions[1]["value"] == "/sizes/*"
        assert list(letter.supports.all()) == list(own_goal.supports.all()) == [order]
        target = Target.objects.get()
        assert (target.kpi.slug, target.value, target.starts_on, target.ends_on) == (
            "orders", 500, plan.starts_on, plan.ends_on,
        )  # fmt: skip
        assert TrackingSpec.objects.get(goal=order).event_name == "purchase"
        assert PlanStart.objects.get().answers == {}
        acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert "created" in acts
    done = browser.get(answer["Location"]).content.decode()
    assert "Your plan is made" in done
    assert "On the way: 2 of 5" in done


def test_colleagues_are_invited_with_the_plan(
    lead: Membership, browser_of: BrowserOf, django_capture_on_commit_callbacks: Any
) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "targets")
    people = {"colleague-0-email": "mina@example.com", "colleague-1-email": "Nora@example.com"}
    with django_capture_on_commit_callbacks(execute=True):
        assert sent(browser, shop, "people", **people)["Location"] == at("start-done", shop)
    with scope.in_workspace(shop.pk):
        invited = {each.email: (each.role, each.department) for each in Invitation.objects.all()}
    assert invited == {
        "mina@example.com": ("contributor", "Marketing"), "nora@example.com": ("contributor", "Sales"),
    }  # fmt: skip
    assert sorted(message.to[0] for message in mail.outbox) == ["mina@example.com", "nora@example.com"]


def test_a_lead_makes_nobody_a_lead(lead: Membership, owner: Membership, browser_of: BrowserOf) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "targets")
    people = {"colleague-0-email": "mina@example.com", "colleague-0-role": "owner"}
    assert sent(browser, shop, "people", **people).status_code == 422
    with scope.in_workspace(shop.pk):
        assert not Plan.objects.exists()
        assert not Invitation.objects.exists()
    assert sent(browser_of(owner), shop, "people", **people).status_code == 302


def test_a_member_or_a_doubled_address_is_refused_and_nothing_is_made(
    lead: Membership, owner: Membership, browser_of: BrowserOf
) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "targets")
    people = {
        "colleague-0-email": owner.user.email,
        "colleague-1-email": "a@example.com",
        "colleague-2-email": "A@example.com",
    }
    answer = sent(browser, shop, "people", **people)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "is a member or invited already" in page
    assert "stands above already" in page
    with scope.in_workspace(shop.pk):
        assert not Plan.objects.exists()


def test_a_later_step_waits_for_those_before(lead: Membership, browser_of: BrowserOf) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    assert browser.get(step(shop, "targets"))["Location"] == step(shop, "about")
    up_to(browser, shop, "about")
    assert browser.get(step(shop, "people"))["Location"] == step(shop, "macro")
    assert browser.get(step(shop, "nonsense")).status_code == 404


def test_the_way_is_resumed_by_whoever_comes_and_goes_back_freely(
    lead: Membership, owner: Membership, browser_of: BrowserOf
) -> None:
    shop = lead.workspace
    up_to(browser_of(lead), shop, "micro")
    browser = browser_of(owner)
    assert browser.get(at("start", shop))["Location"] == step(shop, "targets")
    assert browser.get(step(shop, "about")).context["form"].initial["about"] == ABOUT["about"]
    sent(browser, shop, "macro", **{"own-0-name": "Repair booked"})
    with scope.in_workspace(shop.pk):
        macros = PlanStart.objects.get().answers["macros"]
    assert [goal["name"] for goal in macros] == ["Order", "Repair booked"]


def test_another_starter_leaves_one_s_own_words_and_takes_its_cards_away(
    lead: Membership, browser_of: BrowserOf
) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "about")
    sent(browser, shop, "macro", **{"own-0-name": "Repair booked"})
    sent(browser, shop, "about", starter="non-profit")
    shown = browser.get(step(shop, "macro"))
    assert [row.initial["name"] for row in shown.context["form"].own[:1]] == ["Repair booked"]
    assert "Gift" in shown.content.decode()


def test_a_plan_needs_a_macro_goal(lead: Membership, browser_of: BrowserOf) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "about")
    answer = sent(browser, shop, "macro", **{"card-0-chosen": None})
    assert answer.status_code == 422
    assert "Choose one at least" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"own-0-noticed": "/thanks"}, "Give it a name, or leave the line empty."),
        ({"card-0-name": ""}, "Give it a name."),
        ({"own-0-name": "x" * 121}, "at most 120 characters"),
        ({"own-0-name": "A", "own-0-noticed": "e" * 501}, "at most 500 characters"),
    ],
    ids=["no name", "no name on a card", "long name", "long event"],
)
def test_what_cannot_be_a_goal_is_said_beside_it(
    lead: Membership, browser_of: BrowserOf, typed: dict[str, str], said: str
) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "about")
    answer = sent(browser, shop, "macro", **typed)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_two_who_answer_at_once_see_both_answers(lead: Membership, owner: Membership, browser_of: BrowserOf) -> None:
    shop = lead.workspace
    up_to(browser_of(lead), shop, "about")
    opened = browser_of(owner).get(step(shop, "macro")).context["form"]
    sent(browser_of(lead), shop, "macro", **{"own-0-name": "Repair booked"})
    typed = {
        "form_token": str(uuid4()), "revision": str(opened.fields["revision"].initial), "own-0-name": "Gift card sold",
        "card-0-name": "Order", "card-0-chosen": "on",
    }  # fmt: skip
    answer = browser_of(owner).post(step(shop, "macro"), typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Repair booked" in page
    assert "Gift card sold" in page
    with scope.in_workspace(shop.pk):
        assert "Repair booked" in str(PlanStart.objects.get().answers), "nothing was overwritten"


def test_the_last_step_sent_twice_makes_one_plan(lead: Membership, browser_of: BrowserOf) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    up_to(browser, shop, "targets")
    form = browser.get(step(shop, "people")).context["form"]
    typed = {"form_token": str(uuid4()), "revision": str(form.fields["revision"].initial)}
    assert browser.post(step(shop, "people"), typed).status_code == 302
    assert browser.post(step(shop, "people"), typed).status_code == 302
    with scope.in_workspace(shop.pk):
        assert Plan.objects.count() == 1


def test_where_there_is_a_plan_the_way_leads_to_it(lead: Membership, browser_of: BrowserOf) -> None:
    make_plan(lead.workspace)
    browser = browser_of(lead)
    for address in (at("start", lead.workspace), step(lead.workspace, "macro")):
        assert browser.get(address)["Location"] == at("plan", lead.workspace)
    assert browser.get(at("start-done", lead.workspace))["Location"] == at("start", lead.workspace)


def test_a_suggested_number_is_taken_over_and_kept_with_its_days(lead: Membership, browser_of: BrowserOf) -> None:
    shop, browser = lead.workspace, browser_of(lead)
    bought_for(shop, days=400)
    saw(shop, purchase=400)
    up_to(browser, shop, "micro")
    shown = browser.get(step(shop, "targets"))
    row = shown.context["form"].parts[0]
    recent = next(past for past in row.pasts if past.days.stretch == "recent")
    assert (recent.conversions, recent.visitors) == (90, 90)
    assert "90 conversions" in shown.content.decode()
    assert row.suggested, "history reaches back a year"
    taken = sent(browser, shop, "targets", use="kpi-0")
    assert taken.context["form"].parts[0]["value"].value() == row.suggested
    sent(browser, shop, "targets", **{"kpi-0-value": "99", "kpi-0-baseline": "recent"})
    sent(browser, shop, "people")
    with scope.in_workspace(shop.pk):
        target = Target.objects.get()
        assert (target.value, target.baseline, target.baseline_since) == (99, 90, recent.days.since)
        assert Kpi.objects.get(pk=target.kpi_id).slug == "orders"


def bought_for(shop: Workspace, *, days: int) -> None:
    """Let one person a day have bought something, up to yesterday."""
    events = [
        {"event_id": f"e{n}", "visitor_id": f"v{n}", "name": "purchase", "time": noon(shop, days_ago=n)}
        for n in range(1, days)
    ]
    fill_lake(shop, events)
    with scope.in_workspace(shop.pk):
        LakeState.objects.update(first_day=noon(shop, days_ago=days).date())
