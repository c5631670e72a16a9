"""Proposal, Comment, Vote: a department's suggestion and its road into the plan."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from goals.models.goal import Goal, MicroKind, Stage
from goals.models.plan import Plan
from workspaces.models import Membership, Owned


class Lane(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    NEEDS_INFO = "needs_info", _("Needs info")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")


OPEN = (Lane.DRAFT, Lane.SUBMITTED, Lane.NEEDS_INFO)


class ProposalRows(models.QuerySet["Proposal"]):
    """Proposals of a workspace."""

    def seen_by(self, member: Membership) -> "ProposalRows":
        """Leave out other people's drafts."""
        return self.exclude(~Q(author=member), lane=Lane.DRAFT)

    def awaiting_decision(self) -> "ProposalRows":
        """Give those that a lead has to answer."""
        return self.filter(lane=Lane.SUBMITTED)


class Proposal(Owned):
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="proposals")
    author = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)  # stays when the member has left
    department = models.CharField(_("department"), max_length=80, blank=True)
    name = models.CharField(_("name"), max_length=120)
    moment = models.CharField(_("when exactly"), max_length=300, blank=True)
    rationale = models.CharField(_("why"), max_length=500, blank=True)
    micro_kind = models.CharField(_("kind of micro goal"), max_length=10, choices=MicroKind.choices, blank=True)
    stage = models.CharField(_("stage"), max_length=5, choices=Stage.choices, blank=True)
    supports = models.ManyToManyField(
        Goal, related_name="+", blank=True, through="goals.ProposalSupport", verbose_name=_("supports")
    )
    definition = models.JSONField(null=True)  # goals.definition.Definition.as_json; None: nothing tracked yet
    lane = models.CharField(max_length=10, choices=Lane.choices, default=Lane.DRAFT)
    backtest = models.JSONField(null=True)  # what it would have counted when it was submitted
    submitted_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)  # of the last answer
    goal = models.ForeignKey(Goal, on_delete=models.SET_NULL, null=True, related_name="proposals")  # what became of it
    is_merged = models.BooleanField(default=False)  # approved into a goal that was there already
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ProposalRows.as_manager()

    class Meta(Owned.Meta):
        default_related_name = "proposals"
        ordering = ("-changed_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("goals:proposal", args=[self.workspace.slug, self.pk])

    @property
    def is_open(self) -> bool:
        """Say whether it can still change."""
        return self.lane in OPEN


class ProposalSupport(Owned):
    """A proposed goal would support a macro goal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="supporting")
    macro = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")

    class Meta(Owned.Meta):
        default_related_name = "proposal_supports"
        constraints = (models.UniqueConstraint(fields=("proposal", "macro"), name="proposal_support_once"),)

    def __str__(self) -> str:
        return f"{self.proposal} supports {self.macro}"


class Comment(Owned):
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Membership, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    text = models.CharField(_("comment"), max_length=2000)
    mentioned = ArrayField(models.BigIntegerField(), default=list, blank=True)  # memberships
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "comments"
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:60]}"


class Vote(Owned):
    """A member finds the proposal worth having."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="votes")
    member = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "votes"
        constraints = (models.UniqueConstraint(fields=("proposal", "member"), name="vote_once"),)

    def __str__(self) -> str:
        return f"{self.member} for {self.proposal}"
