"""How a visit arrives: campaign tags, click ids, referrers and landing pages, as browsers send them."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from measureplan.demo import ids
from measureplan.demo.catalogue import HOST, PAGES, PageKind
from measureplan.demo.draws import Codes, Flags, pick
from measureplan.demo.truth import CHANNEL_KEYS

CLICK_ID_STARTS = {"gclid": "Cj0KCQiA", "fbclid": "IwAR", "msclkid": "ms", "epik": "dj0y"}
TOKEN_LENGTH = 36


@dataclass(frozen=True, slots=True)
class Arrival:
    """One way to come: what the landing address and the browser say. `channel` is what it truly is."""

    channel: str
    weight: float
    referrer: str | None = None
    utm: tuple[str, str, str] | None = None  # source, medium, campaign
    content: str | None = None
    term: str | None = None
    campaign_id: str | None = None
    click_id: str | None = None

    @property
    def query(self) -> str:
        """Give the landing address's query, up to where the click id's random part follows."""
        names = ("utm_source", "utm_medium", "utm_campaign")
        tags = list(zip(names, self.utm, strict=True)) if self.utm else []
        more = (("utm_content", self.content), ("utm_term", self.term), ("utm_id", self.campaign_id))
        tags += [(name, value.replace(" ", "+")) for name, value in more if value]
        tags += [(self.click_id, CLICK_ID_STARTS[self.click_id])] if self.click_id else []
        return "?" + "&".join(f"{name}={value}" for name, value in tags) if tags else ""


GOOGLE, BING, DUCK = "https://www.google.com/", "https://www.bing.com/", "https://duckduckgo.com/"
FACEBOOK, INSTAGRAM = "https://l.facebook.com/", "https://l.instagram.com/"
PINTEREST, YOUTUBE = "https://www.pinterest.com/", "https://www.youtube.com/"

ARRIVALS = (
    Arrival("direct", 1.0),
    Arrival("organic_search", 0.90, GOOGLE),
    Arrival("organic_search", 0.06, BING),
    Arrival("organic_search", 0.04, DUCK),
    Arrival("paid_search", 0.34, GOOGLE, ("google", "cpc", "merke"), "tekst-a", "fjellsport", "101", "gclid"),
    Arrival("paid_search", 0.28, GOOGLE, ("google", "cpc", "turklar"), "tekst-b", "tursko", "102", "gclid"),
    Arrival("paid_search", 0.26, GOOGLE, click_id="gclid"),  # tagged by the platform alone
    Arrival("paid_search", 0.12, BING, ("bing", "cpc", "merke"), None, "fjellsport", None, "msclkid"),
    Arrival("paid_shopping", 0.75, GOOGLE, ("google", "cpc", "shopping-alle"), campaign_id="110", click_id="gclid"),
    Arrival("paid_shopping", 0.25, GOOGLE, ("google", "cpc", "shopping-sko"), campaign_id="111", click_id="gclid"),
    Arrival(
        "paid_social",
        0.40,
        FACEBOOK,
        ("facebook", "paid_social", "friluft"),
        "video-1",
        None,
        "201",
        "fbclid",
    ),
    Arrival("paid_social", 0.22, FACEBOOK, ("facebook", "paid_social", "kurv"), "karusell", None, "202", "fbclid"),
    Arrival(
        "paid_social",
        0.20,
        INSTAGRAM,
        ("instagram", "paid_social", "friluft"),
        "story-2",
        None,
        "201",
        "fbclid",
    ),
    Arrival("paid_social", 0.18, PINTEREST, ("pinterest", "paid_social", "hytteliv"), "pin-7", None, "301", "epik"),
    Arrival("organic_social", 0.5, FACEBOOK, click_id="fbclid"),  # Meta adds its id to unpaid links too
    Arrival("organic_social", 0.3, INSTAGRAM),
    Arrival("organic_social", 0.2, PINTEREST),
    Arrival("email", 0.6, None, ("nyhetsbrev", "email", "ukens-tur"), "topp"),
    Arrival("email", 0.3, None, ("nyhetsbrev", "email", "velkommen"), "knapp"),
    Arrival("email", 0.1, "https://mail.google.com/", ("nyhetsbrev", "email", "tilbake"), "knapp"),
    Arrival("affiliates", 0.7, "https://www.turtips.example/", ("adtraction", "affiliate", "partner")),
    Arrival("affiliates", 0.3, None, ("tradedoubler", "affiliate", "kupong")),
    Arrival("display", 0.7, "https://www.dagensnytt.example/", ("adform", "display", "friluft-banner"), "netboard"),
    Arrival("display", 0.3, None, ("adform", "display", "gjenbesok"), "skyskraper"),
    Arrival("referral", 0.5, "https://www.hyttefolk.example/turtips"),
    Arrival("referral", 0.3, "https://forum.fjellfolk.example/utstyr/123"),
    Arrival("referral", 0.2, "https://www.kommune.example/barnehage/pakkliste"),
    Arrival("ai_assistant", 0.7, "https://chatgpt.com/"),
    Arrival("ai_assistant", 0.3, "https://www.perplexity.ai/"),
    Arrival("paid_video", 1.0, YOUTUBE, ("youtube", "cpc", "topptur-film"), "15s", None, "401", "gclid"),
    Arrival("cross_network", 1.0, GOOGLE, ("google", "cpc", "cross-network-pmax"), None, None, "120", "gclid"),
)
BRAND_AD = next(n for n, row in enumerate(ARRIVALS) if row.channel == "paid_search")
NEWSLETTER = next(n for n, row in enumerate(ARRIVALS) if row.channel == "email")
ARRIVAL_CHANNEL = np.array([CHANNEL_KEYS.index(row.channel) for row in ARRIVALS], dtype=np.int32)
HAS_CLICK_ID = np.array([row.click_id is not None for row in ARRIVALS])
AD_PLATFORMS = {"paid_social": ("facebook", "instagram", "pinterest"), "display": ("adform",)}
ADS = tuple(
    n for n, row in enumerate(ARRIVALS)
    if row.utm is not None and row.utm[0] in AD_PLATFORMS.get(row.channel, ())
)  # fmt: skip

# Weights of home, category, product and article pages among landings.
_LANDINGS = {
    "direct": (0.75, 0.15, 0.08, 0.02),
    "organic_search": (0.25, 0.30, 0.30, 0.15),
    "paid_shopping": (0.0, 0.05, 0.95, 0.0),
    "paid_search": (0.30, 0.55, 0.15, 0.0),
    "email": (0.10, 0.55, 0.25, 0.10),
    "referral": (0.15, 0.20, 0.25, 0.40),
    "ai_assistant": (0.05, 0.25, 0.40, 0.30),
}
_OTHERWISE = (0.25, 0.45, 0.25, 0.05)
_KINDS = (PageKind.HOME, PageKind.CATEGORY, PageKind.PRODUCT, PageKind.ARTICLE)

REFERRERS = tuple(f"https://{HOST}{page.path}" for page in PAGES) + tuple(
    sorted({row.referrer for row in ARRIVALS if row.referrer})
) + ("https://pay.vipps.example/",)  # fmt: skip
PAYMENT_REFERRER = len(REFERRERS) - 1
ARRIVAL_REFERRER = np.array([REFERRERS.index(row.referrer) if row.referrer else -1 for row in ARRIVALS], dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Landings:
    """How each visit arrived; arrays are (visits,): places in ARRIVALS and PAGES."""

    arrival: Codes
    page: Codes


def draw_landings(rng: np.random.Generator, channel: Codes) -> Landings:
    """Draw a campaign, or a referrer, and a landing page for visits of the given channels."""
    arrival = np.empty(len(channel), dtype=np.int32)
    kind = np.empty(len(channel), dtype=np.int32)
    for place, key in enumerate(CHANNEL_KEYS):
        mine = channel == place
        rows = [n for n, row in enumerate(ARRIVALS) if row.channel == key]
        chosen = pick(rng, [ARRIVALS[n].weight for n in rows], int(mine.sum()))
        arrival[mine] = np.array(rows, dtype=np.int32)[chosen]
        kind[mine] = pick(rng, _LANDINGS.get(key, _OTHERWISE), int(mine.sum()))
    page = np.empty(len(channel), dtype=np.int32)
    for place, page_kind in enumerate(_KINDS):
        page[kind == place] = draw_pages(rng, page_kind, int((kind == place).sum()))
    return Landings(arrival=arrival, page=page)


def draw_pages(rng: np.random.Generator, kind: PageKind, count: int) -> Codes:
    """Draw pages of a kind, the first ones most often (by Zipf's law)."""
    rows = np.array([n for n, page in enumerate(PAGES) if page.kind == kind], dtype=np.int32)
    return rows[pick(rng, list(1.0 / np.arange(1, len(rows) + 1) ** 0.7), count)]


def draw_tokens(rng: np.random.Generator, wanted: Flags) -> tuple[Codes, pa.StringArray]:
    """Draw a click id's random part where `wanted`; give each row's place in the texts, or -1, and these."""
    place = np.where(wanted, np.cumsum(wanted, dtype=np.int32) - 1, -1).astype(np.int32)
    return place, ids.tokens(rng, int(wanted.sum()), length=TOKEN_LENGTH)


def is_product(page: Codes) -> Flags:
    """Say of each page whether it shows a product."""
    return PAGE_PRODUCT[page] >= 0


PAGE_KIND: NDArray[np.int32] = np.array([page.kind for page in PAGES], dtype=np.int32)
PAGE_PRODUCT: NDArray[np.int32] = np.array([page.product for page in PAGES], dtype=np.int32)
