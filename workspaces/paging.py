"""How lists of the API are cut into pages."""

from rest_framework.pagination import CursorPagination


class Pages(CursorPagination):
    """Newest first, by a cursor that stays right while rows are added."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "limit"
    max_page_size = 1000
