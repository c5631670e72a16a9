"""The rows of the attribution table: what each value of the dimension earned under each model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from analysis.attribution.credit import NONE
from reports.attribution.crediting import INFLUENCED, Credited, apportioned
from reports.attribution.learned import Found
from reports.attribution.question import Asked
from reports.dimensions import label_of

NOWHERE = (0, 0, 0, 0)  # the places of a value that is on paths without a conversion alone


@dataclass(frozen=True, slots=True)
class Cell:
    """What one value of the dimension earned under one model.

    conversions        credited, a sum of shares
    value, value_net   micros; of all rows together exactly the total
    share              of all conversions, or of the attributed ones; None for (none) of these
    change             conversions above what the base gives; None for the base itself
    low, high          ends of the 95 % interval of the share of all conversions, of a data-driven model; None where
                       none was asked for
    error              standard error of the conversions where a model sampled; None where it did not
    """

    model: str
    conversions: float
    value: int
    value_net: int
    share: float | None
    change: float | None
    low: float | None = None
    high: float | None = None
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One value of the dimension; `places` counts its touches by crediting.PLACES, None for (none)."""

    key: str
    label: str
    cells: tuple[Cell, ...]
    influenced: int | None
    places: tuple[int, ...] | None

    @property
    def is_none(self) -> bool:
        """Say whether this is the row of conversions without a credited touch."""
        return self.key == NONE


def rows_of(asked: Asked, credited: Credited, names: Sequence[str], learned: Mapping[str, Found]) -> tuple[Row, ...]:
    """Give the values that are in any path, by the base's conversions, most first and (none) last.

    learned   data-driven models that have an answer; they may credit values that only journeys without a conversion
              met, since those lead to others
    """
    columns = {
        model: _found(learned[model]) if model in learned else _weighed(credited, names, model)
        for model in asked.models
        if model in learned or model in asked.weighed
    }
    influenced = dict(zip(names, credited.by_model[INFLUENCED].conversions[0, :-1].tolist(), strict=True))
    places = {name: tuple(credited.places[:, place].tolist()) for place, name in enumerate(names)}
    strangers = {key for found in learned.values() for key, earned in found.conversions.items() if earned} - {NONE}
    met = [name for name in names if influenced[name]]
    keys = [*met, *sorted(strangers.difference(met))]
    base = columns[asked.base]
    found = [
        Row(
            key=key,
            label=label_of(asked.breakdown, key),
            cells=tuple(_cell(asked, model, column, base, key) for model, column in columns.items()),
            influenced=None if key == NONE else round(influenced.get(key, 0)),
            places=None if key == NONE else places.get(key, NOWHERE),
        )
        for key in (*keys, NONE)
    ]
    found.sort(key=lambda row: (row.is_none, -base.conversions.get(row.key, 0.0), -(row.influenced or 0), row.key))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Column:
    """One model's credits by key; a key that is not there earned nothing."""

    conversions: Mapping[str, float]
    value: Mapping[str, int]
    value_net: Mapping[str, int]
    low: Mapping[str, float] = field(default_factory=dict)
    high: Mapping[str, float] = field(default_factory=dict)
    error: Mapping[str, float] = field(default_factory=dict)


def _weighed(credited: Credited, names: Sequence[str], model: str) -> _Column:
    table, keys = credited.by_model[model], (*names, NONE)
    value, net = apportioned(table.value[0], credited.value), apportioned(table.value_net[0], credited.value_net)
    return _Column(
        dict(zip(keys, table.conversions[0].tolist(), strict=True)),
        dict(zip(keys, value, strict=True)),
        dict(zip(keys, net, strict=True)),
    )


def _found(found: Found) -> _Column:
    return _Column(found.conversions, found.value, found.value_net, found.low, found.high, found.error)


def _cell(asked: Asked, model: str, column: _Column, base: _Column, key: str) -> Cell:
    conversions = column.conversions.get(key, 0.0)
    # An interval tells of a value that was drawn; of one that the model never met there is none.
    return Cell(
        model=model,
        conversions=conversions,
        value=column.value.get(key, 0),
        value_net=column.value_net.get(key, 0),
        share=_share(asked, column, key),
        change=None if model == asked.base else conversions - base.conversions.get(key, 0.0),
        low=column.low.get(key),
        high=column.high.get(key),
        error=column.error.get(key),
    )


def _share(asked: Asked, column: _Column, key: str) -> float | None:
    """Give the part of all conversions, or of those that the model credits to anything."""
    none = column.conversions.get(NONE, 0.0) if asked.shares == "attributed" else 0.0
    if asked.shares == "attributed" and key == NONE:
        return None
    whole = sum(column.conversions.values()) - none
    return column.conversions.get(key, 0.0) / whole if whole else None
