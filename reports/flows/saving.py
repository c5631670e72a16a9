"""What a person saves of paths."""

from dataclasses import dataclass

from reports.saving import Draft


@dataclass(frozen=True, slots=True)
class FlowDraft(Draft):
    """The name of a question about paths, and what its address says."""

    name: str
    params: dict[str, str]
