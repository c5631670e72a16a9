"""Idempotency-Key: a POST that is repeated with the same key does its work once and is answered the same again.

    class Members(APIView):
        @once_per_key
        def post(self, request: Request) -> Response: ...

Kept for 72 hours per token and route. The same body gets the first answer with `Idempotent-Replayed: true`; another
body 422; a request while the first still runs 409. Answers of 5xx are not kept, and neither are those given before the
method ran (401, 403, 429). An answer that shows a secret is kept without it: set `response.kept` to what may be kept.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, cast

from django.db import connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from workspaces import problems
from workspaces.models import IdempotentReply
from workspaces.tokens import Bearer

KEPT = timedelta(hours=72)
LONGEST = 255
HEADERS = ("Content-Type", "Location", "ETag")  # those of an answer that are its own, not the connection's

Handler = Callable[..., HttpResponse]


def once_per_key(handler: Handler) -> Handler:
    """Let a method of an API view honour Idempotency-Key; without the header it runs as it is."""

    @wraps(handler)
    def guarded(view: APIView, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:  # the address's parts
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return handler(view, request, *args, **kwargs)
        if not (1 <= len(key) <= LONGEST and key.isascii() and key.isprintable()):
            raise problems.BadBody("invalid_idempotency_key", f"Idempotency-Key is 1 to {LONGEST} printable letters.")
        return _once(lambda: handler(view, request, *args, **kwargs), request, key, now=timezone.now())

    return guarded


def _once(act: Callable[[], HttpResponse], request: Request, key: str, *, now: datetime) -> HttpResponse:
    bearer = cast(Bearer, request.auth)
    match = request.resolver_match
    route = f"{request.method} {match.route if match else request.path}"
    if not _lock(lock_number(bearer.token.pk, route, key)):
        raise problems.BadBody("idempotency_in_progress", "The first request with this key still runs.", status=409)
    fingerprint = hashlib.sha256(request.get_full_path().encode() + b"\n" + request.body).hexdigest()
    replies = IdempotentReply.objects.filter(token=bearer.token, route=route, key=key)
    kept = replies.filter(created_at__gt=now - KEPT).first()
    if kept is not None:
        return _again(kept, fingerprint)
    answer = _run(act)
    if answer.status_code < 500:
        replies.delete()
        IdempotentReply.objects.create(
            workspace=bearer.workspace,
            token=bearer.token,
            route=route,
            key=key,
            fingerprint=fingerprint,
            status=answer.status_code,
            headers=_headers_of(answer),
            body=_body_of(answer),
            created_at=now,
        )
    return answer


def lock_number(token_id: int, route: str, key: str) -> int:
    """Give the number of the key's advisory lock: 64 bits of a hash, so that two keys do not meet."""
    return int.from_bytes(hashlib.sha256(f"{token_id} {route} {key}".encode()).digest()[:8], signed=True)


def _lock(number: int) -> bool:
    """Take the key until the transaction ends; False where another request holds it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])


def _run(act: Callable[[], HttpResponse]) -> HttpResponse:
    """Do the work; a refusal is undone, yet answered and kept like any other answer."""
    try:
        with transaction.atomic():
            return act()
    except Exception as fault:
        answer = problems.answer_for(fault)
        if answer is None or answer.status_code >= 500:
            raise
        return answer


def _headers_of(answer: HttpResponse) -> dict[str, str]:
    kept = {name: answer[name] for name in HEADERS if name in answer}
    if isinstance(answer, Response):  # it has its type only when it is rendered, after this
        kept["Content-Type"] = "application/json"
    return kept


def _body_of(answer: HttpResponse) -> bytes:
    if not isinstance(answer, Response):
        return answer.content
    return bytes(JSONRenderer().render(getattr(answer, "kept", answer.data)))


def _again(kept: IdempotentReply, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        message = "This key was used with another body; a new request needs a new key."
        raise problems.BadBody("idempotency_key_reused", message, status=422)
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(bytes(kept.body), status=kept.status, headers=headers)
