"""Source: a site, app or server that sends events to a workspace."""

import secrets

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracking.rules import WRITE_KEYS_BEGIN
from workspaces.models import Owned

MAX_ALIAS_CHARS = 128  # of another tool's key: a token, a host name, an id


def new_write_key() -> str:
    """Give a fresh write key; it may only write, and is public where a page carries it."""
    return WRITE_KEYS_BEGIN + secrets.token_urlsafe(18)


class Kind(models.TextChoices):
    BROWSER = "browser", _("Web site")
    SERVER = "server", _("Server or app")
    IMPORT = "import", _("Imported files")


class Source(Owned):
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.BROWSER)
    write_key = models.CharField(max_length=64, unique=True, default=new_write_key)
    hosts = ArrayField(  # own host names: their pages are ours, and links between them are no referrals
        models.CharField(max_length=253), default=list, blank=True, verbose_name=_("own host names")
    )
    origins = ArrayField(  # empty: any page may send
        models.CharField(max_length=253), default=list, blank=True, verbose_name=_("allowed origins")
    )
    currency = models.CharField(_("currency"), max_length=3, blank=True)  # for values that name none
    is_strict = models.BooleanField(  # else they are accepted, and marked
        _("only what is planned"), default=False, help_text=_("Hold back events that the plan does not know.")
    )
    counts_programs = models.BooleanField(_("count programs as well"), default=False)  # monitoring, tests of a site
    import_secret = models.BinaryField(null=True)  # of visitors in imported files; see tracking.imports.visitors
    closed_at = models.DateTimeField(null=True)  # its key is refused from then on
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1)  # guards against two people saving at once

    class Meta(Owned.Meta):
        default_related_name = "sources"
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("workspace", "slug"), name="source_slug_once"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("tracking:source", args=[self.workspace.slug, self.slug])


class SourceAlias(Owned):
    """A key of another tool that the source answers to, so that a site changes its tag's address and nothing else."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="aliases")
    protocol = models.CharField(max_length=20)  # a name in tracking.protocols.registry
    key = models.CharField(max_length=MAX_ALIAS_CHARS)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        default_related_name = "source_aliases"
        ordering = ("protocol", "key")
        # In all workspaces: the key alone says whose events they are.
        constraints = (models.UniqueConstraint(fields=("protocol", "key"), name="source_alias_once"),)

    def __str__(self) -> str:
        return f"{self.protocol}: {self.key}"
