"""AdCost, AdWord: what ads cost by day and campaign, and what this workspace's reports call their columns."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracking.models.imports import Import
from tracking.models.source import Source
from workspaces.models import Owned


class AdPlatform(models.TextChoices):
    """Whose report it is; the keys are those of tracking.ads.words.Platform."""

    GOOGLE = "google_ads", "Google Ads"
    META = "meta", "Meta"
    LINKEDIN = "linkedin", "LinkedIn"
    MICROSOFT = "microsoft_ads", "Microsoft Advertising"
    PINTEREST = "pinterest", "Pinterest"
    TIKTOK = "tiktok", "TikTok"


class AdField(models.TextChoices):
    """What a column can be; the keys are those of tracking.ads.words.Field."""

    DAY = "day", _("Day")
    DAY_END = "day_end", _("Last day of the row")
    ACCOUNT = "account", _("Account")
    CAMPAIGN = "campaign", _("Campaign")
    CAMPAIGN_ID = "campaign_id", _("Campaign's id")
    AD_GROUP = "ad_group", _("Ad group")
    AD_GROUP_ID = "ad_group_id", _("Ad group's id")
    CURRENCY = "currency", _("Currency")
    COST = "cost", _("Cost")
    IMPRESSIONS = "impressions", _("Impressions")
    CLICKS = "clicks", _("Clicks")
    CONVERSIONS = "conversions", _("Conversions")
    CONVERSION_VALUE = "conversion_value", _("Value of conversions")


class AdCost(Owned):
    """One day of one ad group, or of a campaign where the report has no ad groups."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="+")
    import_row = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="ad_costs")  # which wrote it last
    platform = models.CharField(max_length=16, choices=AdPlatform.choices)
    account = models.TextField(blank=True)
    campaign = models.TextField(blank=True)
    campaign_id = models.TextField(blank=True)
    ad_group = models.TextField(blank=True)
    ad_group_id = models.TextField(blank=True)
    key = models.BinaryField()  # 16 bytes of all that it is of; the names may be too long for an index
    day = models.DateField()  # of the account's own calendar
    currency = models.CharField(max_length=3)
    cost_micros = models.BigIntegerField()
    impressions = models.BigIntegerField()
    clicks = models.BigIntegerField()
    conversions = models.DecimalField(max_digits=20, decimal_places=6, null=True)  # the platform's own count
    conversion_micros = models.BigIntegerField(null=True)

    class Meta(Owned.Meta):
        default_related_name = "ad_costs"
        ordering = ("-day", "platform", "campaign", "ad_group", "pk")
        constraints = (
            models.UniqueConstraint(fields=("workspace", "day", "platform", "key"), name="ad_cost_once"),
            models.CheckConstraint(
                condition=Q(cost_micros__gte=0, impressions__gte=0, clicks__gte=0), name="ad_cost_is_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.platform} {self.campaign}"


class AdWord(Owned):
    """A header of this workspace's reports, and which column it names."""

    header = models.CharField(_("header"), max_length=120)  # as its owner wrote it
    key = models.CharField(max_length=120)  # as it is compared; see tracking.ads.words.key_of
    field = models.CharField(_("column"), max_length=16, choices=AdField.choices)

    class Meta(Owned.Meta):
        default_related_name = "ad_words"
        ordering = ("header",)
        constraints = (models.UniqueConstraint(fields=("workspace", "key"), name="ad_word_once"),)

    def __str__(self) -> str:
        return f"{self.header}: {self.get_field_display()}"
