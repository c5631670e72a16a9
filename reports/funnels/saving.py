"""What a person saves of a funnel."""

from dataclasses import dataclass

from reports.saving import Draft


@dataclass(frozen=True, slots=True)
class FunnelDraft(Draft):
    """A funnel's name and question."""

    name: str
    steps: list[str]
    step_order: str
    window_days: int
