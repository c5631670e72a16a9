"""The language that somebody who is not here reads."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.utils import translation

from workspaces.models import User, Workspace


@contextmanager
def speaking(person: User | None, workspace: Workspace | None = None) -> Iterator[None]:
    """Run the block in the person's language, else their workspace's, else the product's."""
    own = getattr(person, "language", "") or getattr(workspace, "language", "")
    with translation.override(own or settings.LANGUAGE_CODE):
        yield
