"""How a source's events are sent: code to copy, with its key and address filled in."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking.models import Source


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code and what it is called."""

    label: str | Promise
    text: str


_CURL = """curl {address} \\
  -H 'Content-Type: application/json' \\
  -H 'X-Write-Key: {key}' \\
  -d '{{"event_id": "order-1001", "name": "purchase", "visitor_id": "visitor-1",
       "value": "499.00", "currency": "NOK", "transaction_id": "1001"}}'"""

_PYTHON = """import json
import urllib.request

events = [
    {{"event_id": "order-1001", "name": "purchase", "visitor_id": "visitor-1",
     "value": "499.00", "currency": "NOK", "transaction_id": "1001"}},
]
request = urllib.request.Request(
    "{address}/batch",
    json.dumps({{"events": events}}).encode(),
    {{"Content-Type": "application/json", "X-Write-Key": "{key}"}},
)
print(urllib.request.urlopen(request, timeout=10).read().decode())"""


def snippets_of(source: Source) -> list[Snippet]:
    """Give the ways to send to the source."""
    address = f"{settings.BASE_URL}/api/v1/collect"
    return [
        Snippet(_("On the command line"), _CURL.format(address=address, key=source.write_key)),
        Snippet(_("In Python"), _PYTHON.format(address=address, key=source.write_key)),
    ]
