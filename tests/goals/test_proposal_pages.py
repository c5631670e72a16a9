"""Pages of proposals, as each role sees and uses them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from goals import approval
from goals.inbox import awaiting, lanes_of
from goals.lanes import Actor
from goals.models import Goal, Lane, Plan, Proposal
from tests.goals.makers import NOW, fill_lake, make_proposal
from tests.goals.test_pages import rule_data
from tracking.models import Seen, SeenKind
from workspaces import scope
from workspaces.models import AuditEntry, Membership, Workspace

BrowserOf = Callable[[Membership], Client]


def at(name: str, shop: Workspace, *args: Any) -> str:
    return reverse(f"goals:{name}", args=[shop.slug, *args])


def data(**changed: Any) -> dict[str, Any]:
    """Give what the proposal's form sends."""
    sent = {
        "form_token": str(uuid4()), "name": "Asked for a fitting", "what": "seen", "picked": "event:fitting",
        "micro_kind": "secondary", "rationale": "They come.", "counting": "session", "department": "Stores",
        "rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0",
    }  # fmt: skip
    return sent | changed


def pressed(**more: Any) -> dict[str, Any]:
    return {"form_token": str(uuid4())} | more


@pytest.fixture
def proposal(plan: Plan, order: Goal, contributor: Membership) -> Proposal:
    assert order.plan == plan
    return make_proposal(plan, by=contributor)


def saved(proposal: Proposal) -> Proposal:
    with scope.in_workspace(proposal.workspace_id):
        return Proposal.objects.get(pk=proposal.pk)


def test_a_draft_is_kept_and_a_submission_waits(
    contributor: Membership, plan: Plan, order: Goal, browser_of: BrowserOf
) -> None:
    browser, address = browser_of(contributor), at("proposal-new", plan.workspace)
    assert browser.post(address, data(rationale="")).status_code == 302
    asked = browser.post(address, data(rationale="", hand_in="1"))
    assert asked.status_code == 422
    assert "Say why it matters." in asked.content.decode()
    assert browser.post(address, data(hand_in="1", supports=[order.pk], name="Second")).status_code == 302
    with scope.in_workspace(plan.workspace_id):
        lanes = dict(Proposal.objects.values_list("name", "lane"))
        assert lanes == {"Asked for a fitting": Lane.DRAFT, "Second": Lane.SUBMITTED}
        second = Proposal.objects.get(name="Second")
        assert (second.department, list(second.supports.all())) == ("Stores", [order])
        assert second.backtest is not None


def test_the_department_comes_from_the_membership(contributor: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    shown = browser_of(contributor).get(at("proposal-new", plan.workspace))
    assert shown.context["form"]["department"].value() == "Customer service"


@pytest.mark.parametrize(
    ("sent", "rules"),
    [
        ({"picked": "page:/shop", "below": "on"}, "page_view where path matches /shop*"),
        ({"picked": "page:/shop"}, "page_view where path is /shop"),
        (
            {"what": "rules", **rule_data({"join": "and", "field": "path", "operator": "contains", "value": "boots"})},
            "any event where path contains boots",
        ),
        ({"what": "missing", "moment": "When they call"}, "It is not tracked yet."),
    ],
    ids=["page with all below", "page", "rules", "not tracked"],
)
def test_what_people_do_is_said_in_four_ways(
    contributor: Membership, plan: Plan, browser_of: BrowserOf, sent: dict[str, Any], rules: str
) -> None:
    browser = browser_of(contributor)
    answer = browser.post(at("proposal-new", plan.workspace), data(**sent))
    assert answer.status_code == 302
    shown = browser.get(answer["Location"]).content.decode()
    assert rules in shown
    with scope.in_workspace(plan.workspace_id):
        made = Proposal.objects.get()
    again = browser.get(at("proposal-edit", plan.workspace, made.pk)).context["form"]
    assert again["what"].value() == sent.get("what", "seen")
    assert (again["picked"].value() or "") == sent.get("picked", "" if "what" in sent else "event:fitting")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"picked": ""}, "Pick a page or an event"),
        ({"picked": "nonsense"}, "Pick a page or an event"),
        ({"what": "rules"}, "add one"),
        ({"name": ""}, "required"),
        ({"picked": "event:" + "x" * 600}, "most"),
        ({"supports": ["999999"]}, "999999"),
    ],
    ids=["nothing picked", "no pick", "no rules", "no name", "too long", "no such goal"],
)
def test_bad_input_is_told_beside_its_field(
    contributor: Membership, plan: Plan, browser_of: BrowserOf, sent: dict[str, Any], words: str
) -> None:
    answer = browser_of(contributor).post(at("proposal-new", plan.workspace), data(**sent))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    with scope.in_workspace(plan.workspace_id):
        assert not Proposal.objects.exists()


def test_the_panel_says_what_would_have_counted(
    contributor: Membership, plan: Plan, order: Goal, browser_of: BrowserOf
) -> None:
    event = {"event_id": "a", "visitor_id": "v", "name": "fitting", "time": NOW}
    fill_lake(plan.workspace, [event | {"time": NOW.replace(year=2026, month=11, day=1)}])
    browser = browser_of(contributor)
    shown = browser.post(at("proposal-try", plan.workspace), data(name="Ordered"), headers={"HX-Request": "true"})
    text = shown.content.decode()
    assert "Last 90 days" in text
    assert "<form" not in text
    faulty = browser.post(at("proposal-try", plan.workspace), data(picked=""), headers={"HX-Request": "true"})
    assert "Pick a page or an event" in faulty.content.decode()
    with scope.in_workspace(plan.workspace_id):
        assert not Proposal.objects.exists()


def test_search_finds_what_has_arrived_and_keeps_the_pick(
    contributor: Membership, plan: Plan, browser_of: BrowserOf
) -> None:
    with scope.in_workspace(plan.workspace_id):
        for kind, text in ((SeenKind.EVENT, "fitting"), (SeenKind.EVENT, "page_view"), (SeenKind.PAGE, "/fit*<b>")):
            Seen.objects.create(workspace=plan.workspace, kind=kind, text=text, events=7, last_at=NOW)
    browser = browser_of(contributor)
    shown = browser.get(at("proposal-picks", plan.workspace), {"q": "fit", "picked": "event:gone"})
    picks = [(pick.value, pick.times) for pick in shown.context["picks"]]
    assert picks == [("event:gone", None), ("event:fitting", 7), ("page:/fit*<b>", 7)]
    assert "<b>" not in shown.content.decode()


def test_two_who_edit_see_both_versions(contributor: Membership, plan: Plan, browser_of: BrowserOf) -> None:
    made = make_proposal(plan, by=contributor, lane=Lane.DRAFT, supports=())
    browser, address = browser_of(contributor), at("proposal-edit", plan.workspace, made.pk)
    assert browser.post(address, data(revision="1", picked="event:mine")).status_code == 302
    clash = browser.post(address, data(revision="1", picked="event:theirs"))
    assert clash.status_code == 409
    assert "mine" in clash.content.decode()
    assert "theirs" in clash.content.decode()
    assert saved(made).revision == 2


def test_a_lead_decides_with_a_word(proposal: Proposal, lead: Membership, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("proposal-decide", lead.workspace, proposal.pk)
    seen = str(saved(proposal).revision)
    silent = browser.post(address, pressed(decision="decline", text=" ", seen=seen))
    assert silent.status_code == 422
    assert "Write why not" in silent.content.decode()
    assert browser.post(address, pressed(decision="decline", text="Later", seen=seen)).status_code == 302
    late = browser.post(address, pressed(decision="approve", assignee=lead.pk, seen=seen))
    assert late.status_code == 409
    assert "Lead decided on this meanwhile" in late.content.decode()
    assert saved(proposal).lane == Lane.DECLINED


def test_the_same_approval_sent_twice_makes_one_goal(
    proposal: Proposal, lead: Membership, browser_of: BrowserOf
) -> None:
    browser, address = browser_of(lead), at("proposal-decide", lead.workspace, proposal.pk)
    sent = pressed(decision="approve", assignee=lead.pk, seen=str(saved(proposal).revision))
    assert [browser.post(address, sent).status_code for _ in range(2)] == [302, 302]
    with scope.in_workspace(proposal.workspace_id):
        assert Goal.objects.filter(name="Asked for a fitting").count() == 1


def test_a_merge_needs_its_goal(proposal: Proposal, newsletter: Goal, lead: Membership, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("proposal-decide", lead.workspace, proposal.pk)
    seen = str(saved(proposal).revision)
    assert browser.post(address, pressed(decision="merge", seen=seen)).status_code == 422
    assert browser.post(address, pressed(decision="merge", goal=newsletter.pk, seen=seen)).status_code == 302
    assert (saved(proposal).goal, saved(proposal).is_merged) == (newsletter, True)


def test_ones_own_is_refused_with_the_way_out(plan: Plan, order: Goal, lead: Membership, browser_of: BrowserOf) -> None:
    mine = make_proposal(plan, by=lead)
    browser = browser_of(lead)
    assert "decision" not in browser.get(mine.get_absolute_url()).context
    sent = pressed(decision="approve", assignee=lead.pk, seen=str(mine.revision))
    refused = browser.post(at("proposal-decide", lead.workspace, mine.pk), sent)
    assert refused.status_code == 409
    assert "add it to the plan as a goal" in refused.content.decode()


def test_votes_and_withdrawal_are_buttons(
    proposal: Proposal, contributor: Membership, lead: Membership, browser_of: BrowserOf
) -> None:
    vote = at("proposal-vote", lead.workspace, proposal.pk)
    assert browser_of(lead).post(vote, pressed()).status_code == 302
    own = browser_of(contributor).post(vote, pressed())
    assert own.status_code == 409
    assert "others vote for it" in own.content.decode()
    with scope.in_workspace(proposal.workspace_id):
        assert proposal.votes.count() == 1
    assert browser_of(lead).post(vote, pressed(back="1")).status_code == 302
    withdraw = at("proposal-withdraw", lead.workspace, proposal.pk)
    assert browser_of(contributor).post(withdraw, pressed()).status_code == 302
    assert saved(proposal).lane == Lane.DRAFT
    assert browser_of(lead).get(proposal.get_absolute_url()).status_code == 404


def test_a_comment_is_shown_as_written(proposal: Proposal, lead: Membership, browser_of: BrowserOf) -> None:
    browser, address = browser_of(lead), at("proposal-comment", lead.workspace, proposal.pk)
    answer = browser.post(address, pressed(text="<script>alert(1)</script> @contributor"))
    assert answer.status_code == 302
    shown = browser.get(answer["Location"]).content.decode()
    assert "&lt;script&gt;" in shown
    assert '<span class="mention">@contributor</span>' in shown
    assert browser.post(address, pressed(text=" ")).status_code == 422


def test_a_viewer_reads_everything_and_changes_nothing(
    proposal: Proposal, viewer: Membership, browser_of: BrowserOf
) -> None:
    browser = browser_of(viewer)
    for address in (at("proposals", viewer.workspace), proposal.get_absolute_url()):
        shown = browser.get(address)
        assert shown.status_code == 200
        assert "Asked for a fitting" in shown.content.decode()
        forms = shown.content.decode().count("<form") - shown.content.decode().count("/accounts/")
        assert forms <= 2, "only those of the navigation"
    for name in ("submit", "withdraw", "answer", "vote", "comment", "decide"):
        posted = browser.post(at(f"proposal-{name}", viewer.workspace, proposal.pk), pressed(text="x"))
        assert posted.status_code == 403, name
    assert saved(proposal).lane == Lane.SUBMITTED


def test_a_contributor_does_not_decide(proposal: Proposal, contributor: Membership, browser_of: BrowserOf) -> None:
    address = at("proposal-decide", contributor.workspace, proposal.pk)
    assert browser_of(contributor).post(address, pressed(decision="approve")).status_code == 403


def test_the_inbox_takes_the_same_queries_for_many(
    plan: Plan, order: Goal, contributor: Membership, lead: Membership, browser_of: BrowserOf
) -> None:
    counts = []
    browser = browser_of(lead)
    for _ in range(2):
        for n in range(3):
            make_proposal(plan, f"Proposal {n}", by=contributor)
        with CaptureQueriesContext(connection) as queries:
            browser.get(at("proposals", plan.workspace))
        counts.append(sum('FROM "goals_' in query["sql"] for query in queries))
    # departments, counts, five lanes, macro goals of one, what awaits the reader, the plan, two badges
    assert counts == [12, 12]


def test_lanes_count_everything_and_show_the_newest(
    plan: Plan, order: Goal, contributor: Membership, lead: Membership
) -> None:
    for n in range(14):
        make_proposal(plan, f"Proposal {n}", by=contributor, department="Stores" if n % 2 else "CRM")
    with scope.in_workspace(plan.workspace_id):
        [submitted] = [view for view in lanes_of(lead) if view.lane == Lane.SUBMITTED]
        assert (submitted.count, len(submitted.cards), submitted.hidden) == (14, 12, 2)
        assert submitted.cards[0].proposal.name == "Proposal 13"
        [stores] = [view for view in lanes_of(lead, department="Stores") if view.count]
        assert stores.count == 7


def test_the_badge_counts_what_waits_for_the_reader(
    plan: Plan, order: Goal, contributor: Membership, lead: Membership, owner: Membership, viewer: Membership
) -> None:
    make_proposal(plan, "Of the lead", by=lead)
    asked = make_proposal(plan, "Of the contributor", by=contributor)
    make_proposal(plan, "Another", by=contributor)
    with scope.in_workspace(plan.workspace_id):
        assert [awaiting(member).count() for member in (lead, owner, contributor, viewer)] == [2, 3, 0, 0]
        approval.ask(asked, "What?", by=Actor.of(lead), now=NOW)
        assert [awaiting(member).count() for member in (lead, owner, contributor, viewer)] == [1, 2, 1, 0]


def test_the_audit_trail_tells_of_proposals(proposal: Proposal, lead: Membership, browser_of: BrowserOf) -> None:
    with scope.in_workspace(proposal.workspace_id):
        approval.decline(proposal, "No", by=Actor.of(lead), now=NOW)
        assert AuditEntry.objects.filter(act="declined").exists()
    shown = browser_of(lead).get(reverse("workspaces:audit", args=[lead.workspace.slug])).content.decode()
    assert "Lead declined the proposal Asked for a fitting" in shown


def test_a_proposal_begins_with_an_event_of_the_catalogue(plan: Plan, contributor: Membership) -> None:
    client = Client()
    client.force_login(contributor.user)
    shown = client.get("/w/fjellsport/proposals/new/?event=fitting_requested").content.decode()
    assert 'value="event:fitting_requested"' in shown
    assert "Fitting requested" in shown
