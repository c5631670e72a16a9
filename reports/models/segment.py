"""Segment: a group of persons, said by what they did and did not do, that a workspace asks about again and again."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from workspaces.models import Membership, Owned

LONGEST_TEXT = 4_000  # letters


class Segment(Owned):
    """A saved definition as people type it; who is in it is computed from the lake each time."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=120)
    description = models.CharField(_("description"), max_length=500, blank=True)
    owner = models.ForeignKey(
        Membership, verbose_name=_("owner"), on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    text = models.CharField(max_length=LONGEST_TEXT)  # read by reports.segments.parsing
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Owned.Meta):
        default_related_name = "segments"
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="segment_slug_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:segment", args=[self.workspace.slug, self.slug])
