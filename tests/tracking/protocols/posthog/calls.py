"""PostHog's events as its library for browsers makes them."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from tests.tracking.protocols.senders import post

KEY = "phc_0KEY"
V1 = "/i/v1/analytics/events"
URL = "https://shop.example/tea?utm_source=avisa"
SEEN = {"$current_url": URL, "$referrer": "https://www.google.com/", "title": "Tea", "$session_id": "s1"}
ANONYMOUS = {"distinct_id": "a1", "$device_id": "a1", "$is_identified": False, "$process_person_profile": False}


def event(name: str = "$pageview", *, uuid: str = "e1", **properties: Any) -> dict[str, Any]:
    """Give an event as the browser's library makes it; properties that are None are taken out."""
    told = {"token": KEY} | SEEN | ANONYMOUS | {"utm_source": "earlier", "$lib": "web"} | properties
    when = (timezone.now() - timedelta(seconds=2)).isoformat()
    kept = {key: value for key, value in told.items() if value is not None}
    return {"event": name, "uuid": uuid, "timestamp": when, "properties": kept, "$set_once": {"email": "a@b.example"}}


def send(*events: Any, address: str = "/e/", **headers: str) -> HttpResponse:
    return post(address, json.dumps(list(events)).encode(), headers)
