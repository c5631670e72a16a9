"""A program with an API token of the shop."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from tests.builders import make_token
from workspaces.models import Membership
from workspaces.roles import Scope


class Program:
    """Sends JSON with a token, as a program does."""

    def __init__(self, secret: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {secret}"}, raise_request_exception=False)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {} if body is None else {"data": body, "content_type": "application/json"}
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return getattr(self.client, method)(f"/api/v1/{path}", headers=names, **sent)


@pytest.fixture
def program(owner: Membership) -> Callable[..., Any]:
    """A program whose token has every scope of the shop."""
    return Program(make_token(owner, *Scope))


@pytest.fixture(autouse=True)
def _fresh_counts() -> None:
    caches["throttle"].clear()
