"""Whose events a file's rows become, and what each row became."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from tracking.access_log import LeftOut
from tracking.conversions.placing import Unmatched
from tracking.rules import SourceRules
from tracking.tabular import Imported
from tracking.tabular_rows import RowError

Outcome = Imported | RowError | LeftOut | Unmatched


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """What all rows of a file share.

    workspace_id  whose lake says what visitors there are
    hosts    the source's own; the first one stands before a log's paths
    salt_of  secret for visitors of a UTC day, at most 64 bytes
    now_us   when the file came in: it becomes received_us, and later rows are errors
    """

    workspace_id: int
    rules: SourceRules
    hosts: Sequence[str]
    salt_of: Callable[[date], bytes]
    now_us: int
