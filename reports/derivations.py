"""What `tracking.watching` knows as its keeper: derivations are passes as fills are."""

from contextlib import AbstractContextManager
from datetime import datetime

from reports import passes
from reports.models import RunKind
from reports.running import Line
from tracking.watching import Reason


class Derivations:
    """Keeps derivations as rows of Run; what its methods are for stands in tracking.watching.Keeper."""

    def may_begin(self, workspace_id: int, *, now: datetime) -> bool:
        """Say whether nobody cancelled the one before."""
        return passes.may_begin(workspace_id, RunKind.DERIVATION, now=now)

    def going(
        self, workspace_id: int, reasons: list[Reason], *, version: str, now: datetime
    ) -> AbstractContextManager[Line]:
        """Keep one while it goes."""
        return passes.going(workspace_id, RunKind.DERIVATION, reasons, version=version, now=now)

    def nothing_to_do(self, workspace_id: int, *, now: datetime) -> None:
        """Note that nothing is to be derived."""
        passes.nothing_to_do(workspace_id, RunKind.DERIVATION, now=now)
