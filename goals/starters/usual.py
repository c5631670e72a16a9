"""Micro goals that are usual on most sites; each starter takes those that fit and says where they lead."""

from dataclasses import replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.starters.shape import INTEGER, MILESTONE, NUMBER, SECONDARY, SEE, THINK, Card, Property

NEWSLETTER: Final = Card(
    "newsletter",
    _("Newsletter sign-up"),
    _("People who let you write to them come back, and cost nothing to reach."),
    _("The form of the newsletter was accepted."),
    "newsletter_sign_up",
    kind=SECONDARY,
    stage=THINK,
    also=("newsletter_signup", "newsletter", "subscribe_newsletter", "newsletter_subscribe"),
    pages=("newsletter", "nyhetsbrev", "nyhedsbrev"),
    properties=(Property("method", about=_("Where the form stood: footer, pop-up, checkout.")),),
)
KEY_PAGE: Final = Card(
    "key-page",
    _("Key page viewed"),
    _("The page on which people decide; who never sees it seldom buys."),
    _("The page that explains the offer was viewed."),
    "view_key_page",
    kind=MILESTONE,
    stage=THINK,
    also=("view_item", "product_view", "view_product", "view_pricing"),
    pages=("pricing", "prices", "priser", "pris", "products", "produkter", "product", "services", "tjenester"),
)
PRODUCT: Final = Card(
    "product",
    _("Product viewed"),
    _("Nobody buys what they have not looked at."),
    _("A product's page was viewed."),
    "view_item",
    kind=MILESTONE,
    stage=THINK,
    also=("product_view", "view_product", "product_viewed"),
    pages=("product", "products", "produkt", "produkter", "item", "p"),
    properties=(Property("currency", is_required=True), Property("value", NUMBER, is_required=True), Property("items")),
)
CART: Final = Card(
    "cart",
    _("Added to cart"),
    _("The first step that costs something: a choice has been made."),
    _("Something was put into the cart."),
    "add_to_cart",
    kind=MILESTONE,
    also=("cart_add", "product_added", "added_to_cart"),
    pages=("cart", "handlekurv", "varukorg", "kurv"),
    properties=(Property("currency", is_required=True), Property("value", NUMBER, is_required=True), Property("items")),
)
CHECKOUT: Final = Card(
    "checkout",
    _("Checkout begun"),
    _("Who begins and does not end shows where the way is steep."),
    _("The first step of the checkout was shown."),
    "begin_checkout",
    kind=MILESTONE,
    also=("checkout", "checkout_started", "start_checkout"),
    pages=("checkout", "kasse", "kassa"),
    properties=(Property("currency", is_required=True), Property("value", NUMBER, is_required=True), Property("items")),
)
SEARCH: Final = Card(
    "search",
    _("Search used"),
    _("Who searches knows what they want; buyers search more than others."),
    _("A search on the site showed its results."),
    "search",
    kind=SECONDARY,
    stage=THINK,
    also=("view_search_results", "site_search", "search_used"),
    pages=("search", "sok", "soeg", "s"),
    properties=(Property("search_term", is_required=True),),
)
FILTER: Final = Card(
    "filter",
    _("Filter used"),
    _("Narrowing a list is weighing; who never does it seldom buys."),
    _("A filter of a list was set."),
    "filter_used",
    kind=SECONDARY,
    stage=THINK,
    also=("filter", "use_filter", "apply_filter", "filter_applied"),
    properties=(Property("filter_name", is_required=True), Property("filter_value")),
)
DOWNLOAD: Final = Card(
    "download",
    _("File downloaded"),
    _("People take home what they want to think about."),
    _("A brochure, a guide or a price list was downloaded."),
    "file_download",
    kind=SECONDARY,
    stage=THINK,
    also=("download", "pdf_download", "brochure_download"),
    properties=(Property("file_name", is_required=True), Property("file_extension"), Property("link_text")),
)
CONTACT: Final = Card(
    "contact",
    _("Contact made"),
    _("A question that is asked is interest that has a name."),
    _("The contact form was sent, or the telephone or mail link pressed."),
    "contact",
    kind=SECONDARY,
    stage=THINK,
    also=("form_submit", "contact_form", "contact_sent", "contact_form_sent"),
    pages=("contact", "kontakt"),
    properties=(Property("method", is_required=True, about=_("form, phone, mail, chat")),),
)
ACCOUNT: Final = Card(
    "account",
    _("Account made"),
    _("Who has an account comes back sooner and buys with less effort."),
    _("A new account was confirmed."),
    "sign_up",
    kind=SECONDARY,
    stage=THINK,
    also=("account_created", "registration", "register", "account_create", "signup_complete"),
    pages=("register", "registrer"),
    properties=(Property("method"),),
)
STORE: Final = Card(
    "store",
    _("Store found"),
    _("Much of what is looked at here is bought over the counter."),
    _("A store's address or opening hours were looked up."),
    "store_locator",
    kind=SECONDARY,
    stage=THINK,
    also=("find_store", "store_found", "store_viewed"),
    pages=("store", "stores", "butikk", "butikker", "butik", "butiker"),
    properties=(Property("store_id"),),
)
VIDEO: Final = Card(
    "video",
    _("Video watched"),
    _("A video that is seen to its end has said what it had to say."),
    _("A video was watched to its end."),
    "video_complete",
    kind=SECONDARY,
    stage=SEE,
    also=("video_watched", "video_completed", "video_progress"),
    properties=(
        Property("video_title", is_required=True),
        Property("video_duration", INTEGER),
        Property("video_percent", INTEGER),
    ),
)
USUAL: Final = (NEWSLETTER, KEY_PAGE, CART, SEARCH, FILTER, DOWNLOAD, CONTACT, ACCOUNT, STORE, VIDEO)


def leading_to(*macros: str, objective: str, cards: tuple[Card, ...]) -> tuple[Card, ...]:
    """Give the cards as steps towards these macro goals."""
    return tuple(replace(card, supports=macros, objective=objective) for card in cards)
