"""What a person saves of a funnel."""

from dataclasses import dataclass

from reports.funnels.question import Asked
from reports.saving import Draft


@dataclass(frozen=True, slots=True)
class FunnelDraft(Draft):
    """A funnel's name and question."""

    name: str
    steps: list[str]
    step_order: str
    window_days: int


def draft_of(name: str, asked: Asked) -> FunnelDraft:
    """Give what is saved of a question under a name."""
    return FunnelDraft(name, [step.text for step in asked.steps], asked.order, asked.window)
