"""How a source's events are sent: code to copy, with its key and address filled in."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tracking import tag
from tracking.models import Kind, Source


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of code and what it is called."""

    label: str | Promise
    text: str


_TAG = """<script>{stub}</script>
<script async src="{script}" data-key="{key}"></script>"""

_CALL = """measureplan("purchase", {{value: 499, currency: "NOK", transaction_id: "1001",
  items: [{{item_id: "SKU-1", price: 249.5, quantity: 2}}]}});"""

_CONSENT = """measureplan("consent", {{analytics: true, ads: false}});"""

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
    direct = [
        Snippet(_("On the command line"), _CURL.format(address=address, key=source.write_key)),
        Snippet(_("In Python"), _PYTHON.format(address=address, key=source.write_key)),
    ]
    return _of_tag(source) + direct if source.kind == Kind.BROWSER else direct


def _of_tag(source: Source) -> list[Snippet]:
    """Give what a page carries; a server's key is secret and stands in none."""
    carried = _TAG.format(stub=tag.STUB, script=tag.address(), key=source.write_key)
    return [
        Snippet(_("Our own tag, in the head of every page"), carried),
        Snippet(_("An order, where it is confirmed"), _CALL.format()),
        Snippet(_("What the visitor agreed to"), _CONSENT.format()),
    ]
