"""Reports that many look at: what was rendered for one reader is given to all who ask the same.

Twenty people who open the same page within seconds have it computed once, and nobody waits for it but the first: a page
that is behind the newest figures is shown while it is rendered anew, if it is not older than MP_PAGES_KEPT_SECONDS. It
says itself through when it is computed, and of which data. What anybody changes by a page or the API is seen by all at
once. What is the reader's own is never kept (workspaces.chrome), nor is a page with a form, since the form's token is
its reader's.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from workspaces import background, changes, chrome, page_store, scope
from workspaces.access import admit_to
from workspaces.pages import is_part
from workspaces.roles import Action

WORK_SECONDS: Final = 5.0  # others wait so long for the one who renders, then render themselves
LOOK_SECONDS: Final = 0.03  # between two looks whether the page has come
_TOKEN_TAKEN: Final = "CSRF_COOKIE_NEEDS_UPDATE"  # noqa: S105  # Django's word that a rendering took the form's token

type_of_view = Callable[..., HttpResponse]  # of a request, a workspace's slug, and the address's other parts
type_of_state = Callable[[int], object]  # of a workspace's id


class Asked(NamedTuple):
    """What a page is kept by.

    key    of the whole address, the reader's role and language, and the last change by hand
    state  of the figures
    """

    key: str
    state: str


class Kept(NamedTuple):
    """A page without its reader's own parts.

    texts    what stands between them, one more than there are
    left     the parts' names and labels
    headers  as the view set them
    state    of the figures that it shows
    at       when it was begun, in seconds since 1970
    """

    texts: tuple[str, ...]
    left: tuple[tuple[str, str], ...]
    headers: dict[str, str]
    state: str
    at: float

    def is_behind(self, state: str) -> bool:
        """Say whether it shall be rendered anew while it is shown."""
        return self.state != state or time.time() - self.at > settings.PAGES_KEPT_SECONDS / 2


def kept_by(state_of: type_of_state) -> Callable[[type_of_view], type_of_view]:
    """Keep the pages of a view that `allow` guards.

    state_of   names the state of the figures of the workspace with this id
    """

    def decorate(view: type_of_view) -> type_of_view:
        in_transaction: type_of_view = transaction.atomic(view)

        @transaction.non_atomic_requests  # pages are kept, and waited for, outside of any transaction
        @wraps(view)
        def served(request: HttpRequest, workspace: str, **kwargs: Any) -> HttpResponse:  # the address's own parts
            ask = partial(in_transaction, request, workspace, **kwargs)
            action: Action = view.action  # type: ignore[attr-defined]  # of `allow`
            asked = _asked(request, workspace, action, state_of) if settings.PAGES_KEPT_SECONDS else None
            if asked is None:  # whoever may not see it is told so by the view
                return ask()
            page = _wait_for(asked)
            if page is None:
                with _at_work(asked):
                    response, page = _rendered(request, asked, ask)
                response.content = _filled(request, page)
                return response
            if page.is_behind(asked.state) and not page_store.get(_work(asked)):
                own = background.copy_of(request)
                again = partial(in_transaction, own, workspace, **kwargs)
                background.do(asked.key, partial(_renew, own, asked, state_of, again))
            return HttpResponse(_filled(request, page), headers=page.headers)

        return served

    return decorate


def not_for_others(request: HttpRequest) -> None:
    """Have the page that is being rendered kept for nobody: it shows work that goes on meanwhile."""
    request.is_own = True  # type: ignore[attr-defined]


def forget() -> None:
    """Remove every page of every workspace: what is erased must stand nowhere."""
    if not settings.CACHE_URL:  # that cache forgets by itself, in seconds
        page_store.clear()


@transaction.atomic
def _asked(request: HttpRequest, slug: str, action: Action, state_of: type_of_state) -> Asked | None:
    member = admit_to(request, slug, action)
    if member is None or request.method != "GET":
        return None
    workspace_id = member.workspace_id
    seen_as = (request.get_full_path(), is_part(request), member.role, get_language())
    told = (workspace_id, seen_as, changes.newest(workspace_id))
    return Asked(hashlib.sha256(repr(told).encode()).hexdigest(), str(state_of(workspace_id)))


def _wait_for(asked: Asked) -> Kept | None:
    """Give the page; where somebody renders the first one, as soon as they have."""
    until = time.monotonic() + WORK_SECONDS
    page: Kept | None = page_store.get(asked.key)
    while page is None and page_store.get(_work(asked)) and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
        page = page_store.get(asked.key)
    return page or page_store.get(asked.key)  # the work may have ended between the two looks


@contextmanager
def _at_work(asked: Asked) -> Iterator[None]:
    page_store.put(_work(asked), True, seconds=WORK_SECONDS)
    try:
        yield
    finally:
        page_store.remove(_work(asked))


def _work(asked: Asked) -> str:
    return f"{asked.key}:work"


def _rendered(request: HttpRequest, asked: Asked, ask: Callable[[], HttpResponse]) -> tuple[HttpResponse, Kept]:
    """Have the page rendered without its reader's own parts, and keep it where it may be kept."""
    began = time.time()
    with chrome.left_out(request) as marks:
        response = ask()
    texts = tuple(response.content.decode().split(marks.sign))
    page = Kept(texts, tuple(marks.left), dict(response.items()), asked.state, began)
    is_own = getattr(request, "is_own", False) or _TOKEN_TAKEN in request.META
    if response.status_code == 200 and not is_own:
        page_store.put(asked.key, page, seconds=settings.PAGES_KEPT_SECONDS)
    return response, page


def _renew(request: HttpRequest, asked: Asked, state_of: type_of_state, ask: Callable[[], HttpResponse]) -> None:
    """Render the page of the newest figures: they may have come while this waited."""
    with _at_work(asked):
        with scope.in_workspace(request.workspace.pk):  # type: ignore[attr-defined]  # of `admit_to`
            state = str(state_of(request.workspace.pk))  # type: ignore[attr-defined]
        _rendered(request, asked._replace(state=state), ask)


@transaction.atomic
def _filled(request: HttpRequest, page: Kept) -> str:
    if not page.left:
        return page.texts[0]
    scope.enter(request.workspace.pk)  # type: ignore[attr-defined]  # of `admit_to`
    return chrome.fill(request, page.texts, page.left)
