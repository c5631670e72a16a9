"""What the attribution page says of data-driven models: their settings, how far they are, what they learned from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reports import controls, figures
from reports.attribution.answer import Answer
from reports.attribution.learned import Found, Standing
from reports.attribution.learning import NO_DRAWS, OFFERED_DRAWS, ORDERS, Learning
from reports.attribution.page import model_name
from reports.attribution.question import Asked
from reports.controls import Menu
from reports.dimensions import label_of
from reports.models import Run

OFFERED_STEPS: dict[str, Promise] = {
    "": gettext_lazy("Paths as walked"),
    "collapse": gettext_lazy("Repeats once"),
    "once": gettext_lazy("First occurrences only"),
    "drop=direct": gettext_lazy("Without direct, unless alone"),
    "strip=direct": gettext_lazy("Without direct at the end, unless alone"),
    "last=5": gettext_lazy("Last 5 touches"),
}
SPLIT_LABELS: dict[str, Promise] = {
    "global": gettext_lazy("Shared over all paths"),
    "journey": gettext_lazy("Shared for each path"),
}
NOTES: dict[str, Promise] = {
    "no_touch": gettext_lazy("No path has a touch, so there is nobody to credit: all goes to (none)."),
    "no_conversion": gettext_lazy("No journey with a touch converted, so there are no conversions to share."),
    "no_failure": gettext_lazy(
        "Every journey with a touch converted, so all rates are alike and tell only which paths came up."
    ),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The menus, and the form for what they do not offer."""

    menus: tuple[Menu, ...]
    hidden: tuple[tuple[str, str], ...]
    transform: str
    draws: str
    seed: str


@dataclass(frozen=True, slots=True)
class Told:
    """A data-driven model in words.

    run         None where nobody ordered it: too many wait
    sentences   what it learned from, and what is odd about that
    """

    label: str
    run: Run | None
    is_shown: bool
    sentences: tuple[str, ...]

    @property
    def has_ended_badly(self) -> bool:
        """Say whether it failed or was cancelled."""
        return self.run is not None and self.run.has_ended_badly


def settings(asked: Asked) -> Settings:
    """Give what can be set of the question's data-driven models."""
    now, own = asked.learning.params(), {"transform", "draws", "seed"}
    orders = {each: _("Markov order %(order)s") % {"order": each} for each in ORDERS}
    steps: dict[str, str] = {now["transform"]: now["transform"]}
    steps |= {key: str(label) for key, label in OFFERED_STEPS.items()}
    draws = {each: _draws(each) for each in dict.fromkeys((*(str(n or NO_DRAWS) for n in OFFERED_DRAWS), now["draws"]))}
    markov = (
        controls.menu_of(asked, "order", now["order"], orders, ""),
        controls.menu_of(asked, "split", now["split"], SPLIT_LABELS, ""),
    )
    return Settings(
        menus=(
            *(markov if "markov" in asked.learned else ()),
            controls.menu_of(asked, "transform", now["transform"], steps, _("Paths")),
            controls.menu_of(asked, "draws", now["draws"], draws, _("Interval")),
        ),
        hidden=tuple((name, value) for name, value in asked.params().items() if name not in own),
        transform=now["transform"],
        draws=now["draws"],
        seed=now["seed"],
    )


def progress(asked: Asked, under_way: Iterable[tuple[str, Run]]) -> list[tuple[str, Run]]:
    """Give the models that are being computed, by the names that people know."""
    return [(model_name(asked, model), run) for model, run in under_way]


def told(answer: Answer) -> list[Told]:
    """Say of each data-driven model how it stands."""
    return [_told(answer, each) for each in answer.learning]


def _told(answer: Answer, standing: Standing) -> Told:
    asked, found = answer.asked, standing.found
    sentences = _sentences(answer, standing, found) if found else ()
    return Told(model_name(asked, standing.model), standing.run, found is not None, tuple(sentences))


def _sentences(answer: Answer, standing: Standing, found: Found) -> Sequence[str]:
    learning, run = answer.asked.learning, standing.run
    told = [_learned_from(found), *_drawn(found, learning)]
    if found.note:
        told.append(str(NOTES[found.note]))
    if found.negative:
        words = _("Journeys with %(values)s convert worse than those without; the credit below 0 says so.")
        told.append(words % {"values": ", ".join(label_of(answer.asked.breakdown, key) for key in found.negative)})
    if found.skipped:
        told.append(
            _("No path has what these steps name, so they change nothing: %(steps)s.")
            % {"steps": ", ".join(found.skipped)}
        )
    if run is not None and run.version != answer.provenance.data_version and run.ended_at is not None:
        words = _("Computed %(moment)s from data version %(version)s; what came since is not in it.")
        zone = run.workspace.zone
        told.append(words % {"moment": figures.moment(run.ended_at, zone), "version": run.version})
    return told


def _learned_from(found: Found) -> str:
    words = ngettext(
        "Learned from %(journeys)s journey of %(persons)s persons, %(nulls)s of them without a conversion.",
        "Learned from %(journeys)s journeys of %(persons)s persons, %(nulls)s of them without a conversion.",
        found.journeys,
    )
    numbers = (found.journeys, found.persons, found.unconverted)
    names = ("journeys", "persons", "nulls")
    return words % dict(zip(names, map(figures.number, numbers), strict=True))


def _drawn(found: Found, learning: Learning) -> list[str]:
    told = []
    if found.low:
        words = _("The 95 %% interval of each share is from %(draws)s draws of persons, seed %(seed)s.")
        told.append(words % {"draws": figures.number(found.draws), "seed": learning.seed})
    if found.permutations:
        words = _("%(orders)s orders of the values were sampled, seed %(seed)s; ± is the standard error.")
        told.append(words % {"orders": figures.number(found.permutations), "seed": learning.seed})
    return told


def _draws(each: str) -> str:
    if each == NO_DRAWS:
        return _("off")
    return _("%(draws)s draws") % {"draws": figures.number(int(each))}
