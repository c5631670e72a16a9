"""Lead generation: enquiries are handed to people who sell."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.starters import usual
from goals.starters.shape import (
    LEADING,
    MACRO,
    MILESTONE,
    NUMBER,
    PRIMARY,
    SECONDARY,
    THINK,
    TIME,
    Aim,
    Asked,
    Card,
    Property,
    Starter,
    count,
    rate,
)

LEAD: Final = Card(
    "lead",
    _("Enquiry"),
    _("Each is a person whom sales can call."),
    _("The form for an offer or a call was accepted."),
    "generate_lead",
    level=MACRO,
    objective="customers",
    also=("lead", "form_submit", "quote_request", "enquiry", "lead_submitted"),
    pages=("thank", "takk", "tack", "tak", "enquiry", "quote", "tilbud", "offert"),
    properties=(
        Property("lead_source", about=_("Which form: offer, call back, demo.")),
        Property("value", NUMBER),
        Property("currency"),
    ),
)
MEETING: Final = Card(
    "meeting",
    _("Meeting booked"),
    _("A date in the calendar is worth several forms."),
    _("A time was chosen and confirmed."),
    "book_meeting",
    level=MACRO,
    objective="customers",
    also=("meeting_booked", "appointment", "demo_booked", "book_demo"),
    pages=("booking", "book", "demo"),
    properties=(Property("meeting_type"), Property("meeting_time", TIME)),
)
CASE: Final = Card(
    "case",
    _("Reference read"),
    _("People want to see that it worked for somebody like them."),
    _("A customer story was read to its end."),
    "view_case",
    kind=SECONDARY,
    stage=THINK,
    supports=("lead", "meeting"),
    objective="trust",
    also=("case_read", "case_study"),
    pages=("case", "cases", "references", "referanser", "kunder"),
)
FORM: Final = Card(
    "form",
    _("Form begun"),
    _("Who begins and does not send shows what the form asks too much."),
    _("Something was typed into the form."),
    "form_start",
    kind=MILESTONE,
    supports=("lead", "meeting"),
    objective="customers",
    also=("lead_form_start", "form_started"),
    properties=(Property("form_name", is_required=True),),
)

LEAD_GENERATION: Final = Starter(
    "lead-generation",
    _("Lead generation"),
    _("People ask for an offer or a call; the sale is made by your own people."),
    aims=(
        Aim(
            "customers",
            _("Win customers through the site"),
            _("Sales needs people to talk to."),
            (
                Asked(
                    _("Which channels bring enquiries that become customers?"), _("Sales"), _("Where the budget goes.")
                ),
                Asked(_("What makes people leave the form?"), _("Marketing"), _("Which fields are dropped.")),
            ),
        ),
        Aim(
            "trust",
            _("Be the one whom people trust"),
            _("Nobody asks a stranger."),
            (Asked(_("What do people read before they ask?"), _("Marketing"), _("What is written next.")),),
        ),
    ),
    cards=(
        LEAD,
        MEETING,
        FORM,
        CASE,
        *usual.leading_to(
            "lead",
            "meeting",
            objective="trust",
            cards=(usual.KEY_PAGE, usual.DOWNLOAD, usual.NEWSLETTER, usual.VIDEO, usual.CONTACT, usual.SEARCH),
        ),
    ),
    kpis=(
        count("leads", _("Enquiries"), "lead", weight=PRIMARY),
        rate("lead-rate", _("Enquiry rate"), "lead"),
        count("meetings", _("Meetings booked"), "meeting", weight=PRIMARY),
        rate("form-rate", _("Forms begun"), "form", timing=LEADING),
        count("downloads", _("Downloads"), "download", timing=LEADING),
    ),
)
