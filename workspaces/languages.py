"""Which language a reader is spoken to in: the person's own choice, else the browser's wish; English for programs."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from babel.dates import format_date
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

from workspaces.models import User, Workspace
from workspaces.problems import is_api

BRITISH: Final = {"en": "en_GB"}  # the day before the month, as in every table and chart
POINT_AFTER_DAY: Final = frozenset({"nb", "da"})  # Norwegian and Danish set one, English and Swedish do not
NEAREST: Final = {"no": "nb", "nn": "nb"}  # a browser may ask for a language that is read as well as one of ours


def choices() -> list[tuple[str, str]]:
    """Give every language by its code, named in itself."""
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def known(code: str | None) -> str:
    """Give the code where the interface speaks it, else ""."""
    return code if code in dict(settings.LANGUAGES) else ""


def of_request(request: HttpRequest) -> str:
    """Give the language of the answer. Programs read one language, whatever their library asks for."""
    if _is_for_nobody(request):
        return str(settings.LANGUAGE_CODE)
    own = known(request.user.language) if request.user.is_authenticated else ""
    return own or chosen(request) or _wished(request.META.get("HTTP_ACCEPT_LANGUAGE", ""))


def chosen(request: HttpRequest) -> str:
    """Give what was chosen in this browser on a page without sign-in, "" for nothing."""
    return known(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))


def of_reader(person: User | None, workspace: Workspace | None = None) -> str:
    """Give the language to write to somebody in who is not here: their choice, else their workspace's."""
    own = known(person.language) if person else ""
    return own or (known(workspace.language) if workspace else "") or str(settings.LANGUAGE_CODE)


@contextmanager
def speaking(person: User | None, workspace: Workspace | None = None) -> Iterator[None]:
    """Run the block in the language of somebody who is not here: for mails, reports, notifications."""
    with translation.override(of_reader(person, workspace)):
        yield


def long_day(value: date) -> str:
    """Write a calendar day in running text: "6 December 2026", "6. desember 2026"."""
    language = translation.get_language() or "en"
    return str(format_date(value, "long", locale=BRITISH.get(language, language)))


def short_day(value: date, *, with_year: bool = True) -> str:
    """Write a calendar day in a table or a chart, never broken over two lines: "6 Dec 2026", "6. des. 2026"."""
    language = (translation.get_language() or "en")[:2]
    start = "d. MMM" if language in POINT_AFTER_DAY else "d MMM"
    written = str(format_date(value, f"{start} y" if with_year else start, locale=language))
    return written.replace(" ", "\N{NO-BREAK SPACE}")


class LanguageMiddleware:
    """Stands behind AuthenticationMiddleware, since it asks who reads; leaves no language behind in the thread."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the reader's language, and say so."""
        language = of_request(request)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not _is_for_nobody(request):
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def _is_for_nobody(request: HttpRequest) -> bool:
    """Say whether the answer is read by programs alone: the API's, and the tag that every page on the web may load."""
    return is_api(request) or request.path_info.startswith("/mp.")


def _wished(header: str) -> str:
    """Give the first language of the header's order of preference that the interface speaks."""
    for wish, _quality in parse_accept_lang_header(header.lower()):
        start = wish.split("-", maxsplit=1)[0]
        if found := known(NEAREST.get(start, start)):
            return found
    return str(settings.LANGUAGE_CODE)
