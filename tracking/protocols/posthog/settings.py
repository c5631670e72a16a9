"""What PostHog's browser library asks for before it starts: no feature of PostHog's but sending events is here."""

from typing import Any

import msgspec

from tracking.protocols.seam import Incoming, Reply

_encode = msgspec.json.Encoder(order="sorted").encode
_UNCACHED = {"Cache-Control": "no-store"}
_JSON = {"Content-Type": "application/json"} | _UNCACHED
# As PostHog's own answer names them. What a library finds switched off it does not ask for.
_SETTINGS: dict[str, Any] = {  # Any: JSON
    "analytics": {"endpoint": "/i/v0/e/"},
    "autocaptureExceptions": False,
    "autocapture_opt_out": False,
    "captureDeadClicks": False,
    "capturePerformance": False,
    "conversations": False,
    "elementsChainAsString": True,
    "errorTracking": {"autocaptureExceptions": False, "suppressionRules": []},
    "hasFeatureFlags": False,
    "heatmaps": False,
    "isAuthenticated": False,
    "logs": {"captureConsoleLogs": False},
    "productTours": False,
    "sessionRecording": False,
    "siteApps": [],
    "supportedCompression": ["gzip", "gzip-js"],
    "surveys": False,
    "toolbarParams": {},
}
_NO_FLAGS: dict[str, Any] = {
    "errorsWhileComputingFlags": False,
    "featureFlagPayloads": {},
    "featureFlags": {},
    "flags": {},
}


def settings_of(incoming: Incoming) -> Reply:
    """Give the project's settings as JSON."""
    return Reply(200, _encode(_SETTINGS | {"token": _key_in(incoming)}), _JSON)


def script_of(incoming: Incoming) -> Reply:
    """Give them as the script that puts them where the library looks."""
    key = _key_in(incoming)
    held = _encode({"config": _SETTINGS | {"token": key}, "siteApps": []}).decode()
    where = f"window._POSTHOG_REMOTE_CONFIG[{_encode(key).decode()}]"
    text = f"window._POSTHOG_REMOTE_CONFIG = window._POSTHOG_REMOTE_CONFIG || {{}};\n{where} = {held};\n"
    return Reply(200, text.encode(), {"Content-Type": "text/javascript; charset=utf-8"} | _UNCACHED)


def flags_of(_incoming: Incoming) -> Reply:
    """Say that there are no feature flags."""
    return Reply(200, _encode(_SETTINGS | _NO_FLAGS), _JSON)


def recorded(_incoming: Incoming) -> Reply:
    """Take a recording of the screen, and leave it."""
    return Reply(200, b'{"status":1}', _JSON)


def _key_in(incoming: Incoming) -> str:
    """Give the key of `/array/<key>/config`."""
    return incoming.path.split("/")[2].replace("\x00", "\ufffd")
