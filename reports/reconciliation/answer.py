"""What platforms claim beside what is credited here: page, API and CSV all take it from here."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from goals.models import Goal
from reports.attribution import answer as attributing
from reports.attribution.blocks import Stored
from reports.attribution.parts import names_and_parts
from reports.attribution.question import Asked
from reports.reconciliation import reading
from reports.reconciliation.crediting import UNTOUCHED, Credit, credit_places
from reports.reconciliation.matching import OTHER, SEVERAL, Campaigns, Place, Told
from tracking.ads.words import Platform
from workspaces.models import Workspace


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; amounts in several currencies stand beside each other and are never added."""

    currency: str
    micros: int


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign, or all of a platform.

    claimed        conversions by the platform's reports; None where they say nothing of conversions
    claimed_value  by currency, as far as it is said
    cost           by currency; empty for a campaign that no report tells of
    credited       here, a sum of shares; also_claimed is the part from conversions with an ad of another platform
                   that claims conversions
    is_reported    whether a report tells of it; has_touches whether anybody ever came by it, or saw it
    """

    platform: str
    key: str
    label: str
    claimed: Decimal | None
    claimed_value: tuple[Money, ...]
    cost: tuple[Money, ...]
    credited: float
    value: int
    value_net: int
    also_claimed: float
    is_reported: bool = True
    has_touches: bool = True

    @property
    def difference(self) -> float | None:
        """Give what is claimed above what is credited; None where nothing is said."""
        return None if self.claimed is None else float(self.claimed) - self.credited


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Claims beside credits. All platforms' credits, several, other and untouched add up to the conversions.

    lines      of each platform the campaigns, by what is claimed, most first
    several    credited to campaigns whose name several platforms' reports have
    other      to touches that are no ad of these platforms; untouched to nothing
    """

    platforms: tuple[Line, ...]
    lines: Mapping[str, tuple[Line, ...]]
    several: Credit
    other: Credit
    untouched: Credit
    conversions: float

    @property
    def claimed(self) -> Decimal:
        """Give what all platforms claim together, which counts a conversion for each of them that claims it."""
        return sum((line.claimed for line in self.platforms if line.claimed is not None), Decimal())


@dataclass(frozen=True, slots=True)
class Answer:
    """The reconciliation of one goal over one range; attributed is the attribution page's answer of the same question.

    found   None where there are no figures of rows, as attributed says
    """

    attributed: attributing.Answer
    found: Reconciled | None

    @property
    def asked(self) -> Asked:
        """Give the question."""
        return self.attributed.asked


def answer(workspace: Workspace, goal: Goal, asked: Asked, *, now: datetime) -> Answer:
    """Answer the question, by its base model."""
    one = replace(asked, breakdown="campaign", models=(asked.base,), compare="none", open="")
    attributed = attributing.answer(workspace, goal, one, now=now)
    is_whole = attributed.stored is not None and attributed.found is not None
    found = reconciled(attributed.stored, asked) if is_whole and attributed.stored else None
    return Answer(replace(attributed, asked=asked), found)


def reconciled(stored: Stored, asked: Asked) -> Reconciled:
    """Put the claims of the question's days beside the credits of its conversions."""
    snapshot, back_days = stored.snapshot, max(asked.window_days.values())
    told = reading.told(snapshot.workspace_id, asked.span)
    campaigns = reading.campaigns(snapshot, told, asked.span, back_days=back_days)
    texts, parts = names_and_parts(stored, asked.span, reading.carried_and("campaign"))
    credited = credit_places(
        parts, [campaigns.place_of(reading.origin_and_key(text)[0]) for text in texts], claiming_of(told),
        model=asked.base, windows=asked.windows, direct=asked.direct,
    )  # fmt: skip
    carried = reading.carried(snapshot, asked.span, column="campaign", back_days=back_days)
    touched = Counter[Place]()
    for each in carried:
        touched[campaigns.place_of(each.origin)] += each.touches
    return put_together(campaigns, credited, touched)


def claiming_of(told: Iterable[Told]) -> frozenset[str]:
    """Give the platforms that claim any conversion."""
    return frozenset(row.platform for row in told if row.conversions)


def put_together(campaigns: Campaigns, credited: Mapping[Place, Credit], touched: Mapping[Place, int]) -> Reconciled:
    """Put each campaign's claims beside its credits; nothing of either is left out."""
    lines = [
        _line(campaign.place, campaign.names or campaign.ids, campaign.told, credited, touched)
        for campaign in campaigns.all
    ]
    lines += [
        _line(place, (place.campaign,), (), credited, touched)
        for place in credited
        if place.platform in set(Platform) and not place.is_reported and credited[place].conversions
    ]
    by_platform = {
        str(platform): tuple(sorted((line for line in lines if line.platform == platform), key=_most_first))
        for platform in Platform
        if any(line.platform == platform for line in lines)
    }
    return Reconciled(
        platforms=tuple(_total(platform, mine) for platform, mine in by_platform.items()),
        lines=by_platform,
        several=credited.get(SEVERAL, Credit()),
        other=credited.get(OTHER, Credit()),
        untouched=credited.get(UNTOUCHED, Credit()),
        conversions=sum(credit.conversions for credit in credited.values()),
    )


def in_currencies(amounts: Iterable[tuple[str, int]]) -> tuple[Money, ...]:
    """Sum amounts by currency, in its order."""
    sums = Counter[str]()
    for currency, micros in amounts:
        sums[currency] += micros
    return tuple(Money(currency, sums[currency]) for currency in sorted(sums))


def _line(
    place: Place,
    names: Sequence[str],
    told: Collection[Told],
    credited: Mapping[Place, Credit],
    touched: Mapping[Place, int],
) -> Line:
    credit = credited.get(place, Credit())
    claims = [row.conversions for row in told if row.conversions is not None]
    return Line(
        platform=place.platform,
        key=place.campaign,
        label=", ".join(names),
        claimed=sum(claims, Decimal()) if claims else None,
        claimed_value=in_currencies((row.currency, row.value_micros) for row in told if row.value_micros is not None),
        cost=in_currencies((row.currency, row.cost_micros) for row in told),
        credited=credit.conversions,
        value=credit.value,
        value_net=credit.value_net,
        also_claimed=credit.also_claimed,
        is_reported=place.is_reported,
        has_touches=bool(touched.get(place)) or bool(credit.conversions),
    )


def _total(platform: str, lines: Sequence[Line]) -> Line:
    claims = [line.claimed for line in lines if line.claimed is not None]
    return Line(
        platform=platform,
        key="",
        label="",
        claimed=sum(claims, Decimal()) if claims else None,
        claimed_value=in_currencies((each.currency, each.micros) for line in lines for each in line.claimed_value),
        cost=in_currencies((each.currency, each.micros) for line in lines for each in line.cost),
        credited=sum(line.credited for line in lines),
        value=sum(line.value for line in lines),
        value_net=sum(line.value_net for line in lines),
        also_claimed=sum(line.also_claimed for line in lines),
        is_reported=any(line.is_reported for line in lines),
        has_touches=any(line.has_touches for line in lines),
    )


def _most_first(line: Line) -> tuple[bool, float, float, str]:
    return (not line.is_reported, -float(line.claimed or 0), -line.credited, line.label)
