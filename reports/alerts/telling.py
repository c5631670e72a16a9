"""Tells an alert's readers that it fired, and that it is over: with the figures, and the way to them."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final, cast

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _

from reports import figures
from reports.alerts.kinds import KINDS, path_to
from reports.alerts.stepping import Turn
from reports.models import Alert
from reports.models.alert import AlertKind
from workspaces.models import Membership
from workspaces.notices import notify

FIRED, OVER = "alert_fired", "alert_over"
LONGEST_PATH: Final = 500


def tell(alert: Alert, turn: Turn, *, now: datetime) -> None:
    """Tell those who hear of it, each once for each turn; inside the transaction that keeps the turn."""
    path = path_to(alert, turn.facts)
    notify(
        readers_of(alert),
        kind=OVER if turn.is_over else FIRED,
        title=_later(partial(title_of, alert, turn)),
        text=_later(partial(text_of, alert, turn)),
        path=path if len(path) <= LONGEST_PATH else alert.get_absolute_url(),
        key=f"alert {alert.pk} {turn.began.isoformat()} {'over' if turn.is_over else 'fired'}",
        now=now,
    )


def readers_of(alert: Alert) -> list[Membership]:
    """Give the members who hear of it and have not muted it."""
    readers = alert.readers.filter(muted_at=None).select_related("member__user", "member__workspace")
    return [reader.member for reader in readers]


def title_of(alert: Alert, turn: Turn) -> str:
    """Say in a line what turned."""
    kind = KINDS[AlertKind(alert.kind)]
    return (kind.back if turn.is_over else kind.title)(alert, turn.facts)


def text_of(alert: Alert, turn: Turn) -> str:
    """Say the figures, and since when."""
    words = [KINDS[AlertKind(alert.kind)].figures(alert, turn.facts)]
    since = {"day": figures.day(turn.began)}
    if turn.is_usual:
        words.append(
            _("It has been so since %(day)s and is the usual now: the alert watches from this level on.") % since
        )
    elif turn.is_over:
        words.append(_("The alert had fired for %(day)s.") % since)
    elif alert.kind == AlertKind.RATE_FALLS:
        words.append(_("That is more than chance (%(p)s).") % {"p": _p(turn.facts["p"])})
    elif alert.firing_since:
        words.append(_("So at each day's end since %(day)s.") % {"day": figures.day(alert.firing_since)})
    return " ".join(words)


def _p(value: float) -> str:
    return f"p < {figures.number(0.001, 3)}" if value < 0.001 else f"p = {figures.number(value, 3)}"


def _later(words: Callable[[], str]) -> Promise:
    """Have the words said in each reader's language."""
    return cast(Promise, lazy(words, str)())
