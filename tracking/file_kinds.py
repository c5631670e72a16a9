"""What kind of file a path asks for, by its suffix: a page, a part of a page, a feed, or a download."""

import re

# fmt: off
_ASSETS = frozenset({
    ".avif", ".bmp", ".css", ".cur", ".eot", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".json", ".map",
    ".mjs", ".otf", ".png", ".svg", ".swf", ".tif", ".tiff", ".ttf", ".wasm", ".webmanifest", ".webp",
    ".woff", ".woff2", ".xml", ".xsl",
})
_DOWNLOADS = frozenset({
    ".7z", ".apk", ".avi", ".bin", ".bz2", ".csv", ".deb", ".dmg", ".doc", ".docx", ".epub", ".exe", ".gem",
    ".gz", ".iso", ".jar", ".m4a", ".m4v", ".mobi", ".mov", ".mp3", ".mp4", ".msi", ".odp", ".ods", ".odt",
    ".ogg", ".pdf", ".pkg", ".ppt", ".pptx", ".rar", ".rpm", ".tar", ".tgz", ".war", ".wav", ".webm",
    ".whl", ".xls", ".xlsx", ".xz", ".zip",
})
# fmt: on
_FEEDS = frozenset({".rss", ".rss2", ".atom", ".rdf"})
_MACHINE_FILES = frozenset({"/robots.txt", "/ads.txt", "/app-ads.txt", "/humans.txt", "/security.txt"})
_FEED_PATH = re.compile(r"/(?:feeds?|rss2?|atom)(?:/|$)|/(?:feed|rss2?|atom|index)\.xml$")
_FEED_QUERY = re.compile(r"[?&](?:flav|feed|format)=(?:rss|rss2|rss20|atom|rdf|feed)(?:[&#]|$)", re.IGNORECASE)


def is_asset(path: str) -> bool:
    """Tell a file that belongs to a page from the page; `path` in lower case."""
    is_file = _suffix(path) in _ASSETS or path in _MACHINE_FILES or path.startswith("/.well-known/")
    return is_file and not is_feed(path, "")


def is_feed(path: str, target: str) -> bool:
    """Tell RSS and Atom, by path or by query (`?flav=rss20`, `?feed=atom`)."""
    return _suffix(path) in _FEEDS or bool(_FEED_PATH.search(path) or _FEED_QUERY.search(target))


def is_download(path: str) -> bool:
    """Tell a file that people take away, by its suffix; `path` in lower case."""
    return _suffix(path) in _DOWNLOADS


def _suffix(path: str) -> str:
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot > 0 else ""
