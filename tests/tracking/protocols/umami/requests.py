"""Umami's events, as tests send them."""

import json
from typing import Any

from django.http import HttpResponse

from tests.tracking.protocols.senders import post

WEBSITE = "b59e9c65-ae32-47f1-8400-119fcf4861c4"
PAGE = {
    "website": WEBSITE,
    "hostname": "shop.example",
    "screen": "1920x1080",
    "language": "nb-NO",
    "title": "Tea",
    "url": "https://shop.example/tea?utm_source=avisa&utm_medium=newsletter",
    "referrer": "https://www.google.com/",
}


def send(kind: str = "event", headers: dict[str, str] | None = None, **payload: Any) -> HttpResponse:
    return post("/api/send", json.dumps({"type": kind, "payload": PAGE | payload}).encode(), headers)
