"""Keeps the secrets that stand in addresses out of the log: whoever reads it could open what they open."""

import re

from structlog.typing import EventDict, WrappedLogger

# A link's address as the log writes it: after the method, or after what went wrong.
SECRET = re.compile(r"(?<= /)(join|shared|no-more-mail)/[^/\s?]+")


def without_secrets(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Put an ellipsis in the place of each secret; a processor of structlog."""
    for key in ("request", "event"):
        if isinstance(event.get(key), str):
            event[key] = SECRET.sub(r"\1/…", event[key])
    return event
