"""What Fjellsport sells and shows: products, pages and the words people use there."""

from dataclasses import dataclass
from enum import IntEnum

HOST = "www.fjellsport.example"  # a name reserved for examples: no real shop is meant
CURRENCY = "NOK"


class PageKind(IntEnum):
    """What a page is for; the generator draws pages by kind."""

    HOME = 0
    CATEGORY = 1
    PRODUCT = 2
    ARTICLE = 3
    SEARCH = 4
    SIZE_GUIDE = 5
    STORE = 6
    SERVICE = 7
    CATALOGUE = 8
    CHECKOUT = 9
    THANKS = 10


@dataclass(frozen=True, slots=True)
class Product:
    """One thing for sale; the price is in whole kroner."""

    slug: str
    name: str
    category: str
    price: int


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the shop; `product` is the product's place in PRODUCTS, or -1."""

    path: str
    title: str
    kind: PageKind
    product: int = -1


CATEGORIES = {
    "jakker": "Jakker",
    "ulltoy": "Ulltøy",
    "sko": "Tursko og støvler",
    "sekker": "Sekker",
    "telt": "Telt og tarp",
    "soveposer": "Soveposer",
    "ski": "Ski og skiutstyr",
    "klatring": "Klatring",
    "turmat": "Turmat og kjøkken",
    "barn": "Barn",
}

PRODUCTS = (
    Product("ullsokk-fjell", "Ullsokk Fjell", "ulltoy", 149),
    Product("ulltroye-lofoten", "Ulltrøye Lofoten", "ulltoy", 699),
    Product("ullongs-lofoten", "Ullongs Lofoten", "ulltoy", 599),
    Product("bula-lue", "Lue Blåfjell", "ulltoy", 249),
    Product("skalljakke-jotun", "Skalljakke Jotun", "jakker", 2799),
    Product("dunjakke-rondane", "Dunjakke Rondane", "jakker", 2299),
    Product("vindjakke-tind", "Vindjakke Tind", "jakker", 999),
    Product("regnjakke-bergen", "Regnjakke Bergen", "jakker", 1199),
    Product("turbukse-dovre", "Turbukse Dovre", "jakker", 1099),
    Product("tursko-besseggen", "Tursko Besseggen", "sko", 1799),
    Product("fjellstovel-hardanger", "Fjellstøvel Hardanger", "sko", 2499),
    Product("terrengsko-oyer", "Terrengsko Øyer", "sko", 1299),
    Product("gamasjer", "Gamasjer", "sko", 399),
    Product("dagstursekk-22", "Dagstursekk 22 l", "sekker", 899),
    Product("fjellsekk-65", "Fjellsekk 65 l", "sekker", 2199),
    Product("barnesekk-troll", "Barnesekk Troll", "barn", 449),
    Product("telt-saltfjellet-2", "Telt Saltfjellet 2", "telt", 3999),
    Product("tarp-skog", "Tarp Skog", "telt", 799),
    Product("sovepose-vinter", "Sovepose Vinter", "soveposer", 2599),
    Product("sovepose-sommer", "Sovepose Sommer", "soveposer", 1199),
    Product("liggeunderlag", "Liggeunderlag", "soveposer", 699),
    Product("fjellski-femund", "Fjellski Femund", "ski", 3299),
    Product("staver-teleskop", "Staver Teleskop", "ski", 649),
    Product("skifeller", "Skifeller", "ski", 999),
    Product("skismoring", "Skismøring, sett", "ski", 299),
    Product("klatresele", "Klatresele", "klatring", 799),
    Product("klatretau-60", "Klatretau 60 m", "klatring", 1599),
    Product("hjelm-svolvaer", "Hjelm Svolvær", "klatring", 699),
    Product("stormkjokken", "Stormkjøkken", "turmat", 899),
    Product("frysetorret-gryte", "Frysetørret gryte", "turmat", 129),
    Product("termos-1l", "Termos 1 l", "turmat", 349),
    Product("kasa-tre", "Kåsa i tre", "turmat", 199),
    Product("hodelykt", "Hodelykt Nordlys", "turmat", 549),
    Product("barnedress-snofnugg", "Barnedress Snøfnugg", "barn", 1099),
    Product("barnestovel", "Barnestøvel", "barn", 599),
    Product("votter-barn", "Votter, barn", "barn", 229),
)

ARTICLES = {
    "slik-velger-du-tursko": "Slik velger du tursko",
    "pakkliste-for-hyttetur": "Pakkliste for hyttetur",
    "ull-innerst-hele-aret": "Ull innerst hele året",
    "forste-natt-i-telt": "Første natt i telt",
    "impregnering-av-skalljakke": "Impregnering av skalljakke",
    "topptur-for-nybegynnere": "Topptur for nybegynnere",
    "barn-pa-tur": "Barn på tur",
    "fjellvettreglene": "Fjellvettreglene",
}
STORES = ("Tromsø", "Bodø", "Ålesund", "Bergen", "Trondheim", "Oslo", "Lillehammer", "Kristiansand")
SEARCHES = (
    "tursko dame", "ullsokker", "skalljakke herre", "bålpanne", "telt 2 personer", "gåstaver", "hodelykt",
    "sovepose vinter", "ulltrøye barn", "størrelse 43", "fjellski", "regntøy", "termos", "sekk 65 liter",
    "støvler bred lest", "tørrmat", "liggeunderlag", "vindjakke",
)  # fmt: skip
FILTERS = (
    ("størrelse", "M"),
    ("størrelse", "43"),
    ("farge", "blå"),
    ("farge", "rød"),
    ("pris", "under 1 000"),
)
TOPICS = ("retur", "levering", "størrelse", "reklamasjon", "åpningstider")


def _pages() -> tuple[Page, ...]:
    pages = [Page("/", "Fjellsport: klær og utstyr for tur", PageKind.HOME)]
    pages += [Page(f"/kategori/{slug}", name, PageKind.CATEGORY) for slug, name in CATEGORIES.items()]
    pages += [Page(f"/produkt/{p.slug}", p.name, PageKind.PRODUCT, n) for n, p in enumerate(PRODUCTS)]
    pages += [Page(f"/artikler/{slug}", name, PageKind.ARTICLE) for slug, name in ARTICLES.items()]
    pages += [Page(f"/butikker/{s.lower()}", f"Butikken i {s}", PageKind.STORE) for s in _ascii(STORES)]
    pages += [
        Page("/sok", "Søk", PageKind.SEARCH),
        Page("/storrelsesguide", "Størrelsesguide", PageKind.SIZE_GUIDE),
        Page("/kundeservice", "Kundeservice", PageKind.SERVICE),
        Page("/katalog", "Katalogen", PageKind.CATALOGUE),
        Page("/kasse", "Kasse", PageKind.CHECKOUT),
        Page("/kasse/takk", "Takk for handelen", PageKind.THANKS),
    ]
    return tuple(pages)


def _ascii(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name.translate(str.maketrans("æøåÆØÅ", "eoaEOA")) for name in names)


PAGES = _pages()
