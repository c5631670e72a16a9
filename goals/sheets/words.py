"""What people call the columns of a measurement plan, in English, Norwegian, Swedish and Danish, as data.

The outline is the plan as one table: an objective, a macro goal, a micro goal, a KPI and a target in a line. The words
are those of published plans and templates: Kaushik's five steps, Google's measurement plan, Norwegian and Danish ones.
"""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from goals.cells import Words


@dataclass(frozen=True, slots=True)
class Field:
    """A column of the outline: what it is called here, and elsewhere; words in lower case, without signs."""

    label: Words
    words: tuple[str, ...]


# fmt: off
OUTLINE: Final[dict[str, Field]] = {
    "objective": Field(_("Objective"), (
        "objective", "objectives", "business objective", "business objectives", "business goal", "strategic objective",
        "formål", "forretningsmål", "virksomhetsmål", "overordnet mål", "overordnede mål", "hovedmål", "strategisk mål",
        "affärsmål", "verksamhetsmål", "övergripande mål", "syfte", "forretningsmål", "overordnet formål",
    )),
    "question": Field(_("Business question"), (
        "question", "business question", "questions", "spørsmål", "forretningsspørsmål", "fråga", "affärsfråga",
        "spørgsmål", "forretningsspørgsmål",
    )),
    "goal": Field(_("Goal"), ("goal", "goals", "mål", "målsetting", "målsättning", "målsætning", "strategy", "tactic")),
    "macro": Field(_("Macro goal"), (
        "macro goal", "macro goals", "macro conversion", "macro conversions", "primary goal", "makromål",
        "makrokonvertering", "makrokonverteringer", "hovedkonvertering", "makrokonverteringar", "makrokonvertering",
        "makrokonvertering", "primært mål", "primärt mål",
    )),
    "micro": Field(_("Micro goal"), (
        "micro goal", "micro goals", "micro conversion", "micro conversions", "secondary goal", "mikromål",
        "mikrokonvertering", "mikrokonverteringer", "mikrokonverteringar", "sekundært mål", "sekundärt mål", "delmål",
    )),
    "level": Field(_("Level"), ("level", "macro or micro", "macro micro", "nivå", "niveau", "makro eller mikro")),
    "kind": Field(_("Kind of micro goal"), ("kind", "type", "kind of micro goal", "typ")),
    "kpi": Field(_("KPI"), (
        "kpi", "kpis", "key performance indicator", "key performance indicators", "metric", "metrics", "nøkkeltall",
        "nøgletal", "nyckeltal", "indikator", "måltall navn", "styringsparameter",
    )),
    "measure": Field(_("Measure"), (
        "measure", "what is measured", "unit", "måles i", "enhet", "enhed", "mått", "måling",
    )),
    "per": Field(_("Denominator"), ("denominator", "per", "nevner", "nämnare", "nævner")),
    "metric": Field(_("Metric of your own"), (
        "metric of your own", "own metric", "eget måltall", "eget mått", "eget måletal",
    )),
    "target": Field(_("Target"), (
        "target", "targets", "target value", "goal value", "måltall", "målverdi", "mål tall", "målvärde", "måltal",
        "målværdi", "ønsket verdi",
    )),
    "starts_on": Field(_("From"), ("from", "starts on", "start", "fra", "från", "startdato", "startdatum", "fra dato")),
    "ends_on": Field(_("Until"), (
        "until", "ends on", "end", "by", "deadline", "til", "till", "frist", "innen", "sluttdato", "slutdato",
        "slutdatum", "senast",
    )),
    "baseline": Field(_("Baseline"), (
        "baseline", "benchmark", "today", "current", "current value", "nullpunkt", "dagens verdi", "utgangspunkt",
        "nå", "nuläge", "utgångsläge", "udgangspunkt", "nuværende værdi",
    )),
    "segment": Field(_("Segment"), ("segment", "segments", "segmenter", "audience", "målgruppe", "målgrupp")),
    "rules": Field(_("What counts"), (
        "what counts", "trigger", "url", "page", "event", "hendelse", "utløser", "side", "händelse", "sida", "hændelse",
        "udløser", "hva teller",
    )),
    "moment": Field(_("When exactly"), (
        "when exactly", "when", "når", "når nøyaktig", "när", "hvornår", "description", "beskrivelse", "beskrivning",
    )),
    "stage": Field(_("Stage"), (
        "stage", "journey stage", "funnel stage", "phase", "fase", "fas", "steg", "trinn", "trin", "kundereise",
    )),
    "why": Field(_("Why"), (
        "why", "rationale", "reason", "hvorfor", "begrunnelse", "varför", "motivering", "hvorfor det", "begrundelse",
    )),
    "department": Field(_("Department"), ("department", "team", "avdeling", "avdelning", "afdeling")),
    "owner": Field(_("Owner"), (
        "owner", "responsible", "ansvarlig", "eier", "ansvarig", "ägare", "ejer", "hvem", "vem", "who",
    )),
    "event_name": Field(_("Event name"), ("event name", "hendelsesnavn", "händelsenamn", "hændelsesnavn", "ga4 event")),
    "where": Field(_("Where it is tracked"), (
        "where it is tracked", "tool", "tools", "source", "data source", "tracked in", "verktøy", "hvor spores",
        "verktøy hvor spores", "hvor spores det", "kilde", "datakilde", "verktyg", "källa", "datakälla", "var spåras",
        "værktøj", "hvor måles", "var mäts",
    )),
}
# fmt: on

# Further names of columns of single tables, by table and column: their own headings are known in every language.
FURTHER: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("objectives", "name"): ("objective", "objectives"),
    ("questions", "text"): ("question",),
    ("goals", "name"): ("goal",),
    ("goals", "rationale"): ("why", "rationale"),
    ("kpis", "name"): ("kpi",),
    ("segments", "name"): ("segment",),
    ("parameters", "name"): ("parameter", "parameter name"),
}
# What measures a KPI, by words in its name; without any it counts conversions.
RATES: Final = ("rate", "ratio", "grad", "andel", "share", "per cent", "percent", "prosent", "procent", "%")
VALUES: Final = (
    "revenue", "turnover", "sales value", "omsetning", "inntekt", "omsättning", "intäkt", "omsætning", "indtægt",
)  # fmt: skip
AVERAGES: Final = ("average", "snitt", "gjennomsnitt", "genomsnitt", "gennemsnit", "aov")
# What stands where nothing is meant; an empty cell means the same as above.
NOTHING: Final = frozenset({"–", "-", "—", "n/a", "ingen", "inget", "none"})
