"""STARTERS: plans to start from, as plain data in the reader's language; SCRATCH for who wants none of them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.starters import usual
from goals.starters.lead_generation import LEAD_GENERATION
from goals.starters.non_profit import NON_PROFIT
from goals.starters.public_service import PUBLIC_SERVICE
from goals.starters.publisher import PUBLISHER
from goals.starters.shape import Aim, Card, Measured, Property, Starter
from goals.starters.subscription import SUBSCRIPTION_SOFTWARE
from goals.starters.web_shop import WEB_SHOP

SCRATCH: Final = Starter(
    "scratch", _("From scratch"), _("Your own words; the usual micro goals are offered."), (), usual.USUAL, ()
)
STARTERS: Final[Mapping[str, Starter]] = MappingProxyType(
    {
        starter.key: starter
        for starter in (
            WEB_SHOP,
            LEAD_GENERATION,
            SUBSCRIPTION_SOFTWARE,
            PUBLISHER,
            PUBLIC_SERVICE,
            NON_PROFIT,
            SCRATCH,
        )
    }
)

__all__ = ["SCRATCH", "STARTERS", "Aim", "Card", "Measured", "Property", "Starter"]
