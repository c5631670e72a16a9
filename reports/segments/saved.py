"""The saved segments that a question names, read; and what is wrong with those that cannot be."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.models import Segment
from reports.segments.definition import Definition
from reports.segments.parsing import BadSegment, read


@dataclass(frozen=True, slots=True)
class Saved:
    """What saved segments say.

    found     definitions by short names
    names     of all that there are, by short names
    missing   for people: a sentence for each that is gone, or names what is gone
    """

    found: Mapping[str, Definition]
    names: Mapping[str, str]
    missing: tuple[str, ...]

    @property
    def goals(self) -> tuple[str, ...]:
        """Give the short names of all goals that they ask about."""
        return tuple(dict.fromkeys(slug for each in self.found.values() for slug in each.goals))


NONE = Saved({}, {}, ())


def saved_of(slugs: Iterable[str], segments: Mapping[str, Segment], goals: Collection[str]) -> Saved:
    """Read the segments of these short names.

    segments   those of the workspace, by their short names
    goals      short names of the workspace's goals
    """
    found, names, missing = {}, {}, []
    for slug in slugs:
        if slug not in segments:
            missing.append(_('There is no segment "%(slug)s".') % {"slug": slug})
            continue
        names[slug] = segments[slug].name
        try:
            found[slug] = read(segments[slug].text, goals)
        except BadSegment as refusal:
            missing.append(f"{segments[slug].name}: {refusal}")
    return Saved(found, names, tuple(missing))
