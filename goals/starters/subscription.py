"""Subscription software: trials become customers, and customers stay."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.models import Direction, Measure
from goals.starters import usual
from goals.starters.shape import (
    CARE,
    FROM_EVENT,
    GUARDRAIL,
    LEADING,
    MACRO,
    MILESTONE,
    NUMBER,
    PRIMARY,
    THINK,
    Aim,
    Asked,
    Card,
    Measured,
    Property,
    Starter,
    count,
    rate,
)

SUBSCRIPTION: Final = Card(
    "subscription",
    _("Subscription bought"),
    _("What the company lives on."),
    _("The first payment went through."),
    "purchase",
    level=MACRO,
    objective="growth",
    value=FROM_EVENT,
    also=("subscribe", "subscription_started", "subscription_created", "checkout_completed", "upgrade"),
    pages=("thank", "welcome", "takk"),
    properties=(
        Property("transaction_id", is_required=True),
        Property("value", NUMBER, is_required=True),
        Property("currency", is_required=True),
        Property("plan_name"),
        Property("billing_period"),
    ),
)
TRIAL: Final = Card(
    "trial",
    _("Trial begun"),
    _("People try before they pay."),
    _("A new account was opened for a trial."),
    "sign_up",
    kind=MILESTONE,
    supports=("subscription",),
    objective="growth",
    also=("start_trial", "trial_started", "trial_start", "signup"),
    pages=("signup", "sign-up", "trial", "register"),
    properties=(Property("method"), Property("plan_name")),
)
FIRST_VALUE: Final = Card(
    "first-value",
    _("First useful thing done"),
    _("Who has seen what it is good for pays; who has not leaves."),
    _("The step of the set-up that makes it useful was done."),
    "tutorial_complete",
    kind=MILESTONE,
    stage=CARE,
    supports=("subscription",),
    objective="stay",
    also=("activation", "activated", "onboarding_complete", "onboarding_completed"),
    properties=(Property("step_name"),),
)
INVITED: Final = Card(
    "invited",
    _("Colleague invited"),
    _("A team that works in it stays."),
    _("An invitation was sent."),
    "invite_sent",
    kind=MILESTONE,
    stage=CARE,
    supports=("subscription",),
    objective="stay",
    also=("invite", "invite_user", "team_invite", "share"),
    properties=(Property("team_size", "integer"),),
)
PRICES: Final = Card(
    "prices",
    _("Prices viewed"),
    _("People who look at prices are weighing."),
    _("The page with the prices was viewed."),
    "view_pricing",
    kind=MILESTONE,
    stage=THINK,
    supports=("subscription",),
    objective="growth",
    also=("pricing_view", "view_item_list"),
    pages=("pricing", "prices", "priser", "pris", "plans"),
)
CANCELLED: Final = Card(
    "cancelled",
    _("Subscription cancelled"),
    _("What is lost at the back must be won again at the front."),
    _("A cancellation was confirmed."),
    "cancel_subscription",
    level=MACRO,
    stage=CARE,
    objective="stay",
    also=("subscription_cancelled", "churn", "cancel"),
    properties=(Property("reason"), Property("plan_name")),
)

SUBSCRIPTION_SOFTWARE: Final = Starter(
    "subscription-software",
    _("Subscription software"),
    _("People try, then pay every month or year, as long as it is useful."),
    aims=(
        Aim(
            "growth",
            _("Win paying customers"),
            _("Each new subscription pays for years."),
            (
                Asked(_("Which channels bring trials that pay?"), _("Marketing"), _("Where the budget goes.")),
                Asked(_("What do people do in a trial who later pay?"), _("Product"), _("What the set-up leads to.")),
            ),
        ),
        Aim(
            "stay",
            _("Keep customers"),
            _("A customer who stays costs nothing to win."),
            (Asked(_("What came before a cancellation?"), _("Customer service"), _("Who is called, and when.")),),
        ),
    ),
    cards=(
        SUBSCRIPTION,
        CANCELLED,
        PRICES,
        TRIAL,
        FIRST_VALUE,
        INVITED,
        *usual.leading_to(
            "subscription", objective="growth", cards=(usual.VIDEO, usual.DOWNLOAD, usual.NEWSLETTER, usual.CONTACT)
        ),
    ),
    kpis=(
        count("subscriptions", _("New subscriptions"), "subscription", weight=PRIMARY),
        Measured("new-revenue", _("New revenue"), "subscription", measure=Measure.VALUE.value, weight=PRIMARY),
        count("trials", _("Trials begun"), "trial", timing=LEADING),
        rate("trial-rate", _("Trial rate"), "trial", timing=LEADING),
        count("activations", _("First useful things done"), "first-value", timing=LEADING),
        count(
            "cancellations",
            _("Cancellations"),
            "cancelled",
            direction=Direction.DOWN.value,
            weight=GUARDRAIL,
        ),
    ),
)
