"""A public service: people get done what they came for, by themselves. It makes no money; it saves everybody's time."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.models import Direction
from goals.starters import usual
from goals.starters.shape import (
    CARE,
    GUARDRAIL,
    INTEGER,
    LEADING,
    MACRO,
    MILESTONE,
    PRIMARY,
    SECONDARY,
    SEE,
    THINK,
    Aim,
    Asked,
    Card,
    Property,
    Starter,
    count,
    rate,
)

DONE: Final = Card(
    "done",
    _("Application sent"),
    _("What people came for, done without a queue."),
    _("The receipt of an application was shown."),
    "application_submitted",
    level=MACRO,
    objective="self-service",
    also=("form_submit", "application_sent", "generate_lead"),
    pages=("receipt", "kvittering", "kvitto", "submitted"),
    properties=(Property("service_name", is_required=True), Property("form_name")),
)
BOOKED: Final = Card(
    "booked",
    _("Appointment booked"),
    _("A visit that is prepared takes half the time."),
    _("A time was chosen and confirmed."),
    "book_appointment",
    level=MACRO,
    objective="self-service",
    also=("appointment_booked", "booking"),
    pages=("booking", "timebestilling", "tidsbestilling"),
    properties=(Property("service_name", is_required=True),),
)
BEGUN: Final = Card(
    "begun",
    _("Application begun"),
    _("Who begins and does not send needs help with the form."),
    _("The first page of an application was filled in."),
    "form_start",
    kind=MILESTONE,
    supports=("done",),
    objective="self-service",
    also=("application_started", "form_started"),
    properties=(Property("form_name", is_required=True),),
)
GUIDANCE: Final = Card(
    "guidance",
    _("Guidance read"),
    _("Who knows what is asked for sends what is asked for."),
    _("A page of guidance was read to its end."),
    "guidance_read",
    kind=MILESTONE,
    stage=SEE,
    supports=("done", "booked"),
    objective="understood",
    also=("scroll", "page_read"),
    pages=("guide", "veiledning", "vejledning"),
    properties=(Property("service_name"),),
)
HELPFUL: Final = Card(
    "helpful",
    _("Page found helpful"),
    _("People say themselves whether a page answered them."),
    _("The question below a page was answered with yes."),
    "feedback_yes",
    kind=SECONDARY,
    stage=CARE,
    supports=("done", "booked"),
    objective="understood",
    also=("feedback", "page_feedback", "helpful"),
    properties=(Property("page_rating", INTEGER),),
)
CALLED: Final = Card(
    "called",
    _("Asked by telephone or chat"),
    _("Each question that the page did not answer costs a call."),
    _("The telephone number or the chat was pressed."),
    "contact",
    kind=SECONDARY,
    stage=THINK,
    supports=("done", "booked"),
    objective="understood",
    also=("phone_click", "chat_started", "click_to_call"),
    pages=("contact", "kontakt"),
    properties=(Property("method", is_required=True),),
)

PUBLIC_SERVICE: Final = Starter(
    "public-service",
    _("Public service"),
    _("People apply, book and read up; what counts is that they get it done."),
    aims=(
        Aim(
            "self-service",
            _("People get it done by themselves"),
            _("It saves their time, and the office's."),
            (
                Asked(
                    _("Which applications are begun and not sent?"), _("Product"), _("Which form is rewritten first.")
                ),
                Asked(
                    _("Who still comes to the counter, and for what?"),
                    _("Customer service"),
                    _("What goes online next."),
                ),
            ),
        ),
        Aim(
            "understood",
            _("People understand what applies to them"),
            _("Guidance that is understood saves a call."),
            (Asked(_("Which pages make people call?"), _("Customer service"), _("Which texts are rewritten.")),),
        ),
    ),
    cards=(
        DONE,
        BOOKED,
        BEGUN,
        GUIDANCE,
        HELPFUL,
        CALLED,
        *usual.leading_to(
            "done", "booked", objective="understood", cards=(usual.SEARCH, usual.DOWNLOAD, usual.NEWSLETTER)
        ),
    ),
    kpis=(
        count("applications", _("Applications sent"), "done", weight=PRIMARY),
        count("appointments", _("Appointments booked"), "booked"),
        rate("begun-rate", _("Applications begun"), "begun", timing=LEADING),
        count("calls", _("Questions by telephone or chat"), "called", direction=Direction.DOWN.value, weight=GUARDRAIL),
    ),
)
