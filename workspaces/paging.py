"""How lists of the API are cut into pages."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from workspaces.problems import BadParameter

LARGEST = 1000


class Pages(CursorPagination):
    """Newest first, by a cursor that stays right while rows are added."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "limit"
    max_page_size = LARGEST

    def get_page_size(self, request: Request) -> int:
        """Give `limit`; a wrong one is refused, not silently cut."""
        raw = request.query_params.get("limit")
        if raw is None:
            return self.page_size
        if not (raw.isascii() and raw.isdecimal() and len(raw) <= 4 and 1 <= int(raw) <= LARGEST):
            raise BadParameter("limit", f"limit is a whole number from 1 to {LARGEST}.")
        return int(raw)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Read `cursor`; one that this API did not make is refused."""
        try:
            return super().decode_cursor(request)
        except NotFound:
            raise _bad_cursor() from None

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:  # DRF's
        """Give the page; a cursor whose position is no value of the ordering's column is refused."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, ValidationError):
            raise _bad_cursor() from None


def _bad_cursor() -> BadParameter:
    return BadParameter("cursor", "This cursor was not made by this API; start again without one.")
