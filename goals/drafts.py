"""Drafts: what a person writes of a row, as a frozen value that the verbs take."""

from dataclasses import fields
from typing import Any, Self

from django.db import models


class Draft:
    """The base of frozen dataclasses whose fields are columns of one model."""

    __slots__ = ()

    @classmethod
    def of(cls, row: models.Model) -> Self:
        """Give what is saved, to be changed in part with `dataclasses.replace`."""
        return cls(**{each.name: getattr(row, each.name) for each in fields(cls)})  # type: ignore[arg-type]  # a mixin

    def columns(self) -> dict[str, Any]:  # values of the row's columns
        """Give the values by their columns."""
        return {each.name: getattr(self, each.name) for each in fields(self)}  # type: ignore[arg-type]  # a mixin
