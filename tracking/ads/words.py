"""What ad platforms call their columns, in several languages; a workspace adds words of its own. Pure.

A platform names its columns in its user's language and renames them now and then, so the table is never complete: a
report with a word that is missing here says which column is missing, and the workspace adds the word once.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Platform(StrEnum):
    GOOGLE = "google_ads"
    META = "meta"
    LINKEDIN = "linkedin"
    MICROSOFT = "microsoft_ads"
    PINTEREST = "pinterest"
    TIKTOK = "tiktok"


class Field(StrEnum):
    """What a column of a report can be."""

    DAY = "day"
    DAY_END = "day_end"  # of a row that covers several days, which is refused
    ACCOUNT = "account"
    CAMPAIGN = "campaign"
    CAMPAIGN_ID = "campaign_id"
    AD_GROUP = "ad_group"
    AD_GROUP_ID = "ad_group_id"
    CURRENCY = "currency"
    COST = "cost"
    IMPRESSIONS = "impressions"
    CLICKS = "clicks"
    CONVERSIONS = "conversions"
    CONVERSION_VALUE = "conversion_value"


# Between bars, the ones that are taken first. Norwegian, Danish, Swedish, Finnish, German, French and Spanish beside
# English, as far as they are known.
_WORDS: Mapping[Platform, Mapping[Field, str]] = {
    Platform.GOOGLE: {
        Field.DAY: "Day|Dag|Päivä|Tag|Jour|Día",
        Field.ACCOUNT: "Account name|Account|Kontonavn|Konto|Kontonamn|Tilin nimi|Tili|Kontoname|Nom du compte|Cuenta",
        Field.CAMPAIGN: "Campaign|Kampanje|Kampagne|Kampanj|Kampanja|Campagne|Campaña",
        Field.CAMPAIGN_ID: "Campaign ID|Kampanje-ID|Kampagne-id|Kampanj-id|Kampanjan tunnus|Kampagnen-ID"
        "|ID de la campagne|ID de campaña|ID de la campaña",
        Field.AD_GROUP: "Ad group|Annonsegruppe|Annoncegruppe|Annonsgrupp|Mainosryhmä|Anzeigengruppe|Groupe d'annonces"
        "|Grupo de anuncios",
        Field.AD_GROUP_ID: "Ad group ID|Annonsegruppe-ID|Annoncegruppe-id|Annonsgrupps-id|Anzeigengruppen-ID",
        Field.CURRENCY: "Currency code|Currency|Valutakode|Valutakod|Valuuttakoodi|Währungscode|Code de devise"
        "|Código de moneda",
        Field.COST: "Cost|Kostnad|Omkostninger|Omkostning|Pris|Kustannus|Kustannukset|Hinta|Kosten|Coût|Coste|Costo",
        Field.IMPRESSIONS: "Impr.|Impressions|Visn.|Visninger|Eksponeringer|Eksp.|Exponeringar|Exp.|Näyttökerrat|Näytöt"
        "|Impressionen|Impresiones",
        Field.CLICKS: "Clicks|Klikk|Klik|Klick|Klikkaukset|Klicks|Clics",
        Field.CONVERSIONS: "Conversions|Konverteringer|Konverteringar|Konversiot|Konv.|Conv.|Conversiones",
        Field.CONVERSION_VALUE: "Conv. value|Total conv. value|Conversion value|Konv.verdi|Konv. verdi|Konv.værdi"
        "|Konv.värde|Konv. arvo|Conv.-Wert|Valeur de conv.|Valor de conv.",
    },
    Platform.META: {
        Field.DAY: "Day|Reporting starts|Dag|Rapportering starter|Rapporteringsstart|Rapporteringen startar|Päivä"
        "|Raportointi alkaa|Tag|Berichtsstart|Auswertungsstart|Jour|Début des rapports|Día|Inicio del informe",
        Field.DAY_END: "Reporting ends|Rapportering slutter|Rapporteringsslut|Rapportering slut|Rapporteringen slutar"
        "|Raportointi päättyy|Berichtsende|Auswertungsende|Fin des rapports|Fin del informe",
        Field.ACCOUNT: "Account name|Kontonavn|Kontonamn|Tilin nimi|Kontoname|Nom du compte|Nombre de la cuenta",
        Field.CAMPAIGN: "Campaign name|Kampanjenavn|Kampagnenavn|Kampanjnamn|Kampanjens namn|Kampanjan nimi"
        "|Kampagnenname|Name der Kampagne|Nom de la campagne|Nombre de la campaña",
        Field.CAMPAIGN_ID: "Campaign ID|Kampanje-ID|Kampagne-id|Kampanj-id|Kampanjan tunnus|Kampagnen-ID"
        "|ID de la campagne|Identificador de la campaña",
        Field.AD_GROUP: "Ad set name|Navn på annonsesett|Annonsesettnavn|Annoncesætnavn|Annoncesættets navn"
        "|Annonsuppsättningens namn|Namn på annonsuppsättning|Mainosjoukon nimi|Anzeigengruppenname"
        "|Name der Anzeigengruppe|Nom de l'ensemble de publicités|Nombre del conjunto de anuncios",
        Field.AD_GROUP_ID: "Ad set ID|Annonsesett-ID|Annoncesæt-id|Annonsuppsättnings-id",
        Field.CURRENCY: "Currency|Valuta|Valuutta|Währung|Devise|Divisa",
        Field.COST: "Amount spent|Beløp brukt|Brukt beløp|Brugt beløb|Anvendt beløb|Spenderat belopp|Förbrukat belopp"
        "|Käytetty summa|Ausgegebener Betrag|Montant dépensé|Importe gastado",
        Field.IMPRESSIONS: "Impressions|Eksponeringer|Visninger|Exponeringar|Visningar|Näyttökerrat|Impressionen"
        "|Impresiones",
        Field.CLICKS: "Link clicks|Clicks (all)|Klikk på lenke|Klikk på lenker|Klikk (alle)|Klik på link|Linkklik"
        "|Klik (alle)|Länkklick|Klick (alla)|Linkin klikkaukset|Link-Klicks|Klicks (alle)|Clics sur un lien"
        "|Clics en el enlace",
        Field.CONVERSIONS: "Purchases|Results|Kjøp|Resultater|Køb|Köp|Resultat|Ostot|Tulokset|Käufe|Ergebnisse|Achats"
        "|Résultats|Compras|Resultados",
        Field.CONVERSION_VALUE: "Purchases conversion value|Konverteringsverdi for kjøp|Konverteringsværdi for køb"
        "|Konverteringsvärde för köp|Conversion-Wert von Käufen",
    },
    Platform.LINKEDIN: {
        Field.DAY: "Start Date (in UTC)|Start Date|Startdato (i UTC)|Startdatum (i UTC)|Startdatum (in UTC)"
        "|Date de début (UTC)",
        Field.ACCOUNT: "Account Name|Kontonavn|Kontonamn|Kontoname|Nom du compte",
        Field.CAMPAIGN: "Campaign Name|Kampanjenavn|Kampagnenavn|Kampanjnamn|Kampagnenname|Nom de la campagne",
        Field.CAMPAIGN_ID: "Campaign ID|Kampanje-ID|Kampagne-id|Kampanj-ID|Kampagnen-ID|ID de campagne",
        Field.AD_GROUP: "Ad Name|Annonsenavn|Annoncenavn|Annonsnamn|Anzeigenname",
        Field.CURRENCY: "Currency|Valuta|Währung|Devise",
        Field.COST: "Total Spent|Totalt brukt|Brugt i alt|Totalt spenderat|Ausgegebener Gesamtbetrag|Total dépensé",
        Field.IMPRESSIONS: "Impressions|Visninger|Eksponeringer|Visningar|Exponeringar|Impressionen",
        Field.CLICKS: "Clicks|Klikk|Klik|Klick|Klicks|Clics",
        Field.CONVERSIONS: "Conversions|Konverteringer|Konverteringar|Conversions totales",
        Field.CONVERSION_VALUE: "Total Conversion Value|Samlet konverteringsverdi|Samlet konverteringsværdi"
        "|Totalt konverteringsvärde|Conversion-Gesamtwert",
    },
    Platform.MICROSOFT: {
        Field.DAY: "TimePeriod|Gregorian date|Time period|Date",
        Field.ACCOUNT: "AccountName|Account name",
        Field.CAMPAIGN: "CampaignName|Campaign name|Campaign",
        Field.CAMPAIGN_ID: "CampaignId|Campaign ID",
        Field.AD_GROUP: "AdGroupName|Ad group|Ad group name",
        Field.AD_GROUP_ID: "AdGroupId|Ad group ID",
        Field.CURRENCY: "CurrencyCode|Currency code",
        Field.COST: "Spend",
        Field.IMPRESSIONS: "Impressions|Impr.",
        Field.CLICKS: "Clicks",
        Field.CONVERSIONS: "Conversions|Conv.|AllConversions",
        Field.CONVERSION_VALUE: "Revenue|AllRevenue",
    },
    Platform.PINTEREST: {
        Field.DAY: "Date|Dato|Datum|Päivämäärä|Fecha",
        Field.ACCOUNT: "Account name|Ad account name|Ad account|Advertiser name",
        Field.CAMPAIGN: "Campaign name|Kampanjenavn|Kampagnenavn|Kampanjnamn|Kampagnenname",
        Field.CAMPAIGN_ID: "Campaign ID|Kampanje-ID|Kampagne-id|Kampanj-id|Kampagnen-ID",
        Field.AD_GROUP: "Ad group name|Annonsegruppenavn|Annoncegruppenavn|Annonsgruppsnamn|Anzeigengruppenname",
        Field.AD_GROUP_ID: "Ad group ID|Annonsegruppe-ID|Annoncegruppe-id|Annonsgrupps-id",
        Field.CURRENCY: "Currency|Account currency|Valuta|Währung",
        Field.COST: "Spend in account currency|Forbruk i kontovaluta|Forbrug i kontovaluta|Utgifter i kontovaluta"
        "|Ausgaben in Kontowährung",
        Field.IMPRESSIONS: "Impressions|Paid impressions|Visninger|Visningar|Impressionen",
        Field.CLICKS: "Outbound clicks|Pin clicks|Utgående klikk|Udgående klik|Utgående klick|Ausgehende Klicks",
        Field.CONVERSIONS: "Total checkouts (Click/Engagement/View)|Total checkouts|Total conversions|Checkouts",
        Field.CONVERSION_VALUE: "Total order value (Checkout)|Total order value",
    },
    Platform.TIKTOK: {
        Field.DAY: "By Day|Stat time day|Date|Dato|Datum",
        Field.ACCOUNT: "Account name|Advertiser name",
        Field.CAMPAIGN: "Campaign name|Kampanjenavn|Kampagnenavn|Kampanjnamn|Kampagnenname",
        Field.CAMPAIGN_ID: "Campaign ID|Kampanje-ID|Kampagne-id|Kampanj-id|Kampagnen-ID",
        Field.AD_GROUP: "Ad group name|Annonsegruppenavn|Annoncegruppenavn|Annonsgruppsnamn|Anzeigengruppenname",
        Field.AD_GROUP_ID: "Ad group ID",
        Field.CURRENCY: "Currency|Valuta|Währung",
        Field.COST: "Cost|Kostnad|Omkostninger|Kosten",
        Field.IMPRESSIONS: "Impressions|Visninger|Visningar|Impressionen",
        Field.CLICKS: "Clicks (destination)|Destination clicks|Clicks (all)|Clicks|Klikk|Klik|Klick|Klicks",
        Field.CONVERSIONS: "Conversions|Results|Konverteringer|Konverteringar",
        Field.CONVERSION_VALUE: "Total purchase value|Total complete payment value|Purchase value",
    },
}
# "Amount spent (EUR)": the currency stands in the header.
_WITH_CURRENCY = re.compile(r"(.+?)\s*[(\[]([A-Z]{3})[)\]]")
# How a row begins that adds others up.
TOTALS = (
    *("total", "totalt", "totals", "totaal", "totale", "grand total", "gesamt", "insgesamt", "summe", "sum", "summa"),
    *(
        "sum total",
        "i alt",
        "ialt",
        "yhteensä",
        "kokonaismäärä",
        "samlet",
        "resultater fra",
        "results from",
        "ensemble",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """Which column is what.

    columns   field to the column's place
    platform  whose report it is; None where its words are several platforms'
    currency  from the header of the cost; None where it is not there
    """

    columns: Mapping[Field, int]
    platform: Platform | None
    currency: str | None = None

    @property
    def is_report(self) -> bool:
        """Say whether these are the headers of a report of costs, even if a word is missing, and of nothing else."""
        found = self.columns.keys()
        has_campaign = bool(found & {Field.CAMPAIGN, Field.CAMPAIGN_ID})
        return has_campaign and bool(found & {Field.IMPRESSIONS, Field.CLICKS}) and len(found) >= 4


def key_of(header: str) -> str:
    """Give a header as it is compared: without case, spaces around, and marks that come and go."""
    folded = header.replace("\ufeff", "").replace("\u00a0", " ").casefold()
    return re.sub(r"[\s_]+", " ", folded).strip(" .:*\"'")


def match(headers: Sequence[str], own: Mapping[str, Field]) -> Matched:
    """Find the columns by their words; own are the workspace's, by key, and come before all others."""
    named = [_split(header) for header in headers]
    ranked: dict[Field, tuple[tuple[int, int], int]] = {}  # the best place so far, and the column
    for place, (key, _currency) in enumerate(named):
        for field, rank in _meanings(key, own):
            best = ranked.get(field)
            if best is None or (rank, place) < best[0]:
                ranked[field] = ((rank, place), place)
    columns = {field: place for field, (_rank, place) in ranked.items()}
    cost = columns.get(Field.COST)
    return Matched(
        columns=columns,
        platform=_platform(key for key, _ in named),
        currency=named[cost][1] if cost is not None else None,
    )


def _split(header: str) -> tuple[str, str | None]:
    """Take the currency off a header, where what is left is a word that is known, or any word of money."""
    found = _WITH_CURRENCY.fullmatch(header.strip())
    return (key_of(found[1]), found[2]) if found and key_of(header) not in _MEANINGS else (key_of(header), None)


def _meanings(key: str, own: Mapping[str, Field]) -> Iterable[tuple[Field, int]]:
    if key in own:
        return [(own[key], -1)]
    return [(field, rank) for field, ranks in _MEANINGS.get(key, {}).items() for rank in [min(ranks.values())]]


def _platform(keys: Iterable[str]) -> Platform | None:
    """Give the platform that knows most of the headers; a word that few know says more."""
    known, weights = dict.fromkeys(Platform, 0), dict.fromkeys(Platform, 0.0)
    for key in set(keys):
        platforms = {platform for ranks in _MEANINGS.get(key, {}).values() for platform in ranks}
        for platform in platforms:
            known[platform] += 1
            weights[platform] += 1 / len(platforms)
    ordered = sorted(Platform, key=lambda each: known[each] + weights[each], reverse=True)
    first, second = (known[each] + weights[each] for each in ordered[:2])
    return ordered[0] if first > second else None


def _table() -> dict[str, dict[Field, dict[Platform, int]]]:
    """Give for each key what it can mean, and for each platform how early it is taken."""
    table: dict[str, dict[Field, dict[Platform, int]]] = {}
    for platform, fields in _WORDS.items():
        for field, words in fields.items():
            for rank, word in enumerate(words.split("|")):
                table.setdefault(key_of(word), {}).setdefault(field, {}).setdefault(platform, rank)
    return table


_MEANINGS = _table()
