"""A plan into the archive and back, over HTTP."""

from collections.abc import Callable
from typing import ClassVar

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from goals import signing
from goals.api.answers import shown
from goals.api.plans import Plans
from goals.models import Plan
from workspaces.api import WorkspaceView
from workspaces.idempotency import once_per_key
from workspaces.openapi import IDEMPOTENCY_KEY
from workspaces.preconditions import require_match
from workspaces.roles import Action


class LifeView(WorkspaceView):
    """An act of a plan's life as a whole."""

    actions: ClassVar = {"POST": Action.EDIT_PLAN}

    def answer(self, request: Request, slug: str, act: Callable[..., Plan]) -> Response:
        """Do it, and answer with the plan as it is then."""
        row = get_object_or_404(self.bearer.workspace.plans.select_related("owner", "workspace"), slug=slug)
        require_match(request, row.revision)
        return shown(Plans.Output, act(row, by=str(self.bearer), now=timezone.now()))


class Archiving(LifeView):
    """Puts a plan away."""

    @extend_schema(operation_id="plans_archive", parameters=[IDEMPOTENCY_KEY], request=None, responses=Plans.Output)
    @once_per_key
    def post(self, request: Request, plan: str) -> Response:
        """Put the plan with its goals into the archive, their history kept; what waits for signatures is withdrawn."""
        return self.answer(request, plan, signing.archive_plan)


class Reopening(LifeView):
    """Takes a plan out again."""

    @extend_schema(operation_id="plans_reopen", parameters=[IDEMPOTENCY_KEY], request=None, responses=Plans.Output)
    @once_per_key
    def post(self, request: Request, plan: str) -> Response:
        """Take the plan out of the archive with the goals that went there with it."""
        return self.answer(request, plan, signing.reopen)
