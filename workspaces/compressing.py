"""The middleware that sends pages compressed: most of a report's weight is its HTML."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Compresses HTML alone, with random padding, so that an answer's length says nothing of the secrets in it.

    What programs read stays as it is: compressed, its ETag would be a weak one, which If-Match never meets.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a page for readers that take it."""
        is_page = response.get("Content-Type", "").startswith("text/html")
        compressed: HttpResponseBase = super().process_response(request, response) if is_page else response
        return compressed
