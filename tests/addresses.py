"""Every address of the product, found by walking the URL configuration; and what to fill its parts with.

A storey says what its own addresses need in `tests/<app>/addresses.py`:

    SAMPLES = {"goal": lambda owner: make_goal(owner.workspace).slug}   # by the part's name; called in the workspace
    SAMPLES = {"workspace": with_a_plan}   # optional: what the workspace must hold first; gives its slug
    PUBLIC = {"g/collect": "the door of gtag; a write key is its own proof"}  # addresses that nobody signs in for

`tests/test_house.py` visits each address as every role, as an outsider and as nobody; an address whose part has no
sample, or that neither `allow` guards nor PUBLIC explains, fails there by name.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

import tests
from workspaces import scope
from workspaces.models import Membership

Sample = Callable[[Membership], Any]  # from the shop's owner to the part's value

PUBLIC = {
    "healthz": "asked by the machine that runs it",
    "readyz": "asked by the load balancer",
    "metrics": "guards itself, by a token or the machine's own address",
    "api/v1/schema/": "describes the API; holds no data",
}


@dataclass(frozen=True)
class Address:
    """One pattern: its route from the root, its view, and the names of its parts."""

    route: str
    view: Callable[..., Any] = field(compare=False)
    parts: tuple[str, ...]
    app: str  # the namespace, or for the API the package of the view

    def __str__(self) -> str:
        return self.route or "(start page)"

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def api_view(self) -> Any:
        """Give the view's class; None where it is a function."""
        return getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)

    def path(self, owner: Membership) -> str:
        """Give the address with its parts filled from the owner's workspace."""
        path = "/" + self.route
        for part in self.parts:
            path = re.sub(rf"<(\w+:)?{part}>", str(self._value(part, owner)), path)
        return path

    def _value(self, part: str, owner: Membership) -> Any:
        samples = registered(self.app, "SAMPLES")
        if part == "workspace" and part not in samples:
            return owner.workspace.slug
        assert part in samples, (
            f'{self}: tests/{self.app}/addresses.py has no SAMPLES["{part}"]; see tests/addresses.py'
        )
        with scope.in_workspace(owner.workspace_id):
            return samples[part](owner)


def addresses() -> list[Address]:
    """Give every address but those of allauth, which guard themselves."""
    return [address for address in _walk(get_resolver(), "", "") if not address.route.startswith("accounts/")]


def public() -> dict[str, str]:
    """Give the routes that nobody signs in for, each with its reason."""
    found = dict(PUBLIC)
    for module in pkgutil.iter_modules(tests.__path__):
        if module.ispkg:
            found |= registered(module.name, "PUBLIC")
    return found


def registered(app: str, name: str) -> dict[str, Any]:
    """Give what the app's test package registers under the name."""
    try:
        module = importlib.import_module(f"tests.{app}.addresses")
    except ModuleNotFoundError:
        return {}
    return dict(getattr(module, name, {}))


def _walk(resolver: URLResolver, before: str, app: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            parts = tuple(pattern.pattern.converters)
            owner = app or pattern.callback.__module__.split(".", maxsplit=1)[0]
            yield Address(route, pattern.callback, parts, owner)
        else:
            yield from _walk(pattern, route, pattern.app_name or app)
