"""How rows of the plan are answered: with their ETag; and what stands in the way of a removal."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers, status
from rest_framework.response import Response

from workspaces.preconditions import etag
from workspaces.problems import Fault, problem
from workspaces.refusal import Refusal


def shown(output: type[serializers.Serializer[Any]], row: Any, code: int = status.HTTP_200_OK) -> Response:  # any model
    """Answer with one row and the version that If-Match takes."""
    return Response(output(row).data, status=code, headers={"ETag": etag(row.revision)})


def in_use(refusal: Refusal, users: Sequence[str]) -> HttpResponse:
    """Answer 409 with a line for each thing that stands on the row."""
    return problem(409, refusal.code, str(refusal), errors=[Fault("", "user", user) for user in users])
