"""The form of a schedule: when it goes out, to whom, in which language, with which files."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from reports.mailed.clock import Rhythm
from reports.mailed.schedules import MOST_ADDRESSES
from reports.models import Cadence, Schedule
from workspaces import languages
from workspaces.forms import ModelForm
from workspaces.models import Membership

LONGEST_ADDRESS = 254
SHORTEST_MONTH = 28  # days


def _days() -> list[Any]:  # Django's nested choices
    """Give the days on which a report can go out; a value names the cadence and its day: "weekly-0"."""
    return [
        (Cadence.DAILY.value, gettext("Every day")),
        (
            gettext("Every week"),
            [(f"{Cadence.WEEKLY}-{day}", _day_of_week(str(name))) for day, name in WEEKDAYS.items()],
        ),
        (gettext("Every month"), [(f"{Cadence.MONTHLY}-{day}", _day_of_month(day)) for day in range(1, 32)]),
    ]


def _day_of_week(name: str) -> str:
    return gettext("Every week: %(weekday)s") % {"weekday": name}


def _day_of_month(day: int) -> str:
    words = (
        gettext("Every month: day %(day)s, or its last")
        if day > SHORTEST_MONTH
        else gettext("Every month: day %(day)s")
    )
    return words % {"day": day}


def asked_of(schedule: Schedule) -> dict[str, Any]:
    """Give what the form begins with that the schedule's own row does not hold: its day, and who gets it now."""
    day = {Cadence.WEEKLY: f"-{schedule.weekday}", Cadence.MONTHLY: f"-{schedule.month_day}"}
    readers = list(schedule.recipients.here())
    return {
        "day": schedule.cadence + day.get(Cadence(schedule.cadence), ""),
        "members": [str(each.member_id) for each in readers if each.member_id],
        "addresses": "\n".join(each.email for each in readers if each.email),
    }


class ScheduleForm(ModelForm):
    title = forms.CharField(label=_("Subject"), max_length=120, help_text=_("Of the mail; its day is put behind it."))
    day = forms.ChoiceField(label=_("Day"), choices=_days, initial=f"{Cadence.WEEKLY}-0")
    hour = forms.TypedChoiceField(
        label=_("Hour"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)], initial=7
    )
    members = forms.MultipleChoiceField(
        label=_("Members"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each reads it in their own language, with a link to the report."),
    )  # fmt: skip
    addresses = forms.CharField(
        label=_("Other addresses"), required=False, max_length=(LONGEST_ADDRESS + 1) * MOST_ADDRESSES,
        widget=forms.Textarea({"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Of people without a login, one a line, 20 at most. They can have it stopped with one click."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=languages.choices, help_text=_("For the other addresses; members read their own.")
    )
    with_xlsx = forms.BooleanField(label=_("Attach the tables as XLSX"), required=False)
    with_pdf = forms.BooleanField(label=_("Attach it as PDF"), required=False)

    class Meta:
        model = Schedule
        fields = ("title", "day", "hour", "members", "addresses", "language", "with_xlsx", "with_pdf")

    def __init__(self, *args: Any, members: Iterable[Membership], zone: str, **options: Any) -> None:
        """Make the form; `members` can be chosen, `zone` names the clock."""
        super().__init__(*args, **options)
        field = cast(forms.MultipleChoiceField, self.fields["members"])
        field.choices = [(str(member.pk), str(member)) for member in members]
        words = gettext("On the clock of %(zone)s. Where that changes, the mail keeps its hour.")
        self.fields["hour"].help_text = words % {"zone": zone}

    def clean_addresses(self) -> list[str]:
        """Give the addresses, each once; name the one that is none."""
        typed = str(self.cleaned_data["addresses"]).replace(",", " ").replace(";", " ").split()
        found = list({address.lower(): address for address in typed}.values())
        for address in found:
            try:
                validate_email(address)
            except ValidationError as fault:
                words = _("“%(address)s” is not an e-mail address; write it as name@example.com.")
                raise ValidationError(words, params={"address": address[:100]}) from fault
            if len(address) > LONGEST_ADDRESS:
                raise ValidationError(_("An address has at most %(n)s letters."), params={"n": LONGEST_ADDRESS})
        if len(found) > MOST_ADDRESSES:
            words = _("These are %(n)s addresses; at most %(most)s are sent to. For more people, share a link.")
            raise ValidationError(words, params={"n": len(found), "most": MOST_ADDRESSES})
        return found

    def clean_members(self) -> list[int]:
        """Give the ids of the chosen members."""
        return [int(pk) for pk in self.cleaned_data["members"]]

    def clean(self) -> dict[str, Any]:
        """Refuse a mail to nobody."""
        cleaned = super().clean() or self.cleaned_data
        if "addresses" in cleaned and "members" in cleaned and not (cleaned["addresses"] or cleaned["members"]):
            self.add_error("members", _("Choose somebody to send it to, or give an address."))
        return cleaned

    @property
    def terms(self) -> dict[str, Any]:
        """Give the fields of Terms, after `is_valid`."""
        kept = {name: value for name, value in self.values.items() if name not in {"day", "hour"}}
        return kept | {"rhythm": self._rhythm}

    @property
    def _rhythm(self) -> Rhythm:
        cadence, _dash, day = self.cleaned_data["day"].partition("-")
        named = {Cadence.WEEKLY: "weekday", Cadence.MONTHLY: "month_day"}
        chosen = {named[Cadence(cadence)]: int(day)} if day else {}
        return Rhythm(cadence, hour=self.cleaned_data["hour"], **chosen)
