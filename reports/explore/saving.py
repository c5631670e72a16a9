"""What a person saves of an exploration."""

from dataclasses import dataclass

from reports.saving import Draft


@dataclass(frozen=True, slots=True)
class ExplorationDraft(Draft):
    """The name of a question about visits, and what its address says."""

    name: str
    params: dict[str, str]
