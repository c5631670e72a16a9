"""How Fjellsport's developers track each goal, as plain data: what `properties` and the events' fields hold."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Carried:
    """A parameter of an event. `type` is text, integer or number; `allowed` its only values, where they are few."""

    name: str
    about: str
    type: str = "text"
    is_required: bool = True
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Specified:
    """The tracking of the goal with the key `goal`. `platform` and `method` are those of a tracking specification."""

    goal: str
    event: str
    about: str
    place: str
    parameters: tuple[Carried, ...] = ()
    platform: str = "web"
    method: str = "tag_manager"
    state: str = "implemented"
    ticket: str = ""


_STORE = Carried("store", "The store's short name, as in its page's address.")
SPECS = (
    Specified(
        "purchase",
        "purchase",
        "An order is paid. Sent by the shop's server, so that a closed receipt loses nothing.",
        "The order system, once the payment is confirmed.",
        parameters=(
            Carried("transaction_id", "The order's number; a second message of it counts once."),
            Carried("value", "What was paid, with tax and without shipping.", type="number"),
            Carried("currency", "Three letters.", allowed=("NOK",)),
        ),
        platform="server",
        method="server",
        ticket="https://tickets.example/SHOP-118",
    ),
    Specified(
        "store_visit_lead",
        "store_finder_used",
        "Somebody asks for the way to a store.",
        'The button "Way there" of the store finder.',
        parameters=(Carried("action", "What was done.", allowed=("directions",)), _STORE),
    ),
    Specified(
        "add_to_cart",
        "add_to_cart",
        "A product goes into the cart.",
        "Product page and lists.",
        parameters=(Carried("value", "The product's price.", type="number", is_required=False),),
    ),
    Specified("begin_checkout", "begin_checkout", "The checkout's first page is shown.", "/kasse"),
    Specified(
        "newsletter_signup",
        "newsletter_signup",
        "The form was sent and the address accepted.",
        "Every form for the newsletter.",
        parameters=(Carried("form", "Which form it was.", allowed=("bunnlinje", "popup", "kasse")),),
        ticket="https://tickets.example/SHOP-97",
    ),
    Specified(
        "size_guide_used",
        "size_guide_used",
        "The size guide is opened.",
        "The link beside the sizes of a product.",
        parameters=(Carried("category", "The product's category."),),
    ),
    Specified(
        "search",
        "search",
        "A search shows its results.",
        "/sok",
        parameters=(
            Carried("query", "What was searched for, without personal data."),
            Carried("results", "How many products were found.", type="integer"),
        ),
    ),
    Specified(
        "filter_used",
        "filter_used",
        "A filter of a list is set.",
        "Category pages and search.",
        parameters=(Carried("filter", "Its name."), Carried("choice", "What was chosen.")),
    ),
    Specified(
        "contact",
        "contact",
        "Somebody starts a chat, sends the form or taps the number.",
        "Every page.",
        parameters=(
            Carried("way", "How.", allowed=("chat", "skjema", "telefon")),
            Carried("topic", "What it is about.", is_required=False),
        ),
        state="ready",
    ),
)
