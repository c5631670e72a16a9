"""The pages on which a question is saved under a name, saved anew, and removed: the same for each kind of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from reports import saving
from reports.models import CohortTable, Exploration, Flow, Funnel
from reports.question import Fault
from reports.saving import Draft, QuestionDraft
from reports.views.saved import Shelf, take_away
from workspaces.access import MemberRequest
from workspaces.forms import ModelForm, sent, submit
from workspaces.pages import page


class Queried(Protocol):
    """A question that an address holds."""

    def query(self) -> str:
        """Print it as the address's query."""


class Kept(Queried, Protocol):
    """A question of which all is saved but the dates."""

    def kept(self) -> dict[str, str]:
        """Give what is saved."""


Row = TypeVar("Row", Funnel, Flow, Exploration, CohortTable)
Known = TypeVar("Known")  # what a question can name
Question = TypeVar("Question", bound=Queried)
KeptQuestion = TypeVar("KeptQuestion", bound=Kept)


@dataclass(frozen=True, slots=True)
class Kind(Generic[Row, Known, Question]):
    """One kind of questions.

    shelf          where they are asked
    pages          the names of its addresses, with {} for new, edit and remove
    known          gives what a question of a workspace can name, now
    read           reads the parameters of an address, whatever they are, and says what was wrong with them
    form           asks for a name
    save, change   the titles of the pages
    draft          what is saved, of a name and a question; `draft_type` reads it back from a row
    said           what is shown as saved
    parameter      of an address, which names a saved one
    """

    model: type[Row]
    shelf: Shelf
    pages: str
    known: Callable[..., Known]  # (workspace, *, now)
    read: Callable[[Mapping[str, str], Known], tuple[Question, tuple[Fault, ...]]]
    form: type[ModelForm]
    save: Promise
    change: Promise
    draft: Callable[[str, Question], Draft]
    draft_type: type[Draft]
    said: Callable[[Question], Sequence[str]]
    parameter: str = "saved"

    def asked(self, request: MemberRequest, saved: str = "") -> tuple[Known, Question, tuple[Fault, ...]]:
        """Read the question of the address, with what it can name and what was wrong; `saved` is the one it is of."""
        named: Known = self.known(request.workspace, now=timezone.now())
        asked, faults = self.read(request.GET.dict() | ({self.parameter: saved} if saved else {}), named)
        return named, asked, faults

    def address(self, act: str, request: MemberRequest, *slugs: str) -> str:
        """Give the address of an act: new, edit or remove."""
        return reverse(self.pages.format(act), args=[request.workspace.slug, *slugs])

    def addresses(self, request: MemberRequest, asked: Question, slug: str) -> dict[str, str]:
        """Give the ways to save what is asked; `slug` is that of the saved one that it began as, "" for none."""
        query = asked.query()
        return {
            "new_url": f"{self.address('new', request)}?{query}",
            "edit_url": f"{self.address('edit', request, slug)}?{query}" if slug else "",
        }


def kept_whole(
    *,
    model: type[Row],
    shelf: Shelf,
    pages: str,
    known: Callable[..., Known],
    read: Callable[[Mapping[str, str], Known], tuple[KeptQuestion, tuple[Fault, ...]]],
    form: type[ModelForm],
    save: Promise,
    change: Promise,
) -> Kind[Row, Known, KeptQuestion]:
    """Give a kind of which all is saved that its address says, but for the dates."""

    def draft(name: str, asked: KeptQuestion) -> QuestionDraft:
        return QuestionDraft(name, asked.kept())

    def said(asked: KeptQuestion) -> list[str]:
        return [f"{name}: {value}" for name, value in asked.kept().items() if value]

    return Kind(model, shelf, pages, known, read, form, save, change, draft, QuestionDraft, said)


def new(request: MemberRequest, kind: Kind[Row, Known, Question]) -> HttpResponse:
    """Save the question of the address under a name."""
    _known, asked, _faults = kind.asked(request)
    form = kind.form(sent(request))

    def save() -> Row:
        draft = kind.draft(form.cleaned_data["name"], asked)
        return saving.save(kind.model, request.workspace, draft, by=request.member, now=timezone.now())

    return _keep(request, kind, asked, form, save, title=kind.save)


def edit(request: MemberRequest, kind: Kind[Row, Known, Question], slug: str) -> HttpResponse:
    """Save the question anew: its name, and what the address says."""
    found: Row = get_object_or_404(kind.model, workspace=request.workspace, slug=slug)
    _known, asked, _faults = kind.asked(request, found.slug)
    form = kind.form(sent(request), instance=found)

    def save() -> Row:
        draft = kind.draft(form.cleaned_data["name"], asked)
        return saving.change(found, draft, by=request.member, now=timezone.now())

    delete_url = kind.address("remove", request, found.slug)
    return _keep(request, kind, asked, form, save, title=kind.change, delete_url=delete_url)


def remove(request: MemberRequest, kind: Kind[Row, Known, Question], slug: str) -> HttpResponse:
    """Ask, then take the saved question away."""
    found: Row = get_object_or_404(kind.model, workspace=request.workspace, slug=slug)
    return take_away(request, found, kind.draft_type.of(found), kind.shelf)


def _keep(
    request: MemberRequest,
    kind: Kind[Row, Known, Question],
    asked: Question,
    form: ModelForm,
    save: Callable[[], Row],
    *,
    title: Promise,
    delete_url: str = "",
) -> HttpResponse:
    """Ask for a name, then save."""

    def act() -> str:
        saved = save()
        messages.success(request, _("%(name)s was saved.") % {"name": saved})
        return saved.get_absolute_url()

    shelf_url = kind.shelf.address(request)
    context = {
        "form": form,
        "title": title,
        "said": kind.said(asked),
        "delete_url": delete_url,
        "cancel_url": f"{shelf_url}?{asked.query()}",
        "shelf_url": shelf_url,
        "shelf": kind.shelf.label,
    }
    return submit(request, form, act) or page(request, "reports/saved_form.html", context=context, status=form.status)
