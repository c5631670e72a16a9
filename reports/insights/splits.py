"""SPLITS: what the trend of conversion insights can be split by."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Split:
    """One way to tell conversions and ad events apart.

    column   of the touch that says it: of paths, or of reports.attribution.told; "" where it is no column
    """

    label: Promise
    column: str = ""


SPLITS: Mapping[str, Split] = MappingProxyType(
    {
        "none": Split(_("Not split")),
        "part": Split(_("Paid and organic")),
        "action": Split(_("Attributed action")),
        "content": Split(_("Content"), "content"),
        "account": Split(_("Account"), "account"),
        "device": Split(_("Device"), "device"),
        "source": Split(_("Source"), "source"),
        "format": Split(_("Format"), "format"),
    }
)
