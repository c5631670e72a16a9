"""The language that somebody reads."""

from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import translation

from workspaces.models import User


def in_language_of(reader: User) -> AbstractContextManager[None]:
    """Put what the block says into the reader's language; into the product's where they chose none."""
    return translation.override(getattr(reader, "language", None) or settings.LANGUAGE_CODE)
