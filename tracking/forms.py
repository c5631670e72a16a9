"""Forms about sources."""

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracking.event import MAX_PERSON_ID_CHARS
from tracking.models import MAX_ALIAS_CHARS, Kind, NamedBy, Retention, Source
from tracking.protocols.registry import PROTOCOLS
from tracking.sources import MOST_ENTRIES, host_of, key_of, origin_of
from workspaces.forms import Form, ModelForm
from workspaces.forms.team import currency_choices


class LinesField(forms.CharField):
    """A list, typed one entry a line; each read by `read`, which raises ValidationError."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, read: Callable[[str], str], **options: Any) -> None:  # as Django's own
        super().__init__(**options)
        self.read = read

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def clean(self, value: Any) -> list[str]:
        """Give the entries, each once, in their order."""
        text = super().clean(value)
        entries = [entry.strip() for entry in text.replace(",", "\n").splitlines() if entry.strip()]
        if len(entries) > MOST_ENTRIES:
            raise ValidationError(_("Write at most %(most)s lines."), params={"most": MOST_ENTRIES})
        return list(dict.fromkeys(self.read(entry) for entry in entries))


class SourceForm(ModelForm):
    hosts = LinesField(
        label=_("Own host names"),
        required=False,
        read=host_of,
        help_text=_("One a line. Links between these sites and their subdomains are no referrals."),
    )
    origins = LinesField(
        label=_("Allowed origins"),
        required=False,
        read=origin_of,
        help_text=_("One a line, such as https://shop.example. Pages elsewhere may not send. Empty: any page may."),
    )
    currency = forms.ChoiceField(
        label=_("Currency"),
        required=False,
        choices=lambda: [("", _("None: events name their own")), *currency_choices()],
        help_text=_("For values that name none."),
    )

    class Meta:
        model = Source
        fields = ("name", "hosts", "origins", "currency", "counts_programs")
        help_texts: ClassVar = {
            "counts_programs": _(
                "For tests and monitoring: events of crawlers and headless browsers are filtered else."
            ),
        }


class NewSourceForm(SourceForm):
    kind = forms.ChoiceField(
        label=_("What sends"),
        choices=Kind.choices,
        initial=Kind.BROWSER,
        widget=forms.RadioSelect,
        help_text=_("A server's key is secret: it is trusted with the addresses of others and has to send event ids."),
    )

    class Meta:
        model = Source
        fields = ("name", "kind", "hosts", "origins", "currency")

    field_order = ("name", "kind", "hosts", "origins", "currency")


class AliasForm(Form):
    protocol = forms.ChoiceField(
        label=_("Tool"), choices=lambda: [(each.name, each.label) for each in PROTOCOLS.values() if each.key]
    )
    key = forms.CharField(
        label=_("Its key"),
        max_length=MAX_ALIAS_CHARS,
        help_text=_(
            "As its tag has it: a write key, a site's domain, an id. Events sent with it count for this source."
        ),
    )

    def clean_key(self) -> str:
        """Give the key without the space around it."""
        return key_of(self.cleaned_data["key"])


class PersonForm(Form):
    """Who is meant. The id is typed or pasted as it was sent; it is looked for exactly."""

    named_by = forms.ChoiceField(label=_("Kind of id"), choices=NamedBy.choices)
    name = forms.CharField(label=_("Id"), max_length=MAX_PERSON_ID_CHARS, strip=False)


class RetentionForm(ModelForm):
    class Meta:
        model = Retention
        fields = ("events_months", "refused_days")
        help_texts: ClassVar = {
            "events_months": _("Whole days are removed when they are older. Empty: events stay until they are erased."),
            "refused_days": _("What was refused, with its reason, to be mended and sent again."),
        }
