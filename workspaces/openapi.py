"""What the OpenAPI document says of every address: the token, the pages of lists, the shape of errors."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import get_lib_doc_excludes
from drf_spectacular.utils import OpenApiParameter, inline_serializer
from rest_framework import serializers

from workspaces.serializers import Strict, StrictModel

# A parameter of every POST that `once_per_key` guards.
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key and body get the first answer again."
)
PAGING = [
    OpenApiParameter("limit", int, description="How many at most: 1 to 1000, 100 unless given."),
    OpenApiParameter("cursor", str, description="From `next` or `previous` of another page."),
]
FAULT = {
    "type": "object",
    "required": ["pointer", "code", "message"],
    "properties": {name: {"type": "string"} for name in ("pointer", "code", "message")},
}
PROBLEM = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status", "code", "detail", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": FAULT},
        "request_id": {"type": "string", "nullable": True},
    },
}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # untyped
    """Tells of `Authorization: Bearer mp_…`."""

    target_class = "workspaces.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:  # noqa: ARG002  # its signature
        """Give the scheme."""
        return {"type": "http", "scheme": "bearer", "description": "An API token of the workspace: mp_…"}


def doc_excludes() -> list[type]:
    """Give the classes whose docstrings speak to developers of the product, not to those of the API's clients."""
    return [*get_lib_doc_excludes(), Strict, StrictModel]  # type: ignore[no-untyped-call]  # untyped


def paged(output: type[serializers.Serializer[Any]], name: str) -> Any:  # a serializer made on the spot
    """Give the serializer of one page of a list; `name` is the component's."""
    return inline_serializer(
        name,
        {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": output(many=True),
        },
    )


def add_problems(result: dict[str, Any], **_unused: object) -> dict[str, Any]:  # drf-spectacular's hook
    """Say of every operation that whatever else it answers is a problem."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components.setdefault("responses", {})["Problem"] = {"description": "It was refused.", "content": content}
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            operation["responses"].setdefault("default", {"$ref": "#/components/responses/Problem"})
    return result
