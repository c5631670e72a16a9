"""The server that browsers ask in tests: its files come as production serves them, one sheet that a browser keeps."""

import functools
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_cache_control
from pytest_django.live_server_helper import LiveServer

from measureplan import styles

DAY_SECONDS = 86_400


class CollectedLike(StaticFilesHandler):
    """Serves the sources of static files as if they were collected.

    Without it each empty browser asks for each of the sheet's many files, and again while a checkout is young.
    """

    def serve(self, request: HttpRequest) -> HttpResponseBase:
        is_sheet = self.file_path(request.path) == styles.SHEET
        answer = HttpResponse(_sheet(), content_type="text/css") if is_sheet else super().serve(request)
        patch_cache_control(answer, max_age=DAY_SECONDS, immutable=True)
        return answer


@functools.cache
def _sheet() -> str:
    return styles.joined(_text(styles.SHEET), lambda name: _text(f"css/{name}"))


def _text(name: str) -> str:
    found = finders.find(name)
    assert isinstance(found, str), f"static/{name} is missing"
    return Path(found).read_text(encoding="utf-8")


def start() -> LiveServer:
    """Start the server in a thread, on a free port of its own."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = CollectedLike
    server.start()
    return server
