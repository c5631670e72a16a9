"""What one signal says of consent at one moment, and the state that several of them come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracking.consent import PURPOSES, Consent, text_of


class Signal(StrEnum):
    """Where a consent came from: its provenance, stored beside the answer."""

    OWN = "own"  # our own API's object
    CONSENT_MODE = "consent_mode"  # gcs, gcd and npa of gtag's hits
    MEASUREMENT_PROTOCOL = "measurement_protocol"
    TCF = "tcf"
    GPC = "gpc"
    SEGMENT = "segment"
    SNOWPLOW = "snowplow"
    MICROSOFT = "microsoft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One signal's answers.

    at_us    when it was said; of two answers to one purpose the later holds
    answers  purpose to granted or denied; a purpose that is missing was not spoken of
    """

    signal: Signal
    at_us: int
    answers: Mapping[str, bool]


def settle(statements: Iterable[Statement], *, has_gpc: bool = False) -> Consent:
    """Give the state that the statements come to: for each purpose the latest answer, with who gave it.

    has_gpc  the browser asks, with this very request, that nothing be passed on

    Of two answers of one moment the denial holds, and of two equal ones the signal's name decides, so that the order
    of the statements is irrelevant.
    """
    latest: dict[str, tuple[int, bool, str]] = {}  # when, whether denied, by whom: the greatest holds
    for statement in statements:
        for purpose, granted in statement.answers.items():
            answer = (statement.at_us, not granted, str(statement.signal))
            latest[purpose] = max(answer, latest.get(purpose, answer))
    answers = {purpose: not latest[purpose][1] for purpose in PURPOSES if purpose in latest}
    said = {purpose: (latest[purpose][2], latest[purpose][0]) for purpose in answers}
    return Consent(**answers, said=said).with_gpc() if has_gpc else Consent(**answers, said=said)


def settled_text(statements: Iterable[Statement], *, has_gpc: bool = False) -> str | None:
    """Give the state as an event stores it; None where nothing was said."""
    return text_of(settle(statements, has_gpc=has_gpc))
