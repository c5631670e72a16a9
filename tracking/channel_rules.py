"""The ordered rules that give a channel, as data.

They are the default channel group of Google Analytics 4, in its order, first match wins (Analytics Help,
answers 9756891 and 9164320, restated); additions of ours are marked. A workspace can have its own, and a
version names them, so that a change never passes unseen.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

RULES_VERSION = 1

# The organisation pays for the touch itself. Owned media (email, sms, push) cost money, but not by the touch.
PAID_CHANNELS = frozenset(
    {
        "cross_network",
        "paid_shopping",
        "paid_search",
        "paid_social",
        "paid_video",
        "display",
        "paid_other",
        "affiliates",
        "audio",  # "ads on audio platforms" in GA4's definition
    }
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules ask about, lower case, "" where unknown; `kind` is the source's in the host table."""

    source: str
    medium: str
    campaign: str
    kind: str
    click_id: str


@dataclass(frozen=True, slots=True)
class Is:
    """One condition of a rule: the field is one of the values, or matches the whole pattern."""

    name: str
    values: frozenset[str] = frozenset()
    pattern: str = ""
    _matches: Callable[[str], object] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        found = re.compile(self.pattern, re.DOTALL).fullmatch if self.pattern else self.values.__contains__
        object.__setattr__(self, "_matches", found)

    def holds(self, facts: Facts) -> bool:
        """Tell whether these facts meet the condition."""
        return bool(self._matches(getattr(facts, self.name)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A channel and when it applies: any of the groups, all conditions of a group."""

    channel: str
    any_of: tuple[tuple[Is, ...], ...]

    def holds(self, facts: Facts) -> bool:
        """Tell whether these facts belong to the channel, if no earlier rule took them."""
        return any(all(condition.holds(facts) for condition in group) for group in self.any_of)


def _one_of(name: str, *values: str) -> Is:
    return Is(name, frozenset(values))


_PAID = Is("medium", pattern=r".*cp.*|ppc|retargeting|paid.*")
# Not "workshop": the letter before "shop" must not be a letter, or e as in "eshop". The rule is GA4's own.
_SHOP_CAMPAIGN = Is("campaign", pattern=r".*(([^a-df-z]|^)shop|shopping).*")
_EMAIL_WORDS = ("email", "e-mail", "e_mail", "e mail")
_NO_MEDIUM = _one_of("medium", "")
_PAID_SEARCH_IDS = ("gclid", "gbraid", "wbraid", "msclkid")
_PAID_SOCIAL_IDS = ("li_fat_id", "ttclid", "twclid", "rdt_cid", "sccid")

RULES: tuple[Rule, ...] = (
    Rule("direct", ((_one_of("source", ""), _NO_MEDIUM, _one_of("campaign", ""), _one_of("click_id", "")),)),
    Rule("cross_network", ((Is("campaign", pattern=r".*cross-network.*"),),)),
    Rule("paid_shopping", ((_one_of("kind", "shopping"), _PAID), (_SHOP_CAMPAIGN, _PAID))),
    Rule(
        "paid_search",
        (
            (_one_of("kind", "search"), _PAID),
            (_one_of("kind", "search", ""), _NO_MEDIUM, _one_of("click_id", *_PAID_SEARCH_IDS)),  # ours
        ),
    ),
    Rule(
        "paid_social",
        (
            (_one_of("kind", "social"), _PAID),
            (_one_of("kind", "social", ""), _NO_MEDIUM, _one_of("click_id", *_PAID_SOCIAL_IDS)),  # ours
        ),
    ),
    Rule(
        "paid_video",
        (
            (_one_of("kind", "video"), _PAID),
            (
                _one_of("kind", "video"),
                _NO_MEDIUM,
                _one_of("click_id", *_PAID_SEARCH_IDS),
            ),  # ours: YouTube ads
        ),
    ),
    Rule("display", ((_one_of("medium", "display", "banner", "expandable", "interstitial", "cpm"),),)),
    Rule("paid_other", ((_PAID,),)),
    Rule("organic_shopping", ((_one_of("kind", "shopping"),), (_SHOP_CAMPAIGN,))),
    Rule(
        "organic_social",
        (
            (_one_of("kind", "social"),),
            (
                _one_of(
                    "medium",
                    "social",
                    "social-network",
                    "social-media",
                    "sm",
                    "social network",
                    "social media",
                ),
            ),
        ),
    ),
    Rule("organic_video", ((_one_of("kind", "video"),), (Is("medium", pattern=r".*video.*"),))),
    # GA4 has not said where it stands; before search, because some assistants are search engines as well.
    Rule("ai_assistant", ((_one_of("kind", "ai"),), (_one_of("medium", "ai-assistant"),))),
    Rule("organic_search", ((_one_of("kind", "search"),), (_one_of("medium", "organic"),))),
    Rule(
        "email",
        (
            (_one_of("source", *_EMAIL_WORDS, "newsletter"),),  # newsletter: ours
            (_one_of("medium", *_EMAIL_WORDS, "newsletter"),),
            (_one_of("kind", "email"),),  # ours: webmail as the referrer
        ),
    ),
    Rule("affiliates", ((_one_of("medium", "affiliate", "affiliates"),),)),
    Rule("referral", ((_one_of("medium", "referral", "app", "link"),),)),
    Rule("audio", ((_one_of("medium", "audio"),),)),
    Rule("sms", ((_one_of("source", "sms"),), (_one_of("medium", "sms"),))),
    Rule(
        "mobile_push",
        ((Is("medium", pattern=r".*push|.*mobile.*|.*notification.*"),), (_one_of("source", "firebase"),)),
    ),
)
UNASSIGNED = "unassigned"
KEYS = (*(rule.channel for rule in RULES), UNASSIGNED)
