"""The secrets behind the visitor ids of imported files: one a source, from which each day's is derived.

A tag's visitors are hashed with a secret that is gone after two days (tracking.salts). A file may come again, or
longer: last month's log today, the whole year's in December. Its days must give the same ids then, or one visitor
would become two. So a source that files are imported into keeps a secret of its own, and a day's secret is its HMAC
with that day.

What it costs: as long as the secret exists, somebody who holds both the database and an address with its User-Agent
can compute that visitor's ids, for every day. Whoever holds the log has those addresses in plain text anyway; still
the secret goes once it has not been needed for KEPT. After that a file adds no event twice either, since event ids do
not depend on the secret; only the new lines of a day that was imported in part get visitors of their own.
"""

import hmac
import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Exists, OuterRef

from tracking.models import Import, Source

KEPT = timedelta(days=60)  # after the source's last import; logs are rotated monthly at the latest
BYTES = 32


def salts_of(source: Source) -> Callable[[date], bytes]:
    """Give the function that makes a UTC day's secret; call it inside the workspace, before the file is read."""
    secret = _secret_of(source)

    @lru_cache(maxsize=4_096)
    def salt_of(day: date) -> bytes:
        return hmac.digest(secret, day.isoformat().encode(), "sha256")

    return salt_of


def purge(*, now: datetime) -> int:
    """Remove the workspace's secrets that were not needed for long; say how many."""
    recent = Import.objects.filter(source=OuterRef("pk"), created_at__gte=now - KEPT)
    unused = Source.objects.exclude(import_secret=None).filter(~Exists(recent))
    return unused.update(import_secret=None)


def _secret_of(source: Source) -> bytes:
    row = Source.objects.filter(pk=source.pk)
    row.filter(import_secret=None).update(import_secret=secrets.token_bytes(BYTES))
    return bytes(row.values_list("import_secret", flat=True).get() or b"")
