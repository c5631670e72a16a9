"""Addresses of sources, tracking health and the door."""

from django.urls import path

from tracking import api, catalogue_api, collect, health_api, import_api, rights_api, tag
from tracking.ads import api as ads_api
from tracking.conversions import api as conversions_api
from tracking.protocols.registry import PROTOCOLS
from tracking.sums import api as sums_api
from tracking.views import catalogue, costs, health, imports, live, rights, sources, sums

app_name = "tracking"

# The doors' addresses are their vendors', our own's among them, so they stand at the root as they are.
doors = [
    path(route.path, collect.view_of(protocol, route)) for protocol in PROTOCOLS.values() for route in protocol.routes
]

urlpatterns = [
    *doors,
    path("mp.js", tag.latest, name="tag"),
    path("mp.<slug:digest>.js", tag.version, name="tag-version"),
    path("w/<slug:workspace>/tracking/", health.overview, name="health"),
    path("w/<slug:workspace>/sources/", sources.listing, name="sources"),
    path("w/<slug:workspace>/sources/new/", sources.create, name="source-new"),
    path("w/<slug:workspace>/sources/<slug:source>/", sources.source, name="source"),
    path("w/<slug:workspace>/sources/<slug:source>/first-event/", sources.first_event, name="source-first-event"),
    path("w/<slug:workspace>/sources/<slug:source>/edit/", sources.edit, name="source-edit"),
    path("w/<slug:workspace>/sources/<slug:source>/close/", sources.close, name="source-close"),
    path("w/<slug:workspace>/sources/<slug:source>/keys/", sources.add_key, name="source-key"),
    path(
        "w/<slug:workspace>/sources/<slug:source>/keys/<int:alias>/remove/",
        sources.remove_key,
        name="source-key-remove",
    ),
    path("w/<slug:workspace>/sources/<slug:source>/health/", health.source, name="source-health"),
    path("w/<slug:workspace>/sources/<slug:source>/strict/", health.strictness, name="source-strict"),
    path("w/<slug:workspace>/sources/<slug:source>/rejected/", health.rejected, name="source-rejected"),
    path("w/<slug:workspace>/sources/<slug:source>/rejected/take-in/", health.take_in, name="source-take-in"),
    path("w/<slug:workspace>/sources/<slug:source>/live/", live.source, name="source-live"),
    path("w/<slug:workspace>/sources/<slug:source>/history/", sums.history, name="source-history"),
    path("w/<slug:workspace>/catalogue/", catalogue.listing, name="catalogue"),
    path("w/<slug:workspace>/catalogue/event/", catalogue.event, name="catalogue-event"),
    path("w/<slug:workspace>/catalogue/plan/", catalogue.plan, name="catalogue-plan"),
    path("w/<slug:workspace>/catalogue/plan/<int:planned>/remove/", catalogue.unplan, name="catalogue-unplan"),
    path("w/<slug:workspace>/privacy/", rights.persons, name="persons"),
    path("w/<slug:workspace>/privacy/export/", rights.export, name="person-export"),
    path("w/<slug:workspace>/privacy/erase/", rights.erase, name="person-erase"),
    path("w/<slug:workspace>/privacy/erasures/<int:erasure>/", rights.erasure, name="erasure"),
    path("w/<slug:workspace>/privacy/retention/", rights.retention, name="retention"),
    path("w/<slug:workspace>/imports/", imports.listing, name="imports"),
    path("w/<slug:workspace>/imports/new/", imports.upload, name="import-new"),
    path("w/<slug:workspace>/imports/<int:number>/", imports.show, name="import"),
    path("w/<slug:workspace>/imports/<int:number>/check/", imports.check, name="import-check"),
    path("w/<slug:workspace>/imports/<int:number>/apply/", imports.order, name="import-apply"),
    path("w/<slug:workspace>/imports/<int:number>/undo/", imports.undo, name="import-undo"),
    path("w/<slug:workspace>/imports/<int:number>/errors/", imports.rejects, name="import-rejects"),
    path("w/<slug:workspace>/costs/", costs.overview, name="costs"),
    path("w/<slug:workspace>/costs/words/", costs.words, name="ad-words"),
    path("w/<slug:workspace>/costs/words/new/", costs.add_word, name="ad-word-new"),
    path("w/<slug:workspace>/costs/words/<int:word>/remove/", costs.remove_word, name="ad-word-remove"),
]

api_patterns = [
    path("sources", api.Sources.as_view(), name="api-sources"),
    path("sources/<slug:source>", api.SourceView.as_view(), name="api-source"),
    path("sources/<slug:source>/keys", api.Keys.as_view(), name="api-source-keys"),
    path("sources/<slug:source>/keys/<int:alias>", api.KeyView.as_view(), name="api-source-key"),
    path("sources/<slug:source>/health", health_api.Health.as_view(), name="api-source-health"),
    path("sources/<slug:source>/sums", sums_api.Sums.as_view(), name="api-source-sums"),
    path("sources/<slug:source>/rejected", health_api.Rejected.as_view(), name="api-source-rejected"),
    path("sources/<slug:source>/rejected/take-in", health_api.TakeIn.as_view(), name="api-source-take-in"),
    path("catalogue", catalogue_api.Catalogue.as_view(), name="api-catalogue"),
    path("catalogue/<int:planned>", catalogue_api.Planned.as_view(), name="api-catalogue-event"),
    path("persons/look-up", rights_api.LookUp.as_view(), name="api-person-look-up"),
    path("persons/export", rights_api.Export.as_view(), name="api-person-export"),
    path("persons/erasures", rights_api.Erasures.as_view(), name="api-erasures"),
    path("persons/erasures/<int:erasure>", rights_api.ErasureView.as_view(), name="api-erasure"),
    path("imports", import_api.Imports.as_view(), name="api-imports"),
    path("imports/<int:number>", import_api.ImportView.as_view(), name="api-import"),
    path("imports/<int:number>/check", import_api.Check.as_view(), name="api-import-check"),
    path("imports/<int:number>/apply", import_api.Apply.as_view(), name="api-import-apply"),
    path("imports/<int:number>/undo", import_api.Undo.as_view(), name="api-import-undo"),
    path("imports/<int:number>/errors", import_api.Errors.as_view(), name="api-import-errors"),
    path("conversions", conversions_api.Conversions.as_view(), name="api-conversions"),
    path("ad-costs", ads_api.Costs.as_view(), name="api-ad-costs"),
    path("ad-words", ads_api.Words.as_view(), name="api-ad-words"),
    path("ad-words/<int:word>", ads_api.WordView.as_view(), name="api-ad-word"),
]
