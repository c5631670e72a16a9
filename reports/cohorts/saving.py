"""What a person saves of cohorts."""

from dataclasses import dataclass

from reports.saving import Draft


@dataclass(frozen=True, slots=True)
class CohortDraft(Draft):
    """The name of a question about cohorts, and what its address says."""

    name: str
    params: dict[str, str]
