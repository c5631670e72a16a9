"""Matomo's tracking requests, as tests send them."""

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.test import Client

from tests.tracking.protocols.senders import BROWSER, post
from tracking import collect
from tracking.protocols.matomo.door import PROTOCOL
from tracking.protocols.seam import Incoming, Reply

HIT = {"idsite": "7", "rec": "1", "_id": "0123456789ABCDEF", "url": "https://shop.example/tea"}


def get(address: str = "/matomo.php", headers: dict[str, str] | None = None, **told: Any) -> HttpResponse:
    return Client().get(f"{address}?{urlencode(HIT | told)}", headers={"User-Agent": BROWSER} | (headers or {}))


def by_door(query: str) -> Reply:
    """Send by the short way, which lets NULs through that Django's own way refuses."""
    asked = Incoming(method="GET", path="/matomo.php", query=query, headers={"user-agent": BROWSER})
    return collect.answer(PROTOCOL, PROTOCOL.routes[0], asked)


def bulk(*requests: Any, **envelope: Any) -> HttpResponse:
    return post("/matomo.php", json.dumps({"requests": list(requests), **envelope}).encode())
