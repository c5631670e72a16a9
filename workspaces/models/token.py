"""ApiToken: lets a program act in one workspace; hashed, scoped, revocable."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.models.owned import Owned
from workspaces.roles import Scope


class ApiToken(Owned):
    name = models.CharField(_("name"), max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)  # the secret itself is shown once and kept nowhere
    hint = models.CharField(max_length=12)  # the secret's first letters, to tell one from another
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope.choices), default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_on = models.DateField(null=True)

    class Meta(Owned.Meta):
        verbose_name = _("API token")
        default_related_name = "api_tokens"
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.name

    @property
    def scope_labels(self) -> list[str]:
        """Give the scopes in words."""
        return [str(Scope(each).label) for each in self.scopes]
