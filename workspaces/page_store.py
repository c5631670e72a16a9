"""Where rendered pages lie for seconds. A full disk or a cache that is away costs time and never an answer."""

from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import BaseCache, caches

log = structlog.get_logger(__name__)


def get(key: str) -> Any:  # what was put there
    """Give what lies there; None where nothing does."""
    return _tried(lambda pages: pages.get(key))


def put(key: str, what: object, *, seconds: float) -> None:
    """Lay it there for so long."""
    _tried(lambda pages: pages.set(key, what, timeout=seconds))


def remove(key: str) -> None:
    """Take it away, if it is there."""
    _tried(lambda pages: pages.delete(key))


def clear() -> None:
    """Take all away; raises what the store raises, since the caller promised it."""
    caches["pages"].clear()


def _tried(act: Callable[[BaseCache], Any]) -> Any:
    try:
        return act(caches["pages"])
    except Exception as fault:  # noqa: BLE001  # stores raise what their libraries raise
        log.warning("page_not_kept", fault=repr(fault))
        return None
