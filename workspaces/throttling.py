"""How many requests one API token may make a minute."""

from django.core.cache import caches
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from workspaces.tokens import Bearer


class TokenThrottle(SimpleRateThrottle):
    """Counts by token, and by address where none was shown.

    The count is each web process's own unless MP_CACHE_URL names a cache that they share: a row in the database would
    make the requests of one token wait for each other.
    """

    scope = "token"
    cache = caches["throttle"]

    def get_cache_key(self, request: Request, view: object) -> str:  # noqa: ARG002  # DRF's signature
        """Give the key under which the request is counted."""
        who = f"token-{request.auth.token.pk}" if isinstance(request.auth, Bearer) else self.get_ident(request)
        return f"api-rate:{who}"
